"""What may staff type about clients, tags and fields?"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.clients import identifiers
from portal.clients.identifiers import Identifier, NotAnAddress
from portal.clients.models import CustomField, Tag

MOST_CHOICES = 50


class NewClientForm(forms.Form):
    """Somebody new: a name and at least one way to reach them."""

    name = forms.CharField(label=_("Name"), max_length=160, error_messages={"required": _("Enter a name.")})
    email = forms.CharField(label=_("Email address"), max_length=254, required=False)
    mobile = forms.CharField(label=_("Mobile number"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language we write to them in"), required=False)
    anyway = forms.BooleanField(
        label=_("This is somebody else who shares the address. Add them all the same."), required=False
    )

    def __init__(self, *args: Any, country: str, languages: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country = country
        self.fields["language"].choices = [("", _("Not known")), *languages]

    @property
    def identifiers(self) -> list[Identifier]:
        """Return the addresses in their normal form; the form must be valid."""
        return [self.cleaned_data[name] for name in ("email", "mobile") if self.cleaned_data[name]]

    def clean_name(self) -> str:
        """Return the name with single blanks; nothing in it may be invisible."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise ValidationError(_("This name has signs in it that can’t be shown."))
        return name

    def clean_email(self) -> Identifier | None:
        """Return the email address in its normal form."""
        return self._read("email", identifiers.email)

    def clean_mobile(self) -> Identifier | None:
        """Return the number in its normal form."""
        return self._read("mobile", lambda typed: identifiers.phone(typed, country=self.country))

    def clean(self) -> dict[str, Any]:
        """Insist on one address: without any they could never sign in."""
        data = super().clean() or {}
        if not self.errors and not (data["email"] or data["mobile"]):
            raise ValidationError(
                _("Enter an email address or a mobile number; without either they could never sign in.")
            )
        return data

    def _read(self, name: str, read: Any) -> Identifier | None:
        try:
            return read(self.cleaned_data[name]) if self.cleaned_data[name].strip() else None
        except NotAnAddress as error:
            raise ValidationError(str(error)) from error


class TagForm(forms.Form):
    """A word and its colour."""

    name = forms.CharField(label=_("Name"), max_length=40, error_messages={"required": _("Name the tag.")})
    colour = forms.ChoiceField(label=_("Colour"), choices=Tag.Colour.choices)


class FieldForm(forms.Form):
    """A field of the business's own. Where one exists already, its kind stays what it is."""

    name = forms.CharField(label=_("Name"), max_length=60, error_messages={"required": _("Name the field.")})
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomField.Kind.choices)
    choices = forms.CharField(
        label=_("Choices, one to a line"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.held = kind
        if kind:
            del self.fields["kind"]
        if kind and kind != CustomField.Kind.CHOICE:
            del self.fields["choices"]

    def clean_choices(self) -> list[str]:
        """Return the choices, each once."""
        lines = (" ".join(line.split())[:60] for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))[:MOST_CHOICES]

    def clean(self) -> dict[str, Any]:
        """Insist on something to choose from where one is to be chosen."""
        data = super().clean() or {}
        kind = self.held or data.get("kind")
        if kind == CustomField.Kind.CHOICE and not data.get("choices"):
            self.add_error("choices", _("Write what can be chosen, one to a line."))
        return data
