"""Validates the fields of a new business."""

import unicodedata
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import is_currency
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from tenants.domain_names import InvalidDomainName, encode_address
from tenants.models import Business
from tenants.text_cleaning import clean_line

NAME_LENGTH = Business._meta.get_field("name").max_length
EMAIL_LENGTH = 254


class InvalidBusiness(ValueError):
    """A field of a new business is invalid; the message says why, in a sentence for the user."""


def validate_business_name(name: str) -> str:
    """Return a business's name as one line without what can't be seen. Raises InvalidBusiness."""
    name = unicodedata.normalize("NFC", clean_line(name))
    if not 1 <= len(name) <= NAME_LENGTH:
        raise InvalidBusiness(_("A business’s name has 1 to %(limit)d characters.") % {"limit": NAME_LENGTH})
    return name


def validate_email_address(email: str) -> str:
    """Return an email address without surrounding whitespace, its domain in ASCII. Raises InvalidBusiness."""
    email = email.strip()
    try:
        # Django's validator accepts any character in a domain.
        if not email.isprintable():
            raise ValidationError("unseen")
        validate_email(email)
        address = encode_address(email)
        if len(address) > EMAIL_LENGTH:
            raise ValidationError("too long")
    except (ValidationError, InvalidDomainName) as error:
        raise InvalidBusiness(_("“%(email)s” is not an email address.") % {"email": email}) from error
    return address


def validate_locale(*, country: str, currency: str, time_zone: str, language: str) -> dict[str, str]:
    """Return country, currency, time zone and language as a dict if all of them exist. Raises InvalidBusiness."""
    if len(country) != 2 or not country.isalpha() or country not in Locale("en").territories:
        raise InvalidBusiness(_("“%(it)s” is not a two-letter country code such as DE.") % {"it": country})
    if not is_currency(currency):
        raise InvalidBusiness(_("“%(it)s” is not a three-letter currency code such as EUR.") % {"it": currency})
    if time_zone not in available_timezones():
        raise InvalidBusiness(_("“%(it)s” is not a time zone such as Europe/Berlin.") % {"it": time_zone})
    if language not in dict(settings.LANGUAGES):
        raise InvalidBusiness(_("Portico is not available in “%(it)s” yet.") % {"it": language})
    return {"country": country, "currency": currency, "time_zone": time_zone, "language": language}
