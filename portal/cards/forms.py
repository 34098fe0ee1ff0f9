"""What is asked of whoever changes a card?"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.access.forms import SignInForm
from portal.clients.identifiers import Identifier
from portal.clients.models import Client, Contact, CustomField
from portal.clients.uploads.custom_values import InvalidValue, parse_custom_value
from portal.profile.forms import PreferencesForm

UNKNOWN = ("", _("Not known"))


class ContactForm(SignInForm):
    """An address, what it is called and whether it opens the portal; `old` is the one it takes the place of."""

    label = forms.CharField(label=_("Label"), max_length=40, required=False)

    def __init__(self, *args: Any, client: Client, old: Contact | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.client, self.old = client, old
        self.fields["identifier"].widget.attrs["autocomplete"] = "off"

    def clean_identifier(self) -> Identifier:
        """Refuse another kind of address in the place of one, and what stands on the card already."""
        new = super().clean_identifier()
        if self.old and self.old.kind != new.kind:
            raise ValidationError(_("Enter the same kind of address as the one you are replacing."))
        others = self.client.contacts.exclude(pk=self.old.pk) if self.old else self.client.contacts.all()
        if others.filter(kind=new.kind, value=new.value).exists():
            raise ValidationError(_("This address is on file already."))
        return new


class NoteForm(forms.Form):
    """A note in staff's own words."""

    body = forms.CharField(
        label=_("Note"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )


class TagForm(forms.Form):
    """A word to sort clients by."""

    name = forms.CharField(label=_("Tag"), max_length=40, error_messages={"required": _("Name the tag.")})


class EraseForm(forms.Form):
    """The name of whom to erase, typed so that nobody is erased by a slip."""

    name = forms.CharField(label=_("Name of the client"), max_length=160)

    def __init__(self, *args: Any, client: Client, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.client = client

    def clean_name(self) -> str:
        """Insist on the very name, but for blanks and capitals."""
        typed = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != " ".join(self.client.name.split()).casefold():
            raise ValidationError(_("This is not the name on the card."))
        return typed


class NumberField(forms.CharField):
    """A number as people write it, with a point or a comma."""

    def __init__(self, *, own: CustomField, **kwargs: Any):
        super().__init__(**kwargs)
        self.own = own

    def clean(self, value: Any) -> Any:
        """Return what the card keeps: a number, or nothing."""
        typed = super().clean(value)
        try:
            return parse_custom_value(self.own, typed) if typed else None
        except InvalidValue as error:
            raise ValidationError(_("Enter a number.")) from error


class DetailsForm(PreferencesForm):
    """Name, language, time zone and the business's own fields, each with the input that fits its kind."""

    name = forms.CharField(label=_("Name"), max_length=160, error_messages={"required": _("Enter a name.")})
    field_order = ("name", "language", "time_zone")

    def __init__(self, *args: Any, own: list[CustomField], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.own = own
        for field in own:
            self.fields[str(field.pk)] = _input_for(field)

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Return the inputs of the business's own fields."""
        return [self[str(field.pk)] for field in self.own]

    def details(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return what the card will say; values of fields that were deleted meanwhile stay as they are."""
        typed = {str(field.pk): _stored(self.cleaned_data[str(field.pk)]) for field in self.own}
        custom = {key: value for key, value in (before | typed).items() if value not in (None, "")}
        plain = {word: self.cleaned_data[word] for word in ("name", "language", "time_zone")}
        return {**plain, "custom": custom}


def _input_for(field: CustomField) -> forms.Field:
    common: dict[str, Any] = {"label": field.name, "required": False}
    if field.kind == CustomField.Kind.NUMBER:
        return NumberField(**common, max_length=40, own=field)
    if field.kind == CustomField.Kind.DATE:
        return forms.DateField(**common, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if field.kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(**common, choices=[UNKNOWN, *((choice, choice) for choice in field.choices)])
    if field.kind == CustomField.Kind.YES_NO:
        answers = [UNKNOWN, ("True", _("Yes")), ("False", _("No"))]
        return forms.TypedChoiceField(**common, choices=answers, coerce=lambda word: word == "True", empty_value=None)
    return forms.CharField(**common, max_length=500)


def _stored(value: Any) -> Any:
    """Return a value as Client.custom keeps it; see CustomField."""
    return value.isoformat() if isinstance(value, date) else value
