"""Erase a client's personal data, wherever the business has it.

An anonymous card stays, because invoices refer to it. The rows of all tables are erased as their policies say. The
timeline entry of the erasure names only the member of staff, and how many rows of each table were erased.
"""

from datetime import datetime

from django.db import transaction

from portal.access import services as access
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.cards.services.erasure_reports import MENTIONS, NAMESAKES
from portal.cards.services.mention_redaction import redact_mentions
from portal.clients import services as clients
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client
from portal.clients.uploads.person_erasure import count_rows_with_name
from tenants.models import Business
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def erase_client(
    *, client: Client, business: Business, staff: StaffActor | None, reason: str = "", now: datetime
) -> None:
    """Erase a client and every client merged into them. Does nothing if they are erased already.

    Without `staff` an operator acts, whose `reason` the timeline shows. Raises ErasureRefused.
    """
    policies = registry.list_personal_data_policies()
    # Of the lowest noun first: its lists may keep us waiting, and enquiries needn't wait as long.
    for policy in reversed(policies):
        if policy.lock:
            policy.lock()
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.erased_at:
        return
    person = clients.identify_person(client.ids_with_merged(), country=business.country)
    access.revoke_client_access(client, None, staff=staff, now=now)
    erased = {policy.key: policy.erase_person_rows(person, now=now) for policy in policies}
    erased |= {MENTIONS: redact_mentions(person), NAMESAKES: count_rows_with_name(person)}
    counts = {key: count for key, count in erased.items() if count}
    fields = activity.get_actor_fields(staff) if staff else {"actor": Entry.Actor.SYSTEM}
    details = {"erased": counts} | ({"reason": reason} if reason else {})
    activity.record_event(ClientEvent.ERASED, at=now, client=client, **details, **fields)
