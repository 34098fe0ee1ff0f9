"""Erase a client's personal data, wherever the business has it.

An anonymous card stays, because invoices refer to it. The rows of all tables are erased as their policies say. The
timeline entry of the erasure names only the member of staff, and how many rows of each table were erased.
"""

from contextlib import ExitStack
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
from portal.ui.text_folding import fold_text
from tenants.models import Business
from tenants.nouns import registry
from tenants.nouns.personal_data_policies import EraseFunction, PersonIdentity
from tenants.staff.staff_actor import StaffActor


def confirms_erasure(client: Client, typed: str) -> bool:
    """Return whether a text is the client's name, by which staff confirm an erasure.

    Spaces, capitals and accents don't matter.
    """
    return fold_text(typed) == fold_text(client.name)


def erase_client(
    *, client: Client, business: Business, staff: StaffActor | None, reason: str = "", now: datetime
) -> None:
    """Erase a client and every client merged into them. Does nothing if they are erased already.

    Without `staff` an operator acts, whose `reason` the timeline shows. Raises ErasureRefused.
    """
    with ExitStack() as stack:
        person = _identify_person(client, business)
        prepared = _prepare_erasure(person, stack)
        stack.enter_context(transaction.atomic())
        client = _lock_client(client)
        if client.erased_at:
            return
        prepared_for, person = person, _identify_person(client, business)
        if person != prepared_for:
            prepared = {}
        access.revoke_client_access(client, None, staff=staff, now=now)
        _erase_person(person, prepared, client, staff, reason, now=now)


def _identify_person(client: Client, business: Business) -> PersonIdentity:
    return clients.identify_person(client.ids_with_merged(), country=business.country)


def _prepare_erasure(person: PersonIdentity, stack: ExitStack) -> dict[str, EraseFunction]:
    """Return, by the policy's key, how to erase the rows of those policies that have to prepare it without locks."""
    return {
        policy.key: policy.prepare_erasure(person, stack)
        for policy in registry.list_personal_data_policies()
        if policy.prepare_erasure
    }


def _lock_client(client: Client) -> Client:
    """Take all locks that an erasure needs and return the client as it is now. Raises ErasureRefused."""
    # Of the lowest noun first: its lists may keep us waiting, and enquiries needn't wait as long.
    for policy in reversed(registry.list_personal_data_policies()):
        if policy.lock:
            policy.lock()
    return Client.objects.select_for_update().get(pk=client.pk)


def _erase_person(
    person: PersonIdentity,
    prepared: dict[str, EraseFunction],
    client: Client,
    staff: StaffActor | None,
    reason: str,
    *,
    now: datetime,
) -> None:
    """Erase the person from all tables, and record how many rows."""
    erased = {
        policy.key: prepared[policy.key](person, now)
        if policy.key in prepared
        else policy.erase_person_rows(person, now=now)
        for policy in registry.list_personal_data_policies()
    }
    erased |= {MENTIONS: redact_mentions(person), NAMESAKES: count_rows_with_name(person)}
    counts = {key: count for key, count in erased.items() if count}
    fields = activity.get_actor_fields(staff) if staff else {"actor": Entry.Actor.SYSTEM}
    details = {"erased": counts} | ({"reason": reason} if reason else {})
    activity.record_event(ClientEvent.ERASED, at=now, client=client, **details, **fields)
