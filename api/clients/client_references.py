"""Clients as other nouns of the API name them: by id and name."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.serializers import StrictSerializer
from portal.clients.models import Client


class ClientReferenceSerializer(StrictSerializer):
    """A client by id and name."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)


def get_named_client(client_id: UUID) -> Client:
    """Return the listed client whom the field `client` of a body names. Raises ApiProblem."""
    client = Client.objects.exclude_unlisted().filter(pk=client_id).first()
    if client is None:
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[build_unknown_client_error("client")])
    return client


def build_unknown_client_error(field: str) -> FieldError:
    """Return what is wrong with a field of a body that names nobody on the client list."""
    return FieldError(field, "not_found", "There is no such client.")


def present_client_reference(client: Client | None) -> dict[str, Any] | None:
    """Return what the API shows of a client whom another object names."""
    return {"id": str(client.pk), "name": client.name} if client else None


def load_client_references(client_ids: Iterable[UUID | str]) -> dict[str, dict[str, Any]]:
    """Return the references of those of the clients who are listed, by their ids, in one statement at most."""
    wanted = set(map(str, client_ids))
    listed = Client.objects.exclude_unlisted().filter(pk__in=wanted).order_by("name", "pk") if wanted else ()
    return {str(client.pk): {"id": str(client.pk), "name": client.name} for client in listed}
