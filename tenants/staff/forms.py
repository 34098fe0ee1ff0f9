"""Is this the code, or a passkey at all? What is neither is refused as any wrong code is."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from cryptography.exceptions import InvalidSignature
from django.utils import timezone

from tenants.models import Person
from tenants.staff import email_secrets, known_browsers, login_attempts

# What the parsers under allauth raise for bytes that a browser wouldn't send.
MALFORMED_ERRORS = (ValueError, KeyError, TypeError, AttributeError, IndexError, InvalidSignature)


@contextmanager
def _reject_malformed() -> Iterator[None]:
    try:
        yield
    except MALFORMED_ERRORS as error:
        raise get_adapter().validation_error("incorrect_code") from error


class RequestCodeForm(RequestLoginCodeForm):
    """Ask for a code by mail."""

    def clean_email(self) -> str:
        """Count the asks for a mailbox; browsers its owner has signed in with have a share that no stranger can use up."""
        email, request = self.cleaned_data["email"], context.request
        self._user = Person.objects.filter(email__iexact=email, is_active=True).first()
        share = "known" if self._user and known_browsers.is_known(request, self._user) else "unknown"
        if not ratelimit.consume(request, action="request_login_code", key=f"{share} {email.lower()}"):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        return email


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """Type the code from the mail."""

    expected_code: str

    def clean_code(self) -> str:
        """Count the guess, compare, and close the code. Where allauth would keep it stands the letter it was derived for."""
        letter_id, now = UUID(self.expected_code) if self.expected_code else uuid4(), timezone.now()
        letter = login_attempts.count_attempt(letter_id, now=now)
        try:
            self.expected_code = email_secrets.derive_code(letter) if letter else ""
        except email_secrets.EmailKeyRetired:
            self.expected_code = ""
        code = super().clean_code()
        if not login_attempts.close_code(letter_id, now=now):
            raise get_account_adapter().validation_error("incorrect_code")
        return code


class AddPasskeyForm(forms.AddWebAuthnForm):
    """Add a passkey."""

    def clean(self) -> dict:
        """Refuse what can't be read."""
        with _reject_malformed():
            return super().clean()


class _CredentialFormMixin:
    def clean_credential(self) -> Authenticator:
        """Refuse what can't be read."""
        with _reject_malformed():
            return super().clean_credential()  # type: ignore[misc]


class AuthenticatePasskeyForm(_CredentialFormMixin, forms.AuthenticateWebAuthnForm):
    """Show a passkey as the second step."""


class ReauthenticatePasskeyForm(_CredentialFormMixin, forms.ReauthenticateWebAuthnForm):
    """Show a passkey once more, before something weighty."""


class SignInPasskeyForm(_CredentialFormMixin, forms.LoginWebAuthnForm):
    """Sign in with a passkey alone."""
