"""Finding a person by the email address that somebody typed."""

from contextlib import suppress

from django.db.models.functions import Lower

from tenants.domain_names import InvalidDomainName, decode_domain, encode_address
from tenants.models import Person
from tenants.text_cleaning import normalise_text


def normalise_address(email: str) -> str:
    """Return an email address as it is compared: all spellings that find the same person are one address."""
    address = normalise_text(email).lower()
    with suppress(InvalidDomainName):
        return encode_address(address)
    return address


def find_person(email: str) -> Person | None:
    """Return the person with a typed address, or None.

    A database folds more letters than Python does, so what it finds is compared again: what finds somebody must be one
    address for the limits too.
    """
    address = normalise_address(email)
    local, at, domain = address.rpartition("@")
    # Addresses that are on file from before their domains were encoded are found as well.
    spellings = {address, f"{local}{at}{decode_domain(domain)}"}
    person = Person.objects.alias(lower_email=Lower("email")).filter(lower_email__in=spellings).first()
    return person if person and normalise_address(person.email) == address else None
