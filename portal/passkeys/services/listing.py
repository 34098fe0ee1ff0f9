"""A client's passkeys, and whether they work now."""

from dataclasses import dataclass

from django.db.models import QuerySet

from portal.access import services as access
from portal.clients.models import Client
from portal.passkeys.models import Passkey
from portal.passkeys.services.relying_parties import RelyingParty


@dataclass(frozen=True)
class ListedPasskey:
    """A passkey as its client sees it, and what keeps it from working at this portal now."""

    passkey: Passkey
    is_of_other_host: bool
    is_of_former_address: bool

    @property
    def works(self) -> bool:
        """Return whether the client can sign in with it."""
        return not (self.is_of_other_host or self.is_of_former_address)


def list_passkeys(client: Client) -> QuerySet[Passkey]:
    """Return a client's passkeys, the newest first."""
    return Passkey.objects.filter(client=client).order_by("-created_at", "-pk")


def list_own_passkeys(client: Client, relying_party: RelyingParty) -> list[ListedPasskey]:
    """Return a client's passkeys as they see them at a portal's present address, the newest first."""
    passkeys = list(list_passkeys(client))
    # Most clients have none, and their page needs no address then.
    addresses = {each.value for each in access.list_sign_in_identifiers(client)} if passkeys else set()
    return [ListedPasskey(each, each.host != relying_party.host, each.address not in addresses) for each in passkeys]
