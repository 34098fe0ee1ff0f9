"""Which address did a person mean? Everything that is compared is first brought to its normal form here."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from portal.clients.models import Contact

# Numbers that cost the caller extra, or that no person reads texts on.
PREMIUM_NUMBER_TYPES = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
    phonenumbers.PhoneNumberType.PAGER,
    phonenumbers.PhoneNumberType.VOICEMAIL,
}
# What fits where masked addresses are kept and shown.
MAX_MASK_LENGTH = 80
PHONE_LIKE = re.compile(r"[+(]?[\d\s()./\-‐–]+")
# Address books wrap copied numbers in marks of direction and break them with joiners that nobody sees.
INVISIBLE_CHARS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class InvalidIdentifier(ValueError):
    """What was typed is neither an email address nor a phone number; the message says so."""


@dataclass(frozen=True)
class Identifier:
    """An email address or phone number in its normal form."""

    kind: Contact.Kind
    value: str

    @property
    def masked(self) -> str:
        """Return enough of it to be recognised by its owner and no more: `a•••@example.com`, `+44•••101`."""
        if self.kind == Contact.Kind.PHONE:
            return f"{self.value[:3]}•••{self.value[-3:]}"
        local, _at, domain = self.value.partition("@")
        masked = f"{local[:1]}•••@{domain}"
        return masked if len(masked) <= MAX_MASK_LENGTH else f"{masked[: MAX_MASK_LENGTH - 1]}…"


def parse_identifier(text: str, *, country: str) -> Identifier:
    """Read what a person typed; numbers without a prefix belong to `country`. Raises InvalidIdentifier."""
    text = _normalise(text)
    if "@" in text:
        return parse_email(text)
    if PHONE_LIKE.fullmatch(text):
        return parse_phone(text, country=country)
    raise InvalidIdentifier(_("Enter an email address, or a mobile number with its country code."))


def parse_email(text: str) -> Identifier:
    """Read an email address. Raises InvalidIdentifier."""
    value = _normalise(text).lower()
    try:
        validate_email(value)
    except ValidationError as error:
        raise InvalidIdentifier(_("This doesn't look like an email address. Please check it.")) from error
    local, _at, domain = value.rpartition("@")
    value = f"{local}@{punycode(domain)}"  # as mail servers know a domain with ü
    if len(value) > 254:
        raise InvalidIdentifier(_("This email address is too long."))
    return Identifier(Contact.Kind.EMAIL, value)


def parse_phone(text: str, *, country: str) -> Identifier:
    """Read a phone number into E.164. Raises InvalidIdentifier."""
    try:
        number = phonenumbers.parse(_normalise(text), country)
    except phonenumbers.NumberParseException as error:
        raise InvalidIdentifier(_("This doesn't look like a phone number. Please check it.")) from error
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidIdentifier(_("This phone number has too few or too many digits."))
    return Identifier(Contact.Kind.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def can_receive_sms(number: str, *, countries: list[str]) -> bool:
    """Tell whether a text to this E.164 number stays within the chosen countries and costs no premium.

    A prefix is not a country: +1 reaches some twenty of them, of which most are dear.
    """
    parsed = phonenumbers.parse(number)
    shared = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    region = phonenumbers.region_code_for_number(parsed) or shared
    return region in countries and phonenumbers.number_type(parsed) not in PREMIUM_NUMBER_TYPES


def _normalise(text: str) -> str:
    """Return what was typed without what nobody sees."""
    return unicodedata.normalize("NFKC", INVISIBLE_CHARS.sub("", text)).strip()
