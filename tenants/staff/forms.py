"""allauth's sign-in forms, with our limits and codes; malformed passkeys are rejected like wrong codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils.translation import gettext as _

from tenants import database_clock
from tenants.models import Person
from tenants.staff import email_secrets, known_browsers, login_attempts
from tenants.staff.code_request_limits import CodeRequestDecision, count_code_request
from tenants.staff.wait_tokens import has_waited, issue_wait_token
from tenants.text_cleaning import to_ascii_digits
from tenants.typed_codes import read_code

HOUR_SECONDS = 3600

# What allauth's parsers raise for bytes that no browser would send.
MALFORMED_ERRORS = (ValueError, KeyError, TypeError, AttributeError, IndexError, InvalidSignature)


@contextmanager
def _reject_malformed_credential() -> Iterator[None]:
    try:
        yield
    except MALFORMED_ERRORS as error:
        raise get_adapter().validation_error("incorrect_code") from error


class StaffCodeRequestForm(RequestLoginCodeForm):
    """Request a sign-in code by mail.

    After a refusal `retry_after` says in how many seconds to try again, and `wait_token` proves that somebody did wait.
    """

    retry_after = 0
    wait_token = ""

    def clean_email(self) -> str:
        """Limit requests per email address. Known browsers of its owner have a limit that strangers can't use up."""
        email, request, now = self.cleaned_data["email"], context.request, database_clock.now()
        self._user = Person.objects.filter(email__iexact=email, is_active=True).first()
        decision = count_code_request(
            request,
            email,
            is_known_browser=bool(self._user and known_browsers.is_known_browser(request, self._user)),
            has_waited=has_waited(self.data.get("wait_token", ""), email, now=now),
        )
        if decision == CodeRequestDecision.WAIT:
            self.wait_token = issue_wait_token(email, now=now)
            self.retry_after = max(1, round(settings.ATTACK_MODE_DELAY.total_seconds()))
            raise ValidationError(_("Many codes were requested for this address. Wait a few seconds, then try again."))
        if decision == CodeRequestDecision.REFUSED:
            self.retry_after = HOUR_SECONDS
            raise ValidationError(_("Too many codes were requested. Try again in an hour, or use a passkey."))
        return email


class StaffCodeForm(ConfirmLoginCodeForm):
    """Confirm the code from the mail."""

    expected_code: str

    def clean_code(self) -> str:
        """Count the attempt, compare the code and close it; allauth's `expected_code` is the id of its staff email."""
        lengths = {settings.ACCOUNT_LOGIN_BY_CODE_FORMAT["length"]}
        self.cleaned_data["code"] = read_code(self.cleaned_data["code"], lengths=lengths) or self.cleaned_data["code"]
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


class AuthenticatorCodeForm(AuthenticateForm):
    """Enter a code of an authenticator app as the second factor."""

    def clean_code(self) -> str:
        """Compare the code in the digits 0 to 9."""
        _normalise_digits(self)
        return super().clean_code()


class ReauthenticationCodeForm(ReauthenticateForm):
    """Enter a code of an authenticator app before a sensitive change."""

    def clean_code(self) -> str:
        """Compare the code in the digits 0 to 9."""
        _normalise_digits(self)
        return super().clean_code()


class ActivateAppForm(ActivateTOTPForm):
    """Enter the first code of an authenticator app."""

    def clean_code(self) -> str:
        """Compare the code in the digits 0 to 9."""
        _normalise_digits(self)
        return super().clean_code()


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


def _normalise_digits(form: Form) -> None:
    """Write a typed code in the digits 0 to 9, for those of any script, and without spaces."""
    form.cleaned_data["code"] = "".join(to_ascii_digits(form.cleaned_data["code"]).split())
