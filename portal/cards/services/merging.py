"""How do two cards of one person become one?

What will stand on it is decided in `deciding`. The other card remains as a signpost
with its timeline, which is read through the card it went into.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.cards.holdings import holdings
from portal.cards.services.deciding import MAILBOX, PLAIN, SINCE, Preview, has_value, is_offered, preview_merge
from portal.clients import services as clients
from portal.clients.models import Client, Contact
from portal.messaging.models import MessageKind
from tenants.staff.actor import Staff

TIMES = ("created_at", "updated_at", "signed_in_at", "archived_at", "blocked_at")


class MergeRefused(ValueError):
    """These two can't be merged; the message says why, in a sentence for people."""


class ChoiceGone(MergeRefused):
    """What was chosen is no longer there to be chosen: a card was changed meanwhile."""


@transaction.atomic
def merge_clients(
    *, kept: Client, gone: Client, staff: Staff, now: datetime, choices: Mapping[str, str] | None = None
) -> Client:
    """Merge one card into another and return the one that stays. Done before, it changes nothing. Raises MergeRefused.

    `choices` are for `deciding.preview_merge`; one that isn't offered any more is refused.
    Sessions and attempts of both end: whoever is signed in would otherwise see what the other card knows.
    """
    kept, gone = _both(kept, gone)
    if gone.merged_into_id == kept.pk:
        return kept
    _check(kept, gone)
    rows = _agreed(kept, gone, choices or {})
    told = {card.pk: access.sign_in_identifiers(card) for card in (kept, gone)}
    before, other = _facts(kept), _facts(gone)
    for card in (kept, gone):
        access.revoke_access(card, None, staff=staff, now=now)
    for holding in holdings():
        holding.merged(kept=kept, gone=gone, now=now)
    _take_over(kept, gone, rows, now=now)
    activity.record(
        EventType.CLIENT_MERGED,
        at=now,
        client=kept,
        subject_id=gone.pk,
        other=gone.name,
        other_card=other,
        before=before,
        after=_facts(kept),
        **activity.actor_fields(staff),
    )
    _sign_post(kept, gone, now=now)
    if told[gone.pk]:
        access.notify_addresses(kept, [*told[kept.pk], *told[gone.pk]], MessageKind.CONTACT_CHANGED, now=now)
    return kept


def _both(kept: Client, gone: Client) -> tuple[Client, Client]:
    """Return both cards as they are now, held for this merge; always locked in one order."""
    found = Client.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk").in_bulk()
    return found[kept.pk], found[gone.pk]


def _check(kept: Client, gone: Client) -> None:
    if kept.pk == gone.pk:
        raise MergeRefused(_("A card can’t be merged with itself."))
    if kept.merged_into_id or gone.merged_into_id:
        raise MergeRefused(_("One of the two was merged with another card meanwhile."))
    if kept.erased_at or gone.erased_at:
        raise MergeRefused(_("One of the two was erased."))
    if kept.is_demo != gone.is_demo:
        raise MergeRefused(_("The demo client can’t be merged with a real one."))


def _agreed(kept: Client, gone: Client, choices: Mapping[str, str]) -> list[Preview]:
    """Return what will stand there, if what was chosen is still to be chosen."""
    rows = preview_merge(kept=kept, gone=gone, choices=choices)
    if not is_offered(choices, rows):
        raise ChoiceGone(_("The two cards are no longer what you saw. Look at them once more."))
    return rows


def _take_over(kept: Client, gone: Client, rows: list[Preview], *, now: datetime) -> None:
    """Write on the card that stays what the preview promised."""
    agreed = {row.field: row.result for row in rows}
    mailbox, kept.created_at = agreed.pop(MAILBOX), agreed.pop(SINCE)
    for field in PLAIN:
        setattr(kept, field, agreed.pop(field))
    kept.custom = {key: value for key, value in agreed.items() if has_value(value)}
    kept.blocked_at = kept.blocked_at or gone.blocked_at
    kept.archived_at = None if kept.status == Client.Status.ACTIVE else kept.archived_at or gone.archived_at
    kept.signed_in_at = max(filter(None, [kept.signed_in_at, gone.signed_in_at]), default=None)
    kept.updated_at = now
    kept.save(update_fields=[*PLAIN, "custom", *TIMES])
    kept.tags.add(*gone.tags.all())
    _put_first(kept, mailbox)


def _put_first(kept: Client, mailbox: str) -> None:
    """Let the promised mailbox be the one that is written to, also where the other card brought an older one."""
    mailboxes = kept.contacts.filter(kind=Contact.Kind.EMAIL)
    mailboxes.update(is_main=False)
    mailboxes.filter(value=mailbox).update(is_main=True)


def _sign_post(kept: Client, gone: Client, *, now: datetime) -> None:
    """Leave the other card pointing at the one that stays, with all that pointed at it."""
    gone.merged.update(merged_into=kept)
    gone.tags.clear()
    gone.merged_into, gone.status, gone.archived_at, gone.updated_at = kept, Client.Status.ARCHIVED, now, now
    gone.custom = {}
    gone.save(update_fields=["merged_into", "status", "archived_at", "updated_at", "custom"])
    clients.update_search_text([kept.pk, gone.pk])


def _facts(client: Client) -> dict[str, Any]:
    """Return what the timeline keeps of a card, so that a merge can be followed afterwards."""
    return {
        **{field: getattr(client, field) for field in PLAIN},
        "tags": [tag.name for tag in client.tags.all()],
        "contacts": [
            access.contact_identifier(contact).masked for contact in client.contacts.order_by("kind", "value")
        ],
    }
