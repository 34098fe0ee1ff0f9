"""How do two cards of one person become one, and what will stand on it?

The card that stays wins wherever it says something; what it leaves open comes from the
other. Whoever is blocked on either card stays blocked. The other card remains as a signpost
with its timeline, which is read through the card it went into.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity import services as activity
from portal.activity.verbs import Verb
from portal.cards.holdings import holdings
from portal.clients import services as clients
from portal.clients.models import Client
from portal.messaging.models import Kind
from tenants.staff.actor import Staff

PLAIN = ("name", "status", "language", "time_zone", "source")


class MergeRefused(ValueError):
    """These two can't be merged; the message says why, in a sentence for people."""


@dataclass(frozen=True)
class Preview:
    """What one field says on the card that stays, on the other, and afterwards."""

    field: str
    kept: Any
    gone: Any
    result: Any

    @property
    def is_from_gone(self) -> bool:
        """Tell whether the other card decides."""
        return self.result != self.kept and self.result == self.gone


def preview_merge(*, kept: Client, gone: Client) -> list[Preview]:
    """Return field by field what a merge leads to; fields of the business's own by their key."""
    plain = [Preview(field, getattr(kept, field), getattr(gone, field), _winner(field, kept, gone)) for field in PLAIN]
    keys = dict.fromkeys([*kept.custom, *gone.custom])
    own = [Preview(key, kept.custom.get(key), gone.custom.get(key), _custom(kept, gone).get(key)) for key in keys]
    since = min(kept.created_at, gone.created_at)
    return [*plain, Preview("created_at", kept.created_at, gone.created_at, since), *own]


@transaction.atomic
def merge_clients(*, kept: Client, gone: Client, staff: Staff, now: datetime) -> Client:
    """Merge one card into another and return the one that stays. Done before, it changes nothing. Raises MergeRefused.

    Sessions and attempts of both end: whoever is signed in would otherwise see what the other card knows.
    """
    kept, gone = _both(kept, gone)
    if gone.merged_into_id == kept.pk:
        return kept
    _check(kept, gone)
    told = {card.pk: access.ways_in(card) for card in (kept, gone)}
    before, other = _facts(kept), _facts(gone)
    for card in (kept, gone):
        access.end_access(card, None, staff=staff, now=now)
    for holding in holdings():
        holding.merged(kept=kept, gone=gone, now=now)
    _take_over(kept, gone, now=now)
    activity.record(
        Verb.CLIENT_MERGED,
        at=now,
        client=kept,
        subject_id=gone.pk,
        other=gone.name,
        other_card=other,
        before=before,
        after=_facts(kept),
        **activity.by(staff),
    )
    _sign_post(kept, gone, now=now)
    if told[gone.pk]:
        access.tell(kept, [*told[kept.pk], *told[gone.pk]], Kind.CONTACT_CHANGED, now=now)
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


def _winner(field: str, kept: Client, gone: Client) -> Any:
    if field == "status":
        blocked = Client.Status.BLOCKED in (kept.status, gone.status)
        return Client.Status.BLOCKED.value if blocked else kept.status
    return getattr(kept, field) or getattr(gone, field)


def _custom(kept: Client, gone: Client) -> dict[str, Any]:
    return gone.custom | {key: value for key, value in kept.custom.items() if value not in (None, "")}


def _take_over(kept: Client, gone: Client, *, now: datetime) -> None:
    """Write on the card that stays what the preview promised."""
    kept.blocked_at = kept.blocked_at or gone.blocked_at
    kept.custom = _custom(kept, gone)
    kept.created_at = min(kept.created_at, gone.created_at)
    kept.signed_in_at = max(filter(None, [kept.signed_in_at, gone.signed_in_at]), default=None)
    for field in PLAIN:
        setattr(kept, field, _winner(field, kept, gone))
    kept.updated_at = now
    kept.save(update_fields=[*PLAIN, "blocked_at", "custom", "created_at", "signed_in_at", "updated_at"])
    kept.tags.add(*gone.tags.all())


def _sign_post(kept: Client, gone: Client, *, now: datetime) -> None:
    """Leave the other card pointing at the one that stays, with all that pointed at it."""
    gone.merged.update(merged_into=kept)
    gone.tags.clear()
    gone.merged_into, gone.status, gone.archived_at, gone.updated_at = kept, Client.Status.ARCHIVED, now, now
    gone.custom = {}
    gone.save(update_fields=["merged_into", "status", "archived_at", "updated_at", "custom"])
    clients.write_search([kept.pk, gone.pk])


def _facts(client: Client) -> dict[str, Any]:
    """Return what the timeline keeps of a card, so that a merge can be followed afterwards."""
    return {
        **{field: getattr(client, field) for field in PLAIN},
        "tags": [tag.name for tag in client.tags.all()],
        "contacts": [access.identifier_of(contact).masked for contact in client.contacts.order_by("kind", "value")],
    }
