"""Merge two clients that are one person.

The result is decided by `merge_preview`. The duplicate stays as a redirect to the survivor, with its own
timeline, which is read together with the survivor's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.access.kinds import AccessMessageKind
from portal.activity import services as activity
from portal.cards.services.merge_preview import (
    CLIENT_SINCE,
    MAIN_EMAIL,
    PLAIN_FIELDS,
    MergedField,
    are_merge_choices_valid,
    compute_merged_fields,
    is_filled,
)
from portal.clients import services as clients
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientStatus, ContactKind
from portal.clients.services.contacts import query_form_addresses
from tenants.nouns import registry
from tenants.raw_sql import check_model_columns
from tenants.staff.staff_actor import StaffActor

TIMESTAMP_FIELDS = ("created_at", "updated_at", "signed_in_at", "confirmed_at", "archived_at", "blocked_at")
# What a merge leaves as it is on the survivor; the search text follows from the name and the addresses.
UNCHANGED_COLUMNS = ("id", "is_demo", "search", "merged_into_id", "erased_at")


class MergeRefused(ValueError):
    """The two clients can't be merged; the message is a sentence for staff that says why."""


class StaleMergeChoices(MergeRefused):
    """A card was changed meanwhile, so a choice is not open any more."""


@transaction.atomic
def merge_clients(
    *,
    survivor: Client,
    duplicate: Client,
    staff: StaffActor,
    now: datetime,
    choices: Mapping[str, str] | None = None,
    form_addresses_checked: bool = False,
) -> Client:
    """Merge the duplicate into the survivor and return it; nothing changes if they are merged. Raises MergeRefused.

    `choices` are those of `compute_merged_fields`; one that is not open any more raises StaleMergeChoices.
    Whoever typed an address into a form may not be the client, so an address that only a form brought to one of the
    cards can be used to sign in only if staff say that they have checked it (`form_addresses_checked`).
    Sessions and sign-in attempts of both end, because whoever is signed in would see the other card's data. With an
    address that signs nobody in any more go the passkeys that depend on it.
    """
    survivor, duplicate = _lock_both_clients(survivor, duplicate)
    if duplicate.merged_into_id == survivor.pk:
        return survivor
    _check_mergeable(survivor, duplicate)
    rows = _merge_fields(survivor, duplicate, choices or {})
    usable_before = _list_sign_in_values(survivor, duplicate)
    if not form_addresses_checked:
        query_form_addresses(survivor, duplicate).update(may_sign_in=False)
    notified = {client.pk: access.list_sign_in_identifiers(client) for client in (survivor, duplicate)}
    before, other_card = _build_card_snapshot(survivor), _build_card_snapshot(duplicate)
    _move_rows(survivor, duplicate, staff=staff, now=now)
    _update_survivor(survivor, duplicate, rows, now=now)
    lost = usable_before - _list_sign_in_values(survivor)
    removed = access.revoke_addresses(survivor, sorted(lost), staff=staff, now=now)
    activity.record_event(
        ClientEvent.MERGED,
        at=now,
        client=survivor,
        subject_id=duplicate.pk,
        subject_name=duplicate.name,
        other_card=other_card,
        before=before,
        after=_build_card_snapshot(survivor),
        **activity.get_actor_fields(staff),
    )
    _archive_duplicate(survivor, duplicate, now=now)
    if notified[duplicate.pk] or removed:
        recipients = [*notified[survivor.pk], *notified[duplicate.pk]]
        access.notify_addresses(survivor, recipients, AccessMessageKind.CONTACT_CHANGED, now=now, **removed)
    return survivor


def _list_sign_in_values(*clients: Client) -> set[str]:
    """Return the addresses with which one of the clients may sign in."""
    return {identifier.value for client in clients for identifier in access.list_sign_in_identifiers(client)}


def _lock_both_clients(survivor: Client, duplicate: Client) -> tuple[Client, Client]:
    """Return both clients, locked; always in the same order, so that two merges cannot deadlock."""
    found = Client.objects.select_for_update().filter(pk__in=[survivor.pk, duplicate.pk]).order_by("pk").in_bulk()
    return found[survivor.pk], found[duplicate.pk]


