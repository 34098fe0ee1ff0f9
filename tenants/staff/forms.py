"""What if a browser sends a passkey that is none? Then it is refused as any wrong code is."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from cryptography.exceptions import InvalidSignature

# What the parsers under allauth raise for bytes that a browser wouldn't send.
UNSOUND = (ValueError, KeyError, TypeError, AttributeError, IndexError, InvalidSignature)


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except UNSOUND as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AddPasskey(forms.AddWebAuthnForm):
    """Add a passkey."""

    def clean(self) -> dict:
        """Refuse what can't be read."""
        with _sound():
            return super().clean()


class _Shown:
    def clean_credential(self) -> Authenticator:
        """Refuse what can't be read."""
        with _sound():
            return super().clean_credential()  # type: ignore[misc]


class ShowPasskey(_Shown, forms.AuthenticateWebAuthnForm):
    """Show a passkey as the second step."""


class ShowPasskeyAgain(_Shown, forms.ReauthenticateWebAuthnForm):
    """Show a passkey once more, before something weighty."""


class SignInWithPasskey(_Shown, forms.LoginWebAuthnForm):
    """Sign in with a passkey alone."""
