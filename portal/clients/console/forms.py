"""Forms for clients, tags and custom fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.clients import identifiers
from portal.clients.identifiers import Identifier, InvalidIdentifier
from portal.clients.models import MAX_CHOICES, MAX_TAG_LENGTH, CustomFieldKind, TagColour
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField, SingleLineField
from tenants.text_cleaning import clean_line


class NewClientForm(forms.Form):
    """A new client: a name and at least one address."""

    name = SingleLineField(label=_("Name"), max_length=160, error_messages={"required": _("Enter a name.")})
    email = forms.CharField(label=_("Email address"), max_length=254, required=False)
    mobile = forms.CharField(label=_("Mobile number"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language for messages"), required=False)
    add_anyway = forms.BooleanField(
        label=_("This is a different person who shares the address. Add them anyway."), required=False
    )

    def __init__(self, *args: Any, country: str, languages: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country = country
        set_choices(self, "language", [("", _("Unknown")), *languages])

    @property
    def identifiers(self) -> list[Identifier]:
        """Return the normalised addresses of a valid form."""
        return [self.cleaned_data[name] for name in ("email", "mobile") if self.cleaned_data[name]]

    def clean_email(self) -> Identifier | None:
        """Return the normalised email address."""
        return self._parse_identifier("email", identifiers.parse_email)

    def clean_mobile(self) -> Identifier | None:
        """Return the normalised phone number."""
        return self._parse_identifier("mobile", lambda text: identifiers.parse_phone(text, country=self.country))

    def clean(self) -> dict[str, Any]:
        """Require at least one address: without any they could never sign in."""
        data = super().clean() or {}
        if not self.errors and not (data["email"] or data["mobile"]):
            raise ValidationError(_("Enter an email address or a mobile number. The client needs one to sign in."))
        return data

    def _parse_identifier(self, name: str, parse: Any) -> Identifier | None:
        try:
            typed = self.cleaned_data[name]
            return None if not typed or identifiers.is_placeholder(typed) else parse(typed)
        except InvalidIdentifier as error:
            raise ValidationError(str(error)) from error


class TagForm(forms.Form):
    """A tag's name and colour."""

    name = SingleLineField(
        label=_("Name"), max_length=MAX_TAG_LENGTH, error_messages={"required": _("Enter a name for the tag.")}
    )
    colour = forms.ChoiceField(label=_("Colour"), choices=TagColour.choices)


class CustomFieldForm(forms.Form):
    """A custom field. The kind of an existing one can't be changed."""

    name = SingleLineField(
        label=_("Name"), max_length=60, error_messages={"required": _("Enter a name for the field.")}
    )
    kind = forms.ChoiceField(label=_("Type"), choices=CustomFieldKind.choices)
    choices = MultiLineField(
        label=_("Options, one per line"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.existing_kind = kind
        if kind:
            del self.fields["kind"]
        if kind and kind != CustomFieldKind.CHOICE:
            del self.fields["choices"]

    def clean_choices(self) -> list[str]:
        """Return the choices without duplicates, MAX_CHOICES at most."""
        lines = (clean_line(line)[:60] for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))[:MAX_CHOICES]

    def clean(self) -> dict[str, Any]:
        """Require choices for a field of the kind CHOICE."""
        data = super().clean() or {}
        kind = self.existing_kind or data.get("kind")
        if kind == CustomFieldKind.CHOICE and not data.get("choices"):
            self.add_error("choices", _("Enter the options, one per line."))
        return data
