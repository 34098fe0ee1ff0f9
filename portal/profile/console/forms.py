"""What may a business decide about its portal?"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

from babel import Locale
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from portal.clients import identifiers
from portal.clients.identifiers import InvalidIdentifier
from portal.profile.models import Profile
from portal.profile.services import TEXTABLE
from portal.ui.sections import hideable_sections
from tenants.control_characters import has_control_characters, strip_control_characters
from tenants.models import Business, Channel

COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Tell whether a text is a colour and nothing besides, as `#0f766e`."""
    return bool(COLOUR.fullmatch(text))


def _one_line(text: str) -> None:
    if has_control_characters(text):
        raise ValidationError(_("This has to stand on one line, without characters that can’t be seen."))


class BrandingForm(forms.Form):
    """What the portal looks like and says. `choices` has the values as they are kept."""

    name = forms.CharField(label=_("Name"), max_length=120, strip=True, validators=[_one_line])
    colour = forms.CharField(label=_("Colour"), widget=forms.TextInput(attrs={"type": "color"}))
    welcome = forms.CharField(
        label=_("Welcome text"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact_email = forms.EmailField(label=_("Email"), required=False)
    contact_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https", max_length=200)
    place = forms.CharField(label=_("Address"), required=False, max_length=200, validators=[_one_line])
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.MultipleChoiceField(
        label=_("Sections on the home page"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.country, self.sections = country, hideable_sections()
        self.fields["shown"].choices = self.sections

    @classmethod
    def of(cls, business: Business, profile: Profile, data: Mapping[str, Any] | None) -> Self:
        """Return the form with what holds now."""
        fields = ("colour", "welcome", "contact_email", "contact_phone", "website", "place")
        initial: dict[str, Any] = {field: getattr(profile, field) for field in fields}
        initial["languages"] = profile.languages or [code for code, _name in settings.LANGUAGES]
        initial["shown"] = [key for key, _label in hideable_sections() if key not in profile.hidden_sections]
        return cls(data, initial=initial | {"name": business.name}, country=business.country)

    @property
    def choices(self) -> dict[str, Any]:
        """Return what is to be kept; the form must be valid."""
        kept = dict(self.cleaned_data)
        shown = kept.pop("shown")
        return kept | {"hidden_sections": [key for key, _label in self.sections if key not in shown]}

    def clean_welcome(self) -> str:
        """Take the text without what can't be seen in it."""
        return strip_control_characters(self.cleaned_data["welcome"])

    def clean_colour(self) -> str:
        """Take six hexadecimal digits and nothing else: the value ends in a style sheet."""
        colour = self.cleaned_data["colour"].lower()
        if not is_colour(colour):
            raise ValidationError(_("Enter a colour such as #0f766e."))
        return colour

    def clean_contact_phone(self) -> str:
        """Take a number as people write it, and keep it so that it can be dialled from anywhere."""
        typed = self.cleaned_data["contact_phone"]
        try:
            return identifiers.parse_phone(typed, country=self.country).value if typed else ""
        except InvalidIdentifier as error:
            raise ValidationError(str(error)) from error


class SigningInForm(forms.Form):
    """How clients sign in. `choices` has the values as they are kept."""

    wait = forms.TypedChoiceField(
        label=_("Another code can be asked for after"), coerce=int, widget=forms.Select, choices=()
    )
    default_channel = forms.ChoiceField(label=_("Codes go out by"), choices=(), widget=forms.RadioSelect)
    sms_countries = forms.MultipleChoiceField(
        label=_("Countries that codes are texted to"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one country at least.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wait"].choices = [(minutes, _minutes(minutes)) for minutes in range(1, 6)]
        self.fields["default_channel"].choices = [
            (Channel.EMAIL, _("Email")),
            (Channel.SMS, _("Text message, where a mobile number is on file")),
        ]
        self.fields["sms_countries"].choices = _countries()

    @classmethod
    def of(cls, profile: Profile, data: Mapping[str, Any] | None) -> Self:
        """Return the form with what holds now."""
        wait = profile.resend_wait or settings.LOGIN_RESEND_WAIT
        initial = {
            "wait": round(wait.total_seconds() / 60),
            "default_channel": profile.default_channel,
            "sms_countries": profile.sms_countries or TEXTABLE,
        }
        return cls(data, initial=initial)

    @property
    def choices(self) -> dict[str, Any]:
        """Return what is to be kept; the form must be valid."""
        countries = sorted(self.cleaned_data["sms_countries"])
        return {
            "resend_wait": timedelta(minutes=self.cleaned_data["wait"]),
            "default_channel": self.cleaned_data["default_channel"],
            # The platform's own list is kept as no list, so that it may grow.
            "sms_countries": [] if countries == sorted(TEXTABLE) else countries,
        }


class ReasonForm(forms.Form):
    """Why somebody looks at a client's portal."""

    reason = forms.CharField(
        label=_("Why do you look?"), min_length=4, max_length=200, strip=True, validators=[_one_line]
    )


def _minutes(minutes: int) -> str:
    return translation.ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def _countries() -> list[tuple[str, str]]:
    """Return the countries that have telephones, by their names in the reader's language."""
    names = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-").territories
    known = [(code, names.get(code, code)) for code in SUPPORTED_REGIONS]
    return sorted(known, key=lambda pair: pair[1])
