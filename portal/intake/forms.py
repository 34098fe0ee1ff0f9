"""The contact form as the public fills it in."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.clients.forms import build_form_field
from portal.clients.identifiers import Identifier
from portal.clients.models import ContactKind, CustomField
from portal.intake.contact_fields import EXPIRED_ERROR, TOO_FAST_ERROR, ContactFieldsForm
from portal.intake.form_tokens import (
    MIN_FILL_TIME,
    FormExpired,
    FormToken,
    InvalidFormToken,
    SubmittedTooFast,
    verify_form_token,
)
from portal.intake.models import ContactFormSettings, FieldRequirement
from portal.ui.form_fields import MultiLineField
from tenants.models import Business

# What the names of the custom fields' inputs begin with.
FIELD_PREFIX = "field-"


class EnquiryForm(ContactFieldsForm):
    """Who writes, how to reach them, and what they want."""

    message = MultiLineField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Enter a message."),
            "max_length": _("This is too long. The limit is %(limit_value)d characters."),
        },
    )
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
        super().__init__(*args, business=business, **kwargs)
        self.now, self.idempotency_key = now, uuid.uuid4()
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
        for name in ("email", "mobile", "message"):
            requirement = getattr(contact_form, name)
            self.fields[name].required = requirement == FieldRequirement.REQUIRED
            if requirement == FieldRequirement.HIDDEN:
                del self.fields[name]
