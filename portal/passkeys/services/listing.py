"""A client's passkeys, and whether they work now."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Exists, OuterRef, QuerySet

from portal.clients.models import Client, Contact
from portal.passkeys.models import Passkey
from portal.passkeys.services.relying_parties import RelyingParty

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _AddressAnnotations(TypedDict):
    has_address: bool


# A passkey with whether its client may still sign in with the address on which it depends.
AddressedPasskey: TypeAlias = "WithAnnotations[Passkey, _AddressAnnotations]"


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


def list_passkeys(client: Client) -> "QuerySet[AddressedPasskey]":
    """Return a client's passkeys, the newest first, each with whether it still has its address."""
    usable = Contact.objects.usable_for_sign_in().filter(client=OuterRef("client"), value=OuterRef("address"))
    passkeys = Passkey.objects.filter(client=client).annotate(has_address=Exists(usable))
    return passkeys.order_by("-created_at", "-pk")


def list_own_passkeys(client: Client, relying_party: RelyingParty) -> list[ListedPasskey]:
    """Return a client's passkeys as they see them at a portal's present address, the newest first."""
    passkeys = list_passkeys(client)
    return [ListedPasskey(each, each.host != relying_party.host, not each.has_address) for each in passkeys]
