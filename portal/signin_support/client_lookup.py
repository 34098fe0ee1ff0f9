"""Search the client list for what a client says they typed on the sign-in page."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.branding.models import PortalSettings
from portal.branding.services import list_sms_countries
from portal.clients.identifiers import Identifier, InvalidIdentifier, can_receive_sms, parse_identifier
from portal.clients.models import Client, ClientStatus, Contact, ContactKind
from portal.ui.text_folding import fold_text

# Client cards shown when none has exactly the address.
MAX_SIMILAR = 5


class SignInEligibility(StrEnum):
    """Whether a client can sign in with one address on their card, or why not."""

    ELIGIBLE = "eligible"
    NOT_ALLOWED = "not-allowed"
    UNCONFIRMED = "unconfirmed"
    CLIENT_UNCONFIRMED = "client-unconfirmed"
    COUNTRY_DISABLED = "country-disabled"
    ARCHIVED = "archived"
    BLOCKED = "blocked"


# How each is named on screen.
ELIGIBILITY_LABELS: dict[str, str | Promise] = {
    SignInEligibility.ELIGIBLE: _("can sign in"),
    SignInEligibility.NOT_ALLOWED: _("not used for signing in"),
    SignInEligibility.UNCONFIRMED: _("not confirmed: no codes"),
    SignInEligibility.CLIENT_UNCONFIRMED: _("client not confirmed: no text messages"),
    SignInEligibility.COUNTRY_DISABLED: _("country not enabled: no codes"),
    SignInEligibility.ARCHIVED: _("archived: no codes"),
    SignInEligibility.BLOCKED: _("blocked: no codes"),
}


@dataclass(frozen=True)
class LookupMatch:
    """A client that fits what was typed: the address that fits best, and whether it can be used to sign in."""

    client: Client
    contact: Contact | None
    eligibility: SignInEligibility

    @property
    def eligibility_label(self) -> str | Promise:
        """Return the eligibility as it is named on screen."""
        return ELIGIBILITY_LABELS[self.eligibility]


@dataclass(frozen=True)
class ClientLookupResult:
    """The clients that have exactly the address that was typed, or where none has, those most similar."""

    typed: str
    identifier: Identifier | None
    exact: list[LookupMatch] = field(default_factory=list)
    similar: list[LookupMatch] = field(default_factory=list)

    @property
    def lookup_outcome(self) -> str:
        """Return a SignInEligibility of an exact match, or one of shared, similar, unknown and unreadable."""
        eligible = [match for match in self.exact if match.eligibility == SignInEligibility.ELIGIBLE]
        if eligible:
            return "shared" if len(eligible) > 1 else SignInEligibility.ELIGIBLE.value
        if self.exact:
            return self.exact[0].eligibility.value
        if self.similar:
            return "similar"
        return "unknown" if self.identifier else "unreadable"


def find_clients(*, typed: str, country: str, portal_settings: PortalSettings) -> ClientLookupResult:
    """Search for an address or a name, in two statements at most; demo clients are left out."""
    try:
        identifier = parse_identifier(typed, country=country)
    except InvalidIdentifier:
        return ClientLookupResult(typed, None, similar=_find_similar(typed, portal_settings))
    exact = [
        LookupMatch(contact.client, contact, check_sign_in_eligibility(contact, portal_settings))
        for contact in _find_exact(identifier)
    ]
    return ClientLookupResult(
        typed, identifier, exact, [] if exact else _find_similar(identifier.value, portal_settings)
    )


def check_sign_in_eligibility(contact: Contact, portal_settings: PortalSettings) -> SignInEligibility:
    """Return whether an address can be used to sign in; `contact.client` must be loaded."""
    status = contact.client.status
    if status != ClientStatus.ACTIVE:
        return SignInEligibility.ARCHIVED if status == ClientStatus.ARCHIVED else SignInEligibility.BLOCKED
    if not contact.may_sign_in:
        return SignInEligibility.NOT_ALLOWED
    if contact.kind == ContactKind.EMAIL:
        return SignInEligibility.ELIGIBLE
    if not contact.confirmed_at:
        return SignInEligibility.UNCONFIRMED
    if not contact.client.is_confirmed:
        return SignInEligibility.CLIENT_UNCONFIRMED
    is_enabled = can_receive_sms(contact.value, countries=list_sms_countries(portal_settings))
    return SignInEligibility.ELIGIBLE if is_enabled else SignInEligibility.COUNTRY_DISABLED


def find_eligible_contact(
    client: Client, contact_id: UUID | None, *, portal_settings: PortalSettings
) -> Contact | None:
    """Return the contact of a client with this id, if codes can be sent to it."""
    found = client.contacts.filter(pk=contact_id) if contact_id else client.contacts.none()
    contact = found.select_related("client").first()
    is_eligible = contact and check_sign_in_eligibility(contact, portal_settings) == SignInEligibility.ELIGIBLE
    return contact if is_eligible else None


def _find_exact(identifier: Identifier) -> list[Contact]:
    found = Contact.objects.exclude_demo().filter(
        kind=identifier.kind, value=identifier.value, client__in=_filter_listed_clients()
    )
    return sorted(found.select_related("client"), key=lambda contact: contact.client.name)


def _find_similar(typed: str, portal_settings: PortalSettings) -> list[LookupMatch]:
    """Return the clients whose name or address is most similar to the text, the most similar first."""
    text = fold_text(typed)
    clients = _filter_listed_clients().filter(TrigramWordSimilar(F("search"), Value(text)))
    clients = clients.order_by(TrigramWordSimilarity(text, "search").desc(), "pk").prefetch_related("contacts")
    return [_match_closest_address(client, typed, portal_settings) for client in clients[:MAX_SIMILAR]]


def _match_closest_address(client: Client, typed: str, portal_settings: PortalSettings) -> LookupMatch:
    contacts = list(client.contacts.all())
    for contact in contacts:
        contact.client = client
    if not contacts:
        return LookupMatch(client, None, SignInEligibility.NOT_ALLOWED)
    closest = max(contacts, key=lambda contact: SequenceMatcher(None, contact.value, typed.lower()).ratio())
    return LookupMatch(client, closest, check_sign_in_eligibility(closest, portal_settings))


def _filter_listed_clients() -> QuerySet[Client]:
    return Client.objects.exclude_unlisted()