def _check_mergeable(survivor: Client, duplicate: Client) -> None:
    if survivor.pk == duplicate.pk:
        raise MergeRefused(_("A card can’t be merged with itself."))
    if survivor.merged_into_id or duplicate.merged_into_id:
        raise MergeRefused(_("One of the two cards has been merged with another card."))
    if survivor.erased_at or duplicate.erased_at:
        raise MergeRefused(_("One of the two clients has been erased."))
    if survivor.is_demo != duplicate.is_demo:
        raise MergeRefused(_("The demo client can’t be merged with a real one."))


def _merge_fields(survivor: Client, duplicate: Client, choices: Mapping[str, str]) -> list[MergedField]:
    """Return the result of the merge. Raises StaleMergeChoices."""
    rows = compute_merged_fields(survivor=survivor, duplicate=duplicate, choices=choices)
    if not are_merge_choices_valid(choices, rows):
        raise StaleMergeChoices(_("One of the two cards has changed. Please check them again."))
    return rows


def _move_rows(survivor: Client, duplicate: Client, *, staff: StaffActor, now: datetime) -> None:
    """End the sessions and sign-in attempts of both, and give the survivor what refers to the duplicate."""
    for client in (survivor, duplicate):
        access.revoke_client_access(client, None, staff=staff, now=now)
    for policy in registry.list_personal_data_policies():
        policy.merge_client_rows(survivor_id=survivor.pk, duplicate_id=duplicate.pk, now=now)


def _update_survivor(survivor: Client, duplicate: Client, rows: list[MergedField], *, now: datetime) -> None:
    """Write the result of the merge to the survivor."""
    results = {row.field: row.result for row in rows}
    main_email, survivor.created_at = results.pop(MAIN_EMAIL), results.pop(CLIENT_SINCE)
    if survivor.is_confirmed or duplicate.is_confirmed:
        # Whichever way onto the list is kept, staff vouch for the person.
        survivor.confirmed_at = survivor.confirmed_at or duplicate.confirmed_at or now
    for field in PLAIN_FIELDS:
        setattr(survivor, field, results.pop(field))
    survivor.custom = {key: value for key, value in results.items() if is_filled(value)}
    survivor.blocked_at = survivor.blocked_at or duplicate.blocked_at
    is_active = survivor.status == ClientStatus.ACTIVE
    survivor.archived_at = None if is_active else survivor.archived_at or duplicate.archived_at
    survivor.signed_in_at = max(filter(None, [survivor.signed_in_at, duplicate.signed_in_at]), default=None)
    survivor.updated_at = now
    merged_columns = [*PLAIN_FIELDS, "custom", *TIMESTAMP_FIELDS]
    # A new column that is named in neither makes every merge fail, so that it can't be forgotten.
    check_model_columns(Client, [*merged_columns, *UNCHANGED_COLUMNS])
    survivor.save(update_fields=merged_columns)
    survivor.tags.add(*duplicate.tags.all())
    _set_main_email(survivor, main_email)


def _set_main_email(survivor: Client, main_email: str) -> None:
    """Make an email address the main one, even if the duplicate brought an older one."""
    mailboxes = survivor.contacts.filter(kind=ContactKind.EMAIL)
    mailboxes.update(is_main=False)
    mailboxes.filter(value=main_email, may_sign_in=True).update(is_main=True)


def _archive_duplicate(survivor: Client, duplicate: Client, *, now: datetime) -> None:
    """Archive the duplicate, and redirect it and all clients merged into it to the survivor."""
    duplicate.merged.update(merged_into=survivor)
    duplicate.tags.clear()
    duplicate.merged_into, duplicate.status = survivor, ClientStatus.ARCHIVED
    duplicate.archived_at, duplicate.updated_at = now, now
    duplicate.custom = {}
    duplicate.save(update_fields=["merged_into", "status", "archived_at", "updated_at", "custom"])
    clients.update_search_text([survivor.pk, duplicate.pk])


def _build_card_snapshot(client: Client) -> dict[str, Any]:
    """Return what the timeline stores of a card, so that a merge can be followed afterwards."""
    return {
        **{field: getattr(client, field) for field in PLAIN_FIELDS},
        "tags": [tag.name for tag in client.tags.all()],
        "contacts": [
            access.get_contact_identifier(contact).masked for contact in client.contacts.order_by("kind", "value")
        ],
    }
