"""Finding staff, and what was sent to them, by the email address that somebody typed."""

from contextlib import suppress
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import In

from tenants.domain_names import InvalidDomainName, decode_domain, encode_address
from tenants.models import Person
from tenants.text_cleaning import normalise_text

Row = TypeVar("Row", bound=Model)


def normalise_address(email: str) -> str:
    """Return an email address as it is compared: all spellings that find the same person are one address."""
    address = normalise_text(email).lower()
    with suppress(InvalidDomainName):
        return encode_address(address)
    return address


def is_same_address(email: str, other: str) -> bool:
    """Tell whether two email addresses are spellings of one."""
    return normalise_address(email) == normalise_address(other)


def filter_by_address(rows: QuerySet[Row], email: str, *, field: str = "email") -> QuerySet[Row]:
    """Return the rows whose field holds an email address, with its domain in ASCII or as people write it."""
    return rows.filter(match_address(email, field=field))


def match_address(email: str, *, field: str = "email") -> In:
    """Return the condition by which `filter_by_address` finds rows."""
    address = normalise_address(email)
    local, at, domain = address.rpartition("@")
    # A server that still runs the release before may store a domain that isn't encoded, and so may rows that clash.
    spellings = {address, f"{local}{at}{decode_domain(domain)}"}
    return In(Lower(field), sorted(spellings))


def find_person(email: str) -> Person | None:
    """Return the person with a typed address, or None; the oldest one if several have it in different spellings.

    A database folds more letters than Python does, so what it finds is compared again: what finds somebody must be one
    address for the limits too.
    """
    found = filter_by_address(Person.objects.order_by("created_at", "pk"), email)
    return next((person for person in found if is_same_address(person.email, email)), None)
