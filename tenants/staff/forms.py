"""allauth's sign-in forms, with our limits and codes; malformed passkeys are rejected like wrong codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa import app_settings as mfa_settings
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
from django.utils.translation import gettext_lazy

from tenants import database_clock
from tenants.staff import login_attempts, people
from tenants.typed_codes import read_code

APP_CODE_LENGTH, RECOVERY_CODE_LENGTH = mfa_settings.TOTP_DIGITS, mfa_settings.RECOVERY_CODE_DIGITS

# What allauth's parsers raise for bytes that no browser would send.
MALFORMED_ERRORS = (ValueError, KeyError, TypeError, AttributeError, IndexError, InvalidSignature)
REPLACED_CODE = gettext_lazy("That code has been replaced. Enter the one from our newest mail.")


@contextmanager
def _reject_malformed_credential() -> Iterator[None]:
    try:
        yield
    except MALFORMED_ERRORS as error:
        raise get_adapter().validation_error("incorrect_code") from error


class StaffCodeRequestForm(RequestLoginCodeForm):
    """Request a sign-in code by mail."""

    def clean_email(self) -> str:
        """Look the person up; whether they may have a code is checked when it is queued."""
        email: str = self.cleaned_data["email"]
        person = people.find_person(email)
        self._user = person if person and person.is_active else None
        return email


class StaffCodeForm(ConfirmLoginCodeForm):
    """Confirm the code from the mail."""

    expected_code: str
    # Whether what was typed was compared with the code, and so cost one of the attempts at it.
    was_compared = False

    def clean_code(self) -> str:
        """Count the attempt, compare the code and close it; allauth's `expected_code` is the id of its staff email."""
        length = settings.ACCOUNT_LOGIN_BY_CODE_FORMAT["length"]
        _read_code_into(self, {length}, _("A code has %(length)d digits. Enter the ones in our mail."))
        self.was_compared = True
        return self._compare_code(now=database_clock.now())

    def _compare_code(self, *, now: datetime) -> str:
        staff_email_id = UUID(self.expected_code) if self.expected_code else uuid4()
        staff_email = login_attempts.count_attempt(staff_email_id, now=now)
        self.expected_code = login_attempts.derive_code(staff_email) if staff_email else ""
        try:
            code = super().clean_code()
        except ValidationError as error:
            is_replaced = login_attempts.is_replaced_code(staff_email_id, self.cleaned_data["code"], now=now)
            # Only an attempt that was counted is told more: else every code could be tried for these words.
            if staff_email and is_replaced:
                raise ValidationError(REPLACED_CODE) from error
            raise
        if not login_attempts.close_code(staff_email_id, now=now):
            raise get_account_adapter().validation_error("incorrect_code")
        return code


class AuthenticatorCodeForm(AuthenticateForm):
    """Enter a code of an authenticator app as the second factor."""

    def clean_code(self) -> str:
        """Read the code; what can't be one costs no attempt."""
        _read_second_factor(self)
        return super().clean_code()


class ReauthenticationCodeForm(ReauthenticateForm):
    """Enter a code of an authenticator app before a sensitive change."""

    def clean_code(self) -> str:
        """Read the code; what can't be one costs no attempt."""
        _read_second_factor(self)
        return super().clean_code()


class ActivateAppForm(ActivateTOTPForm):
    """Enter the first code of an authenticator app."""

    def clean_code(self) -> str:
        """Read the code; what can't be one costs no attempt."""
        _read_code_into(self, {APP_CODE_LENGTH}, _("Enter the %(length)d digits that your app shows."))
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


def _read_second_factor(form: Form) -> None:
    message = _("Enter the %(length)d digits that your app shows, or a recovery code.")
    _read_code_into(form, {APP_CODE_LENGTH, RECOVERY_CODE_LENGTH}, message)


def _read_code_into(form: Form, lengths: set[int], message: str) -> None:
    """Put the digits of the code that was typed into a form's cleaned data."""
    code = read_code(form.cleaned_data["code"], lengths=lengths)
    if not code:
        raise ValidationError(message % {"length": min(lengths)})
    form.cleaned_data["code"] = code
