"""Parses the email address or phone number of a contact."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError

from portal.clients.identifiers import Identifier, InvalidIdentifier, parse_identifier


def parse_contact_value(text: str, *, country: str) -> Identifier:
    """Return a normalised address. Raises ValidationError, which names the field `value`."""
    try:
        return parse_identifier(text, country=country)
    except InvalidIdentifier as error:
        raise ValidationError({"value": [ErrorDetail(str(error), code="invalid_address")]}) from error


def parse_new_contacts(contacts: Sequence[Mapping[str, Any]], *, country: str) -> dict[Identifier, str]:
    """Return the label of each of a new client’s addresses. Raises ValidationError, which names each wrong one."""
    labels: dict[Identifier, str] = {}
    errors: dict[int, Any] = {}
    for index, contact in enumerate(contacts):
        try:
            identifier = parse_contact_value(contact["value"], country=country)
            if identifier in labels:
                repeated = ErrorDetail("This address is there twice.", code="repeated")
                raise ValidationError({"value": [repeated]})
            labels[identifier] = contact["label"]
        except ValidationError as error:
            errors[index] = error.detail
    if errors:
        raise ValidationError({"contacts": errors})
    return labels
