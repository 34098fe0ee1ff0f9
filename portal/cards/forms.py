"""The forms by which staff change a client's card."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.access.forms import IdentifierForm
from portal.account.forms import LocalePreferencesForm
from portal.cards.services import ContactRefused, check_new_identifier, confirms_erasure
from portal.clients.forms import build_form_field
from portal.clients.identifiers import Identifier
from portal.clients.models import MAX_TAG_LENGTH, Client, Contact, CustomField
from portal.ui.form_fields import MultiLineField, SingleLineField


class ClientContactForm(IdentifierForm):
    """An address and its label; `replaced` is the contact that it replaces, if any."""

    label = SingleLineField(label=_("Label"), max_length=40, required=False)

    def __init__(self, *args: Any, client: Client, replaced: Contact | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.client, self.replaced = client, replaced
        self.fields["identifier"].widget.attrs["autocomplete"] = "off"

    def clean_identifier(self) -> Identifier:
        """Reject an address of another kind than the replaced one, and one that the card has already."""
        new = super().clean_identifier()
        try:
            check_new_identifier(self.client, new, replaced=self.replaced)
        except ContactRefused as error:
            raise ValidationError(str(error), code=error.code) from error
        return new


class NoteForm(forms.Form):
    """The text of a note."""

    body = MultiLineField(
        label=_("Note"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Enter a note.")},
    )


class AddTagForm(forms.Form):
    """The name of a tag to add or remove."""

    name = SingleLineField(
        label=_("Tag"), max_length=MAX_TAG_LENGTH, error_messages={"required": _("Enter a name for the tag.")}
    )


class EraseForm(forms.Form):
    """The name of the client to erase, typed as a confirmation."""

    name = SingleLineField(label=_("Name of the client"), max_length=160)

    def __init__(self, *args: Any, client: Client, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.client = client

    def clean_name(self) -> str:
        """Require the client's name."""
        typed = self.cleaned_data["name"]
        if not confirms_erasure(self.client, typed):
            raise ValidationError(_("This does not match the client’s name."))
        return typed


class ClientDetailsForm(LocalePreferencesForm):
    """Name, language, time zone and custom fields of a client."""

    name = SingleLineField(label=_("Name"), max_length=160, error_messages={"required": _("Enter a name.")})
    field_order = ("name", "language", "time_zone")

    def __init__(self, *args: Any, custom_fields: list[CustomField], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.custom_fields = custom_fields
        for field in custom_fields:
            self.fields[str(field.pk)] = build_form_field(field, required=False, empty_label=_("Unknown"))

    @property
    def custom_bound_fields(self) -> list[forms.BoundField]:
        """Return the bound fields of the custom fields."""
        return [self[str(field.pk)] for field in self.custom_fields]

    def cleaned_details(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return the new values; those of custom fields that were deleted meanwhile stay as they are."""
        typed = {str(field.pk): self.cleaned_data[str(field.pk)] for field in self.custom_fields}
        custom = {key: value for key, value in (before | typed).items() if value not in (None, "")}
        plain = {name: self.cleaned_data[name] for name in ("name", "language", "time_zone")}
        return {**plain, "custom": custom}
