"""Parsing of phone numbers that people type."""

import phonenumbers
from django.utils.translation import gettext as _

from portal.ui.input_cleaning import normalise_text


class InvalidPhoneNumber(ValueError):
    """The text is no phone number. The message says why, in the active language."""


def parse_phone_number(text: str, *, country: str) -> str:
    """Return a number in E.164; without prefix it belongs to `country`. Raises InvalidPhoneNumber."""
    try:
        number = phonenumbers.parse(normalise_text(text), country)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhoneNumber(_("This doesn’t look like a phone number. Please check it.")) from error
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidPhoneNumber(_("This phone number has too few or too many digits."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
