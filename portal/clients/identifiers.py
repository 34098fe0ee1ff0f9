"""Parsing and normalising of email addresses and phone numbers."""

import re
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portal.clients.models import ContactKind
from portal.ui.phone_numbers import InvalidPhoneNumber, parse_phone_number
from tenants.domain_names import InvalidDomainName, encode_address
from tenants.text_cleaning import normalise_text, to_ascii_hyphens

# Number types that cost the sender extra or that nobody reads texts on.
PREMIUM_NUMBER_TYPES = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
    phonenumbers.PhoneNumberType.PAGER,
    phonenumbers.PhoneNumberType.VOICEMAIL,
}
# The length of the columns that hold masked addresses.
MAX_MASK_LENGTH = 80
NAMED_EMAIL = re.compile(r'(?:"[^"<>]*"|[^"<>@]*)<([^<>\s]+)>')
EMAIL_LINK = re.compile(r"mailto:([^?]+)(?:\?.*)?", re.IGNORECASE)
PHONE_LIKE = re.compile(r"[+(]?[\d\s()./-]+")
# What people put where they have no address: dashes, zeros, and words for nothing.
PLACEHOLDER_SIGNS = re.compile(r"[\s0./\\?_*,;:()-]+")
PLACEHOLDER_WORDS = frozenset(
    "n/a|na|n.a.|n.a|none|no|null|nil|nan|#n/a|x|xx|xxx|tbd|tba|unknown|not known|not available|not applicable|"
    "no phone|no mobile|no email|no e-mail|k.a.|k. a.|ka|keine angabe|kein|keine|keiner|keins|ohne|unbekannt|"
    "nicht bekannt|nicht vorhanden|kein telefon|keine e-mail|keine email|nv|n.v.|aucun|aucune|inconnu|ninguno|ninguna|"
    "no tiene|desconocido|nessuno|nessuna|sconosciuto|n/d|n.d.|nd|nenhum|desconhecido|geen|onbekend|brak|nieznany|"
    "ingen|inget|saknas|okänd|ukendt|ikke oplyst".split("|")
)


class InvalidIdentifier(ValueError):
    """The text is no email address or phone number. The message says why, in the active language."""


@dataclass(frozen=True)
class Identifier:
    """A normalised email address or phone number."""

    kind: ContactKind
    value: str

    @property
    def masked(self) -> str:
        """Return as much as its owner needs to recognise it: `a•••@example.com`, `+44•••101`."""
        if self.kind == ContactKind.PHONE:
            return f"{self.value[:3]}•••{self.value[-3:]}"
        local, _at, domain = self.value.partition("@")
        masked = f"{local[:1]}•••@{domain}"
        return masked if len(masked) <= MAX_MASK_LENGTH else f"{masked[: MAX_MASK_LENGTH - 1]}…"


def parse_identifier(text: str, *, country: str) -> Identifier:
    """Parse an email address or a phone number; a number without prefix belongs to `country`.

    Raises InvalidIdentifier.
    """
    text = normalise_text(text)
    if "@" in text:
        return parse_email(text)
    if any(char.isdecimal() for char in text):
        return parse_phone(text, country=country)
    raise InvalidIdentifier(_("Enter an email address, or a mobile number with its country code."))


def build_identifier(value: str) -> Identifier:
    """Return the identifier of an address that is on file, and so normalised."""
    return Identifier(ContactKind.EMAIL if "@" in value else ContactKind.PHONE, value)


def is_placeholder(text: str) -> bool:
    """Tell whether a text stands for no address: `n/a`, `-`, `0`, `unknown`."""
    plain = to_ascii_hyphens(normalise_text(text)).casefold()
    return plain in PLACEHOLDER_WORDS or bool(PLACEHOLDER_SIGNS.fullmatch(plain))


def looks_like_phone(text: str) -> bool:
    """Tell whether a text has only characters that phone numbers are written with."""
    return bool(PHONE_LIKE.fullmatch(to_ascii_hyphens(text)))


def parse_email(text: str) -> Identifier:
    """Parse an email address. Raises InvalidIdentifier."""
    written = normalise_text(text)
    # As address books copy it: with the name before it, or as a link.
    copied = NAMED_EMAIL.fullmatch(written) or EMAIL_LINK.fullmatch(written)
    value = (copied[1] if copied else written).lower()
    try:
        validate_email(value)
        value = encode_address(value)
    except (ValidationError, InvalidDomainName) as error:
        raise InvalidIdentifier(_("This doesn’t look like an email address. Please check it.")) from error
    if len(value) > 254:
        raise InvalidIdentifier(_("This email address is too long."))
    return Identifier(ContactKind.EMAIL, value)


def parse_phone(text: str, *, country: str) -> Identifier:
    """Parse a phone number into E.164. Raises InvalidIdentifier."""
    try:
        return Identifier(ContactKind.PHONE, parse_phone_number(text, country=country))
    except InvalidPhoneNumber as error:
        raise InvalidIdentifier(str(error)) from error


def can_receive_sms(number: str, *, countries: list[str]) -> bool:
    """Return whether this E.164 number is in one of the countries and of no premium type.

    A calling code is not a country: +1 covers some twenty countries, most of them expensive.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    shared = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    region = phonenumbers.region_code_for_number(parsed) or shared
    return region in countries and phonenumbers.number_type(parsed) not in PREMIUM_NUMBER_TYPES
