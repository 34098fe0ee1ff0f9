"""What the settings of the portal may be, for the pages and the API alike."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from portal.branding.services import DEFAULT_SMS_COUNTRIES
from portal.ui.form_fields import WebAddressField
from portal.ui.phone_numbers import InvalidPhoneNumber, parse_phone_number

HEX_COLOUR = re.compile(r"#[0-9a-f]{6}")
WEBSITE = WebAddressField(required=False, assume_scheme="https", max_length=200)


def clean_settings(values: Mapping[str, Any], *, country: str) -> dict[str, Any]:
    """Return settings as they are stored; `country` is the business's. Raises ValidationError with each one's errors.

    Lengths, and what can be chosen, are checked by forms and serializers.
    """
    rules: dict[str, Callable[[Any], Any]] = {
        "colour": clean_colour,
        "contact_email": _clean_email,
        "contact_phone": lambda text: clean_phone_number(text, country=country),
        "website": WEBSITE.clean,
        "sms_countries": _clean_sms_countries,
    }
    cleaned, errors = dict(values), {}
    for name in rules.keys() & values.keys():
        try:
            cleaned[name] = rules[name](values[name])
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return cleaned


def clean_colour(text: str) -> str:
    """Return six hexadecimal digits; nothing else is accepted, because the value is written into a style sheet."""
    colour = text.lower()
    if not is_hex_colour(colour):
        raise ValidationError(_("Enter a colour such as #0f766e."))
    return colour


def is_hex_colour(text: str) -> bool:
    """Tell whether a text is exactly one colour such as `#0f766e`."""
    return bool(HEX_COLOUR.fullmatch(text))


def clean_phone_number(text: str, *, country: str) -> str:
    """Return a number in the international format, so that it can be dialled from anywhere. Raises ValidationError."""
    try:
        return parse_phone_number(text, country=country) if text else ""
    except InvalidPhoneNumber as error:
        raise ValidationError(str(error)) from error


def _clean_email(text: str) -> str:
    if text:
        validate_email(text)
    return text


def _clean_sms_countries(countries: list[str]) -> list[str]:
    """Return the countries sorted; the platform's default is stored as an empty list, so that it can grow later."""
    return [] if sorted(countries) == sorted(DEFAULT_SMS_COUNTRIES) else sorted(countries)
