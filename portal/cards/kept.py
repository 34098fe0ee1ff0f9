"""What do the client list, sign-ins, messages and the timeline keep of a person?"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.models import Challenge
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.cards.holdings import Holding, Keys
from portal.clients.models import Client, Contact, Suggestion
from portal.messaging.models import Message, Suppression
from tenants.models import Delivery, DeliveryState

# What a line says that is nobody's own: how it went, not who it was.
IMPERSONAL = ("channel", "kind", "provider", "reason", "count", "known", "sendable", "new_browser", "source")
ERASED_TO_PIECES = 500


def _merge_contacts(kept: Client, gone: Client, now: datetime) -> None:
    """Move addresses; one that stands on both cards stays as the card that stays has it, confirmed if either was."""
    there = {(contact.kind, contact.value): contact for contact in kept.contacts.all()}
    for contact in gone.contacts.all():
        own = there.get((contact.kind, contact.value))
        if own is None:
            Contact.objects.filter(pk=contact.pk).update(client=kept)
            continue
        if contact.confirmed_at and not own.confirmed_at:
            Contact.objects.filter(pk=own.pk).update(confirmed_at=contact.confirmed_at)
        contact.delete()


def _erase_contacts(keys: Keys, now: datetime) -> None:
    """Delete addresses, and what providers said of them where no other card has them."""
    values = set(Contact.objects.filter(client__in=keys).values_list("value", flat=True))
    elsewhere = Contact.objects.filter(value__in=values).exclude(client__in=keys).values_list("value", flat=True)
    Suppression.objects.filter(value__in=values - set(elsewhere)).delete()
    Contact.objects.filter(client__in=keys).delete()


def _erase_suggestions(keys: Keys, now: datetime) -> None:
    """Delete what was typed about these cards, also where it might have meant another one."""
    might_mean = Q()
    for key in keys:
        might_mean |= Q(typed__clients__contains=[str(key)])
    Suggestion.objects.filter(Q(client__in=keys) | might_mean).delete()


def _merge_challenges(kept: Client, gone: Client, now: datetime) -> None:
    for column in ("client", "handed_to"):
        Challenge.objects.filter(**{column: gone}).update(**{column: kept})


def _erase_challenges(keys: Keys, now: datetime) -> None:
    """Delete attempts, also those under way at an address on the card that others share.

    What was typed stands masked on lines that may name no client; they are blanked with the attempt.
    """
    values = Contact.objects.filter(client__in=keys).values("value")
    shared = Q(client=None, address__in=values)
    concerned = Challenge.objects.filter(Q(client__in=keys) | Q(handed_to__in=keys) | shared)
    _blank(Entry.objects.filter(client=None, subject_id__in=list(concerned.values_list("pk", flat=True))))
    concerned.delete()


def _erase_messages(keys: Keys, now: datetime) -> None:
    """Keep that a message went out; forget to whom and what it said, and withdraw what is still owed."""
    messages = Message.objects.filter(client__in=keys)
    pending = list(messages.values_list("pk", flat=True))
    void: dict[str, Any] = {"state": DeliveryState.VOID, "settled_at": now, "leased_until": None}
    Delivery.objects.filter(message_id__in=pending, settled_at=None).update(**void)
    messages.update(to="", data={}, language="", about_id=None)


def _erase_entries(keys: Keys, now: datetime) -> None:
    _blank(Entry.objects.filter(client__in=keys))


def _blank(entries: QuerySet[Entry]) -> None:
    """Leave of each line what happened, when, and which colleague did it."""
    with activity.unlocked():
        for entry in entries.only("verb", "actor", "actor_name", "ip", "data").iterator(chunk_size=ERASED_TO_PIECES):
            entry.data = {word: entry.data[word] for word in IMPERSONAL if word in entry.data}
            if entry.actor != Entry.Actor.STAFF:
                entry.actor_name, entry.actor_id, entry.ip = "", None, None
            Entry.objects.filter(pk=entry.pk).update(
                data=entry.data, actor_name=entry.actor_name, actor_id=entry.actor_id, ip=entry.ip
            )


CONTACTS = Holding("contacts", _("Contact data"), "clients.Contact", merge=_merge_contacts, erase=_erase_contacts)
NOTES = Holding("notes", _("Notes"), "clients.Note", left_out=("author_id",))
SUGGESTIONS = Holding("suggestions", _("Typed in forms"), "clients.Suggestion", erase=_erase_suggestions)
SESSIONS = Holding("sessions", _("Sessions"), "access.ClientSession")
VISITS = Holding("visits", _("Seen by staff as the client sees it"), "access.Visit", left_out=("person_id",))
CHALLENGES = Holding(
    "sign-ins",
    _("Sign-in attempts"),
    "access.Challenge",
    left_out=("key_id", "digits", "handed_to"),
    merge=_merge_challenges,
    erase=_erase_challenges,
)
MESSAGES = Holding("messages", _("Messages sent"), "messaging.Message", left_out=("about_id",), erase=_erase_messages)
LINES = Holding("conversation", _("Conversation"), "messaging.Line", left_out=("author_id",))
# Lines of the timeline are not rewritten when cards are merged: they are read through the card they went into.
ENTRIES = Holding(
    "timeline",
    _("Timeline"),
    "activity.Entry",
    order="at",
    left_out=("subject_id", "actor_id"),
    moves=False,
    erase=_erase_entries,
)
