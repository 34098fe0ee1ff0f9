"""Erase a client's personal data.

An anonymised row of the client stays, because invoices refer to it. The rows of other tables are erased as
their policies say. The timeline entry of the erasure names only the member of staff.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity import services as activity
from portal.clients import services as clients
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientStatus
from tenants.models import Business
from tenants.nouns import registry
from tenants.nouns.personal_data_policies import ClientIds
from tenants.raw_sql import check_model_columns
from tenants.staff.staff_actor import StaffActor

# What an anonymised row keeps; the search text follows from the name.
UNCHANGED_COLUMNS = ("id", "is_demo", "source", "search", "merged_into_id", "created_at")


@transaction.atomic
def erase_client(*, client: Client, business: Business, staff: StaffActor, now: datetime) -> None:
    """Erase a client and every client merged into them. Does nothing if they are erased already."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.erased_at:
        return
    client_ids = client.ids_with_merged()
    access.revoke_client_access(client, None, staff=staff, now=now)
    for policy in registry.list_personal_data_policies():
        policy.erase_client_rows(client_ids, now=now)
    _anonymise_clients(client_ids, business, now=now)
    activity.record_event(ClientEvent.ERASED, at=now, client=client, **activity.get_actor_fields(staff))


def _anonymise_clients(client_ids: ClientIds, business: Business, *, now: datetime) -> None:
    with translation.override(business.language):
        name = _("Erased client")
    values: dict[str, Any] = {
        "name": name,
        "status": ClientStatus.ARCHIVED,
        "language": "",
        "time_zone": "",
        "custom": {},
        "signed_in_at": None,
        "archived_at": now,
        "blocked_at": None,
        "erased_at": now,
        "updated_at": now,
    }
    # A new column that is named in neither makes every erasure fail, so that it can't be forgotten.
    check_model_columns(Client, [*values, *UNCHANGED_COLUMNS])
    Client.tags.through.objects.filter(client__in=client_ids).delete()
    Client.objects.filter(pk__in=client_ids).update(**values)
    clients.update_search_text(client_ids)
