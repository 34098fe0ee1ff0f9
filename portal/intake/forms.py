"""The contact form as the public fills it in."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients import identifiers
from portal.clients.forms import build_form_field
from portal.clients.identifiers import Identifier, InvalidIdentifier
from portal.clients.models import ContactKind, CustomField
from portal.intake.form_tokens import (
    MIN_FILL_TIME,
    FormExpired,
    FormToken,
    InvalidFormToken,
    SubmittedTooFast,
    verify_form_token,
)
from portal.intake.models import ContactFormSettings, FieldRequirement
from portal.ui.form_fields import MultiLineField, SingleLineField
from portal.ui.formatting import example_phone
from tenants.models import Business

# What the names of the custom fields' inputs begin with.
FIELD_PREFIX = "field-"
EMAIL_ATTRIBUTES = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
TOO_FAST_ERROR = _("The form was sent too quickly. Please check it and send it again.")
EXPIRED_ERROR = _("This form has expired. Please send it again.")
HONEYPOT_ERROR = _("This field must stay empty. Clear it and send the form again.")


class EnquiryForm(forms.Form):
    """Who writes, how to reach them, and what they want.

    `leave_empty` is a honeypot: people do not see it. Browsers and password managers fill in what they know by name,
    so its name is none that an address book has.
    """

    name = SingleLineField(
        label=_("Your name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = forms.CharField(
        label=_("Email address"),
        max_length=254,
        widget=forms.TextInput(attrs=EMAIL_ATTRIBUTES),
        error_messages={"required": _("Enter your email address.")},
    )
    mobile = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Enter your mobile number.")},
    )
    message = MultiLineField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Enter a message."),
            "max_length": _("This is too long. The limit is %(limit_value)d characters."),
        },
    )
    leave_empty = forms.CharField(label=_("Leave this field empty"), required=False, max_length=400)
    form_token = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        contact_form: ContactFormSettings,
        fields: Iterable[CustomField],
        business: Business,
        now: datetime,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.business, self.now, self.idempotency_key = business, now, uuid.uuid4()
        self.token_issued_at: datetime | None = now
        self.custom_fields = {
            f"{FIELD_PREFIX}{field.pk}": field for field in fields if str(field.pk) in contact_form.custom
        }
        self._apply_requirements(contact_form)
        for name, field in self.custom_fields.items():
            is_required = contact_form.custom[str(field.pk)] == FieldRequirement.REQUIRED
            self.fields[name] = build_form_field(field, required=is_required)

    @property
    def ordered_fields(self) -> list[forms.BoundField]:
        """Return the fields that people see and fill in, in order; the message comes last."""
        names = [name for name in ("name", "email", "mobile", *self.custom_fields, "message") if name in self.fields]
        return [self[name] for name in names]

    @property
    def identifiers(self) -> list[Identifier]:
        """Return the addresses that were typed, normalised; the form must be valid."""
        typed = {
            ContactKind.EMAIL: self.cleaned_data.get("email"),
            ContactKind.PHONE: self.cleaned_data.get("mobile"),
        }
        return [Identifier(kind, value) for kind, value in typed.items() if value]

    @property
    def custom_field_answers(self) -> dict[str, Any]:
        """Return the answers to the business's custom fields by their ids, in the form of Client.custom."""
        typed = {str(field.pk): self.cleaned_data.get(name) for name, field in self.custom_fields.items()}
        return {key: value for key, value in typed.items() if value not in (None, "")}

    def clean_email(self) -> str:
        return self._parse_contact_value("email", identifiers.parse_email)

    def clean_mobile(self) -> str:
        country = self.business.country
        return self._parse_contact_value("mobile", lambda typed: identifiers.parse_phone(typed, country=country))

    def clean_leave_empty(self) -> str:
        if self.cleaned_data["leave_empty"]:
            raise ValidationError(HONEYPOT_ERROR)
        return ""

    def clean_form_token(self) -> FormToken | None:
        """Check how long the form was open. A form with a valid token keeps it when another field is invalid."""
        try:
            form_token = verify_form_token(self.cleaned_data["form_token"], self.business, now=self.now)
        except InvalidFormToken as error:
            self.add_error(None, TOO_FAST_ERROR if isinstance(error, SubmittedTooFast) else EXPIRED_ERROR)
            self.token_issued_at = self._choose_issue_time(error)
            return None
        self.idempotency_key, self.token_issued_at = form_token.idempotency_key, None
        return form_token

    def _choose_issue_time(self, error: InvalidFormToken) -> datetime | None:
        """Return when the next token counts as issued; None keeps the one that was sent.

        People send an expired form again at once, and one that autofill sent too quickly a moment later.
        """
        if isinstance(error, SubmittedTooFast):
            return None
        return self.now - MIN_FILL_TIME if isinstance(error, FormExpired) else self.now

    def clean(self) -> None:
        """Require an email address or a mobile number."""
        contact_fields = [name for name in ("email", "mobile") if name in self.fields]
        if not any(self.cleaned_data.get(name) or name in self.errors for name in contact_fields):
            self.add_error(contact_fields[0], _("Enter an email address or a mobile number so that we can reply."))

    def _apply_requirements(self, contact_form: ContactFormSettings) -> None:
        """Leave out the fields that the business hides, and require those that it requires."""
        number = example_phone(self.business.country)
        self.fields["mobile"].help_text = gettext("With the country code, for example %(number)s.") % {"number": number}
        for name in ("email", "mobile", "message"):
            requirement = getattr(contact_form, name)
            self.fields[name].required = requirement == FieldRequirement.REQUIRED
            if requirement == FieldRequirement.HIDDEN:
                del self.fields[name]

    def _parse_contact_value(self, name: str, parse: Callable[[str], Identifier]) -> str:
        """Return a normalised address. Without one, many people type `-` or `none`."""
        typed, field = self.cleaned_data[name], self.fields[name]
        if not typed or identifiers.is_placeholder(typed):
            if field.required:
                raise ValidationError(field.error_messages["required"])
            return ""
        try:
            return parse(typed).value
        except InvalidIdentifier as error:
            raise ValidationError(str(error)) from error
