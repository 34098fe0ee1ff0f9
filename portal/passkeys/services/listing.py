"""A client's passkeys, and whether they work now."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from portal.clients.models import Client, ClientStatus, Contact
from portal.passkeys.models import Passkey


@dataclass(frozen=True)
class ListedPasskey:
    """A passkey, and what keeps it from working now."""

    passkey: Passkey
    is_of_inactive_client: bool = False
    is_of_other_host: bool = False
    is_of_former_address: bool = False

    @property
    def works(self) -> bool:
        """Return whether the client can sign in with it."""
        return not (self.is_of_inactive_client or self.is_of_other_host or self.is_of_former_address)


def query_passkeys(client: Client) -> QuerySet[Passkey]:
    """Return a client's passkeys, the newest first."""
    return Passkey.objects.filter(client=client).order_by("-created_at", "-pk")


def list_passkeys(client: Client, *, hosts: Collection[str]) -> list[ListedPasskey]:
    """Return a client's passkeys, the newest first, each with whether it works at one of these hosts of the portal."""
    usable = Contact.objects.usable_for_sign_in().filter(client=OuterRef("client"), value=OuterRef("address"))
    is_inactive = client.status != ClientStatus.ACTIVE
    return [
        ListedPasskey(passkey, is_inactive, passkey.host not in hosts, not passkey.has_address)
        for passkey in query_passkeys(client).annotate(has_address=Exists(usable))
    ]
