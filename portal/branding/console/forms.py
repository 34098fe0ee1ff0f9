"""Forms for the console's pages about the portal."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

from babel import Locale
from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from portal.branding.home_sections import list_hideable_sections
from portal.branding.models import PortalSettings
from portal.branding.services import DEFAULT_SMS_COUNTRIES
from portal.branding.setting_rules import clean_colour, clean_phone_number
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import MultiLineField, SingleLineField, WebAddressField
from tenants.models import Business, Channel


class BrandingForm(forms.Form):
    """The portal's appearance and texts. `cleaned_settings` has the values by the model's names."""

    name = SingleLineField(label=_("Name"), max_length=120)
    colour = forms.CharField(label=_("Colour"), widget=forms.TextInput(attrs={"type": "color"}))
    welcome = MultiLineField(
        label=_("Welcome text"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact_email = forms.EmailField(label=_("Email"), required=False, max_length=254)
    contact_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    website = WebAddressField(label=_("Website"), required=False, assume_scheme="https", max_length=200)
    postal_address = SingleLineField(label=_("Address"), required=False, max_length=200)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    visible_sections = forms.MultipleChoiceField(
        label=_("Sections of the home page"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country, self.hideable_sections = country, list_hideable_sections()
        set_choices(self, "visible_sections", self.hideable_sections)

    @classmethod
    def from_portal_settings(
        cls, business: Business, portal_settings: PortalSettings, data: Mapping[str, Any] | None
    ) -> Self:
        """Return the form, filled with the current settings."""
        fields = ("colour", "welcome", "contact_email", "contact_phone", "website", "postal_address")
        initial: dict[str, Any] = {field: getattr(portal_settings, field) for field in fields}
        initial["languages"] = portal_settings.languages or [code for code, _name in settings.LANGUAGES]
        initial["visible_sections"] = [
            key for key, _label in list_hideable_sections() if key not in portal_settings.hidden_sections
        ]
        return cls(data, initial=initial | {"name": business.name}, country=business.country)

    @property
    def cleaned_settings(self) -> dict[str, Any]:
        """Return the values to save; the form must be valid."""
        values = dict(self.cleaned_data)
        visible = values.pop("visible_sections")
        return values | {"hidden_sections": [key for key, _label in self.hideable_sections if key not in visible]}

    def clean_colour(self) -> str:
        """Accept a colour such as #0f766e and nothing else."""
        return clean_colour(self.cleaned_data["colour"])

    def clean_contact_phone(self) -> str:
        """Normalise a number to the international format."""
        return clean_phone_number(self.cleaned_data["contact_phone"], country=self.country)


class SignInSettingsForm(forms.Form):
    """How clients sign in. `cleaned_settings` has the values by the model's names."""

    resend_wait = forms.TypedChoiceField(
        label=_("Clients can request another code after"), coerce=int, widget=forms.Select, choices=()
    )
    default_channel = forms.ChoiceField(
        label=_("Send codes by"),
        choices=[(Channel.EMAIL, _("Email")), (Channel.SMS, _("Text message, if a mobile number is on file"))],
        widget=forms.RadioSelect,
    )
    sms_countries = forms.MultipleChoiceField(
        label=_("Countries for text messages"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one country.")},
    )
    code_in_subject = forms.BooleanField(label=_("Show the code in the subject of the email"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        set_choices(self, "resend_wait", [(minutes, _format_minutes(minutes)) for minutes in range(1, 6)])
        set_choices(self, "sms_countries", _list_country_choices())

    @classmethod
    def from_portal_settings(cls, portal_settings: PortalSettings, data: Mapping[str, Any] | None) -> Self:
        """Return the form, filled with the current settings."""
        wait = portal_settings.resend_wait or settings.LOGIN_RESEND_WAIT
        initial = {
            "resend_wait": round(wait.total_seconds() / 60),
            "default_channel": portal_settings.default_channel,
            "sms_countries": portal_settings.sms_countries or DEFAULT_SMS_COUNTRIES,
            "code_in_subject": portal_settings.code_in_subject,
        }
        return cls(data, initial=initial)

    @property
    def cleaned_settings(self) -> dict[str, Any]:
        """Return the values to save; the form must be valid."""
        return self.cleaned_data | {"resend_wait": timedelta(minutes=self.cleaned_data["resend_wait"])}


def _format_minutes(minutes: int) -> str:
    return translation.ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def _list_country_choices() -> list[tuple[str, str]]:
    """Return the countries that phone numbers exist for, sorted by their names in the reader's language."""
    names = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-").territories
    choices = [(code, names.get(code, code)) for code in SUPPORTED_REGIONS]
    return sorted(choices, key=lambda pair: pair[1])
