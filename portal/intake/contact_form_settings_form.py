"""The form by which a business sets up its contact form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.clients.models import CustomField
from portal.intake.forms import FIELD_PREFIX
from portal.intake.models import ContactFormSettings, FieldRequirement
from portal.ui.form_fields import MultiLineField


class ContactFormSettingsForm(forms.Form):
    """Whether there is a contact form, what it asks and what it says. The name is always asked."""

    is_on = forms.BooleanField(label=_("Show the contact form"), required=False)
    intro = MultiLineField(
        label=_("Above the form"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    thanks = MultiLineField(
        label=_("After sending"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    email = forms.ChoiceField(label=_("Email address"), choices=FieldRequirement.choices)
    mobile = forms.ChoiceField(label=_("Mobile number"), choices=FieldRequirement.choices)
    message = forms.ChoiceField(label=_("Message"), choices=FieldRequirement.choices)

    def __init__(self, *args: Any, contact_form: ContactFormSettings, fields: Iterable[CustomField], **kwargs: Any):
        custom_fields = {f"{FIELD_PREFIX}{field.pk}": field for field in fields}
        initial = {name: getattr(contact_form, name) for name in self.base_fields}
        initial |= {
            name: contact_form.custom.get(str(field.pk), FieldRequirement.HIDDEN)
            for name, field in custom_fields.items()
        }
        super().__init__(*args, **{"initial": initial} | kwargs)
        self.custom_fields = custom_fields
        for name, field in custom_fields.items():
            self.fields[name] = forms.ChoiceField(label=field.name, choices=FieldRequirement.choices)

    @property
    def requirement_fields(self) -> list[forms.BoundField]:
        """Return the fields that say what the contact form asks."""
        return [self[name] for name in ("email", "mobile", *self.custom_fields, "message")]

    @property
    def cleaned_settings(self) -> dict[str, Any]:
        """Return the values of ContactFormSettings's fields; the form must be valid."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in self.custom_fields}
        requirements = {str(field.pk): self.cleaned_data[name] for name, field in self.custom_fields.items()}
        return values | {
            "custom": {key: value for key, value in requirements.items() if value != FieldRequirement.HIDDEN}
        }

    def clean(self) -> None:
        """Require that the contact form asks for an address to answer to."""
        if self.cleaned_data.get("email") == self.cleaned_data.get("mobile") == FieldRequirement.HIDDEN:
            raise ValidationError(_("Ask for an email address or a mobile number so that you can reply."))
