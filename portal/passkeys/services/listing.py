"""A client's passkeys."""

from django.db.models import QuerySet

from portal.clients.models import Client
from portal.passkeys.models import Passkey


def list_passkeys(client: Client) -> QuerySet[Passkey]:
    """Return a client's passkeys, the newest first."""
    return Passkey.objects.filter(client=client).order_by("-created_at", "-pk")
