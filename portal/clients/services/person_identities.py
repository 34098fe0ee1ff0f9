"""What tells a client's data from other people's, collected before anything of it is erased."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from portal.clients.models import Client, Contact
from portal.ui.name_folding import fold_name
from portal.ui.text_folding import fold_text
from tenants.nouns import registry
from tenants.nouns.personal_data_policies import ClientIds, PersonIdentity


def identify_person(client_ids: ClientIds, *, country: str) -> PersonIdentity:
    """Return the identity of the person whose cards these are; merged cards are one person.

    Addresses that only a form claims don't count as theirs: anybody could have typed them.
    """
    contacts = Contact.objects.filter(client__in=client_ids).values_list("value", "confirmed_at")
    claimed = {value for value, _confirmed_at in contacts}
    confirmed = {value for value, confirmed_at in contacts if confirmed_at} | _find_former_addresses(client_ids)
    others = Contact.objects.filter(value__in=confirmed | claimed).exclude(client__in=client_ids)
    shared = set(others.values_list("value", flat=True))
    names = frozenset(Client.objects.filter(pk__in=client_ids).values_list("name", flat=True))
    return PersonIdentity(
        client_ids=tuple(client_ids),
        names=names,
        unique_names=names - _find_names_of_others(names, client_ids),
        addresses=frozenset(confirmed - shared),
        shared_addresses=frozenset((claimed - confirmed) | shared),
        country=country,
    )


def list_shared_addresses(client_ids: ClientIds) -> list[str]:
    """Return the addresses on these cards that others have as well, or that nobody has confirmed."""
    elsewhere = Contact.objects.filter(value=OuterRef("value")).exclude(client__in=client_ids)
    contacts = Contact.objects.filter(Exists(elsewhere) | Q(confirmed_at=None), client__in=client_ids)
    return sorted(set(contacts.values_list("value", flat=True)))


def _find_former_addresses(client_ids: ClientIds) -> set[str]:
    finders = [policy.find_addresses for policy in registry.list_personal_data_policies() if policy.find_addresses]
    return {address for find_addresses in finders for address in find_addresses(client_ids)} - {""}


def _find_names_of_others(names: Iterable[str], client_ids: ClientIds) -> set[str]:
    """Return which of these names other listed clients have, too."""
    begins = Q(pk=None)
    for name in names:
        begins |= Q(search__startswith=fold_text(name))
    others = Client.objects.exclude_unlisted().filter(begins).exclude(pk__in=client_ids)
    taken = {fold_name(name) for name in others.values_list("name", flat=True).iterator()}
    return {name for name in names if fold_name(name) in taken}
