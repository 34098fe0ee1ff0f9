"""allauth's sign-in forms, with our limits and codes; malformed passkeys are rejected like wrong codes."""

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

from tenants import database_clock
from tenants.models import Person
from tenants.staff import email_secrets, known_browsers, login_attempts

# What allauth's parsers raise for bytes that no browser would send.
MALFORMED_ERRORS = (ValueError, KeyError, TypeError, AttributeError, IndexError, InvalidSignature)


@contextmanager
def _reject_malformed_credential() -> Iterator[None]:
    try:
        yield
    except MALFORMED_ERRORS as error:
        raise get_adapter().validation_error("incorrect_code") from error


class StaffCodeRequestForm(RequestLoginCodeForm):
    """Request a sign-in code by mail."""

    def clean_email(self) -> str:
        """Limit requests per email address. Known browsers of its owner have a limit that strangers can't use up."""
        email, request = self.cleaned_data["email"], context.request
        self._user = Person.objects.filter(email__iexact=email, is_active=True).first()
        limit = "known" if self._user and known_browsers.is_known_browser(request, self._user) else "unknown"
        if not ratelimit.consume(request, action="request_login_code", key=f"{limit} {email.lower()}"):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        return email


class StaffCodeForm(ConfirmLoginCodeForm):
    """Confirm the code from the mail."""

    expected_code: str

    def clean_code(self) -> str:
        """Count the attempt, compare the code and close it; allauth's `expected_code` is the id of its staff email."""
        staff_email_id, now = UUID(self.expected_code) if self.expected_code else uuid4(), database_clock.now()
        staff_email = login_attempts.count_attempt(staff_email_id, now=now)
        try:
            self.expected_code = email_secrets.derive_code(staff_email) if staff_email else ""
        except email_secrets.StaffEmailKeyRetired:
            self.expected_code = ""
        code = super().clean_code()
        if not login_attempts.close_code(staff_email_id, now=now):
            raise get_account_adapter().validation_error("incorrect_code")
        return code


class AddPasskeyForm(forms.AddWebAuthnForm):
    """Add a passkey."""

    def clean(self) -> dict:
        """Reject a malformed credential."""
        with _reject_malformed_credential():
            return super().clean()


class _CredentialFormMixin:
    def clean_credential(self) -> Authenticator:
        """Reject a malformed credential."""
        with _reject_malformed_credential():
            return super().clean_credential()  # type: ignore[misc]


class AuthenticatePasskeyForm(_CredentialFormMixin, forms.AuthenticateWebAuthnForm):
    """Verify a passkey as the second factor."""


class ReauthenticatePasskeyForm(_CredentialFormMixin, forms.ReauthenticateWebAuthnForm):
    """Verify a passkey again, before a sensitive change."""


class SignInPasskeyForm(_CredentialFormMixin, forms.LoginWebAuthnForm):
    """Sign in with a passkey alone."""
