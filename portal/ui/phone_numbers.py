"""Parsing of phone numbers as people write them: one definition for every form, list and search."""

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult

from tenants.text_cleaning import normalise_text, to_ascii_digits, to_ascii_hyphens

# What E.164 allows, and the table of contacts too.
MIN_DIGITS = 6
E164 = re.compile(r"\+[1-9][0-9]{5,14}")
# Numbers that Ofcom and Arcep keep for examples and films. No metadata has them; tests and demos do.
FICTIONAL_NUMBER = re.compile(
    r"\+44(?:7700900|1632960|8081570|9098790|3069990)\d{3}|\+33(?:19900|26191|35301|46571|53649|63998)\d{4}"
)
# Words that say what kind of number it is. Any other word may name another person, so it is refused.
KIND_LABELS = (
    "telephone|telefonnummer|telefoonnummer|telefono|telefon|telefone|telefoon|telemóvel|telemovel|teléfono|téléphone|"
    "tel|phone|ph|fon|fone|tlf|mobiltelefon|mobilnummer|mobile|mobil|mobiel|móvil|movil|mob|cellulare|celular|cellphone|"
    "cell|portable|handynummer|handynr|handy|komórka|gsm|iphone|whatsapp|sms|signal|festnetz|landline|number|nummer|nr|"
    "no|private|privat|privé|privato|prive|home|work|office|geschäftlich|dienstlich|büro|arbeit|main|haupt|m|t|p|h|w|c"
)
LABEL_BEFORE = re.compile(rf"(?:(?:{KIND_LABELS})\b[ .:()]*)+", re.IGNORECASE)
LABEL_AFTER = re.compile(rf"(?:[ ,(\[]+(?:{KIND_LABELS})\b[.)\]]*)+$", re.IGNORECASE)
EXTENSION = re.compile(
    r"[ ,]*(?:;ext=|#|(?:extension|ext|durchwahl|dw|apparat|app|poste|interno|ramal|toestel|wewn|x)[ .:]*)\d{1,7}$",
    re.IGNORECASE,
)
CALLABLE = re.compile(r"\(?\+?[\d().\- /]{2,}")
DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}([./-])\d{1,2}\2\d{1,2}")
# Area code and number as in 0171/3920083; with anything else a slash joins two numbers, or is part of a date.
AREA_SLASH = re.compile(r"(?:0[1-9][\d() -]{1,6}|(?:\+|00)[\d() -]{4,11})/ ?[\d -]{4,}")
SPREADSHEET_DECIMAL = re.compile(r"(\d{7,15})[.,]0{1,2}")
SCIENTIFIC = re.compile(r"\+?\d+(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
# Of the prefixes for calls at home: with one of these, numbers are also written without it.
OPTIONAL_PREFIXES = (None, "", "1")
MOBILE_TYPES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)

NOT_A_NUMBER = _("This doesn’t look like a phone number. Please check it.")
OTHER_WORDS = _("Enter the number alone. Words beside it may mean that it belongs to somebody else.")
WRONG_LENGTH = _("This phone number has too few or too many digits.")
NO_SUCH_NUMBER = _(
    "There is no such phone number. Check the digits, and start a number from another country with + and its code."
)
SHORTENED = _("A spreadsheet has shortened this number. Enter all of its digits.")


class InvalidPhoneNumber(ValueError):
    """The text is no phone number. The message says why, in the active language."""


def parse_phone_number(text: str, *, country: str) -> str:
    """Return a number in E.164; without prefix it belongs to `country`. Raises InvalidPhoneNumber.

    The number has to exist as far as its numbering plan tells. An extension is left out: no text reaches it.
    """
    written = _strip_labels(_normalise_signs(text))
    if is_shortened_number(written):
        raise InvalidPhoneNumber(str(SHORTENED))
    if sum(map(str.isdigit, written)) >= MIN_DIGITS and any(map(str.isalpha, written)):
        raise InvalidPhoneNumber(str(OTHER_WORDS))
    if not CALLABLE.fullmatch(written) or DATE.fullmatch(written):
        raise InvalidPhoneNumber(str(NOT_A_NUMBER))
    if "/" in written and not is_area_and_number(written):
        raise InvalidPhoneNumber(str(NOT_A_NUMBER))
    number = phonenumbers.format_number(_parse_existing(written, country), phonenumbers.PhoneNumberFormat.E164)
    if not E164.fullmatch(number):
        raise InvalidPhoneNumber(str(WRONG_LENGTH))
    return number


def is_shortened_number(text: str) -> bool:
    """Return whether a spreadsheet has replaced digits by an exponent: `4.9E+11`."""
    return bool(SCIENTIFIC.fullmatch(text))


def is_area_and_number(text: str) -> bool:
    """Return whether a slash parts an area code from its number: `0171/3920083`."""
    return bool(AREA_SLASH.fullmatch(text))


def _normalise_signs(text: str) -> str:
    """Return a text with ASCII digits, hyphens for all dashes and single spaces, without a spreadsheet's marks."""
    plain = to_ascii_hyphens(to_ascii_digits(normalise_text(text)))
    tidy = " ".join(plain.split()).lstrip("'’").strip(" ,;")
    return decimal[1] if (decimal := SPREADSHEET_DECIMAL.fullmatch(tidy)) else tidy


def _strip_labels(written: str) -> str:
    """Return a number without the kind of phone written beside it and without its extension."""
    if written.isdigit():
        return written
    if label := LABEL_BEFORE.match(written):
        written = written[label.end() :]
    for ending in (LABEL_AFTER, EXTENSION):
        if found := ending.search(written):
            written = written[: found.start()]
    return written.strip(" ,;")


def _parse_existing(written: str, country: str) -> PhoneNumber:
    """Parse the digits of a number that exists. Raises InvalidPhoneNumber."""
    digits = re.sub(r"[^\d+]", "", written)
    is_prefixed = digits[:1] in ("+", "0")
    number = _parse(digits, country) if is_prefixed else _parse_without_prefix(digits, country)
    if number is None:
        raise InvalidPhoneNumber(str(NOT_A_NUMBER))
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise InvalidPhoneNumber(str(WRONG_LENGTH))
    if not _exists(number):
        raise InvalidPhoneNumber(str(NO_SUCH_NUMBER))
    return number


def _parse_without_prefix(digits: str, country: str) -> PhoneNumber | None:
    """Parse digits whose first zero, or plus, got lost on their way through a spreadsheet.

    With the own country's code they are read as international. With another's they are not guessed at, unless a number
    at home needs no prefix, or is plainly a mobile number.
    """
    local, international = _parse(digits, country), _parse(f"+{digits}", country)
    if international is None or not _exists(international):
        return local
    if international.country_code == phonenumbers.country_code_for_region(country):
        return international
    has_lost_prefix = phonenumbers.ndd_prefix_for_region(country, True) not in OPTIONAL_PREFIXES
    is_mobile = local and phonenumbers.number_type(local) in MOBILE_TYPES
    if local and _exists(local) and (is_mobile or not has_lost_prefix):
        return local
    raise InvalidPhoneNumber(str(NO_SUCH_NUMBER))


def _parse(digits: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None


def _exists(number: PhoneNumber) -> bool:
    """Return whether a numbering plan has the number, or keeps it for examples."""
    written = f"+{number.country_code}{number.national_number}"
    return phonenumbers.is_valid_number(number) or bool(FICTIONAL_NUMBER.fullmatch(written))
