"""Finding a person by the email address that somebody typed."""

from django.db.models.functions import Lower

from tenants.models import Person
from tenants.text_cleaning import normalise_text


def normalise_address(email: str) -> str:
    """Return an email address as it is compared: all spellings that find the same person are one address."""
    return normalise_text(email).lower()


def find_person(email: str) -> Person | None:
    """Return the person with a typed address, or None.

    A database folds more letters than Python does, so what it finds is compared again: what finds somebody must be one
    address for the limits too.
    """
    address = normalise_address(email)
    person = Person.objects.alias(lower_email=Lower("email")).filter(lower_email=address).first()
    return person if person and person.email.lower() == address else None
