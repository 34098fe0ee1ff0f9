"""The fields by which people who have not signed in say who they are, and the trap for programs beside them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients import identifiers
from portal.clients.identifiers import Identifier, InvalidIdentifier
from portal.ui.form_fields import SingleLineField
from portal.ui.formatting import example_phone
from tenants.models import Business

EMAIL_ATTRIBUTES = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
TOO_FAST_ERROR = _("The form was sent too quickly. Please check it and send it again.")
EXPIRED_ERROR = _("This form has expired. Please send it again.")
HONEYPOT_ERROR = _("This field must stay empty. Clear it and send the form again.")


class ContactFieldsForm(forms.Form):
    """Who somebody is and how to reach them.

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
    leave_empty = forms.CharField(label=_("Leave this field empty"), required=False, max_length=400)

    def __init__(self, *args: Any, business: Business, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.business = business
        number = example_phone(business.country)
        self.fields["mobile"].help_text = gettext("With the country code, for example %(number)s.") % {"number": number}

    def clean_email(self) -> str:
        return self._parse_contact_value("email", identifiers.parse_email)

    def clean_mobile(self) -> str:
        country = self.business.country
        return self._parse_contact_value("mobile", lambda typed: identifiers.parse_phone(typed, country=country))

    def clean_leave_empty(self) -> str:
        if self.cleaned_data["leave_empty"]:
            raise ValidationError(HONEYPOT_ERROR)
        return ""

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
