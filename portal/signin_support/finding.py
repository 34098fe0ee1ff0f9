"""Whom does a client mean who says "I typed this"? What they say is compared with every card."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.clients.identifiers import Identifier, NotAnAddress, may_be_texted, parse
from portal.clients.models import Client, Contact
from portal.clients.services import fold
from portal.profile.models import Profile
from portal.profile.services import sms_countries

ALIKE = 5


class Standing(StrEnum):
    """What one address on one card is good for."""

    ABLE = "able"
    NOT_ALLOWED = "not-allowed"
    UNCONFIRMED = "unconfirmed"
    NO_TEXTS = "no-texts"
    ARCHIVED = "archived"
    BLOCKED = "blocked"


# What is said beside one address.
WORDS: dict[str, str | Promise] = {
    Standing.ABLE: _("opens the portal"),
    Standing.NOT_ALLOWED: _("not for signing in"),
    Standing.UNCONFIRMED: _("not confirmed: no codes"),
    Standing.NO_TEXTS: _("country not switched on: no codes"),
    Standing.ARCHIVED: _("archived: no codes"),
    Standing.BLOCKED: _("blocked: no codes"),
}


@dataclass(frozen=True)
class Hit:
    """One card, the address on it that fits best, and whether that opens the portal."""

    client: Client
    contact: Contact | None
    standing: Standing

    @property
    def words(self) -> str | Promise:
        """What the address is good for, as people say it."""
        return WORDS[self.standing]


@dataclass(frozen=True)
class Finding:
    """What there is to what somebody typed: cards that have exactly this address, or else cards that look alike."""

    typed: str
    identifier: Identifier | None
    exact: list[Hit] = field(default_factory=list)
    similar: list[Hit] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """Return the one word for it: able, shared, a standing that keeps them out, similar, unknown, unreadable."""
        able = [hit for hit in self.exact if hit.standing == Standing.ABLE]
        if able:
            return "shared" if len(able) > 1 else "able"
        if self.exact:
            return self.exact[0].standing.value
        if self.similar:
            return "similar"
        return "unknown" if self.identifier else "unreadable"


def find(*, typed: str, country: str, profile: Profile) -> Finding:
    """Compare what was typed with every card, in two statements at most; demo clients are nobody."""
    try:
        identifier = parse(typed, country=country)
    except NotAnAddress:
        return Finding(typed, None, similar=_similar(typed, profile))
    exact = [Hit(contact.client, contact, standing_of(contact, profile)) for contact in _exact(identifier)]
    return Finding(typed, identifier, exact, [] if exact else _similar(identifier.value, profile))


def standing_of(contact: Contact, profile: Profile) -> Standing:
    """Return what an address is good for; its client comes along."""
    status = contact.client.status
    if status != Client.Status.ACTIVE:
        return Standing.ARCHIVED if status == Client.Status.ARCHIVED else Standing.BLOCKED
    if not contact.may_sign_in:
        return Standing.NOT_ALLOWED
    if contact.kind == Contact.Kind.EMAIL:
        return Standing.ABLE
    if not contact.confirmed_at:
        return Standing.UNCONFIRMED
    return Standing.ABLE if may_be_texted(contact.value, countries=sms_countries(profile)) else Standing.NO_TEXTS


def _exact(identifier: Identifier) -> list[Contact]:
    found = Contact.objects.real().filter(kind=identifier.kind, value=identifier.value, client__in=_listed())
    return sorted(found.select_related("client"), key=lambda contact: contact.client.name)


def _similar(typed: str, profile: Profile) -> list[Hit]:
    """Return the cards whose name or an address of which is most like this, the likest first."""
    text = fold(typed)
    cards = _listed().filter(TrigramWordSimilar(F("search"), Value(text)))
    cards = cards.order_by(TrigramWordSimilarity(text, "search").desc(), "pk").prefetch_related("contacts")
    return [_nearest(card, typed, profile) for card in cards[:ALIKE]]


def _nearest(card: Client, typed: str, profile: Profile) -> Hit:
    contacts = list(card.contacts.all())
    for contact in contacts:
        contact.client = card
    if not contacts:
        return Hit(card, None, Standing.NOT_ALLOWED)
    best = max(contacts, key=lambda contact: SequenceMatcher(None, contact.value, typed.lower()).ratio())
    return Hit(card, best, standing_of(best, profile))


def _listed() -> QuerySet[Client]:
    return Client.objects.listed()
