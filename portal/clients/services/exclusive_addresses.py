"""The addresses of clients, and whether others have them too."""

from portal.clients.models import Contact
from tenants.nouns.personal_data_policies import ClientIds


def find_exclusive_addresses(client_ids: ClientIds) -> set[str]:
    """Return the addresses that only these clients have: rows that name no client are attributed by them."""
    values = set(Contact.objects.filter(client__in=client_ids).values_list("value", flat=True))
    elsewhere = Contact.objects.filter(value__in=values).exclude(client__in=client_ids).values_list("value", flat=True)
    return values - set(elsewhere)
