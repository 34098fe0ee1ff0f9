"""What may a business decide about its contact form?"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.clients.models import CustomField
from portal.intake.models import Asked, ContactForm
from portal.intake.questions import PREFIX


class ChoicesForm(forms.Form):
    """Whether there is a form, what it asks and what it says. The name is always asked."""

    is_on = forms.BooleanField(label=_("Show the contact form"), required=False)
    intro = forms.CharField(
        label=_("Above the form"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    thanks = forms.CharField(
        label=_("After sending"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    email = forms.ChoiceField(label=_("Email address"), choices=Asked.choices)
    mobile = forms.ChoiceField(label=_("Mobile number"), choices=Asked.choices)
    message = forms.ChoiceField(label=_("Message"), choices=Asked.choices)

    def __init__(self, *args: Any, asks: ContactForm, fields: Iterable[CustomField], **more: Any):
        own = {f"{PREFIX}{field.pk}": field for field in fields}
        held = {name: getattr(asks, name) for name in self.base_fields}
        held |= {name: asks.custom.get(str(field.pk), Asked.NO) for name, field in own.items()}
        super().__init__(*args, **{"initial": held} | more)
        self.own = own
        for name, field in own.items():
            self.fields[name] = forms.ChoiceField(label=field.name, choices=Asked.choices)

    @property
    def questions(self) -> list[forms.BoundField]:
        """Return the fields that say what is asked."""
        return [self[name] for name in ("email", "mobile", *self.own, "message")]

    @property
    def decided(self) -> dict[str, Any]:
        """Return the choices as the contact form keeps them; the form must be valid."""
        plain = {name: value for name, value in self.cleaned_data.items() if name not in self.own}
        asked = {str(field.pk): self.cleaned_data[name] for name, field in self.own.items()}
        return plain | {"custom": {key: value for key, value in asked.items() if value != Asked.NO}}

    def clean(self) -> None:
        """Make sure that the business can answer."""
        if self.cleaned_data.get("email") == self.cleaned_data.get("mobile") == Asked.NO:
            raise ValidationError(_("Ask for an email address or a mobile number, or you can’t answer."))
