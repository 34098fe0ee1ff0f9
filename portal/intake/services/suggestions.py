"""Accept a suggestion, which changes the card, or dismiss it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access import services as access
from portal.activity import services as activity
from portal.clients import services as clients
from portal.clients.identifiers import Identifier
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactSource, Suggestion, SuggestionKind, SuggestionResolution
from portal.clients.services import suggestions
from tenants.staff.staff_actor import StaffActor

CONTACT_KINDS = {kind: contact_kind for contact_kind, kind in suggestions.SUGGESTION_KINDS.items()}


@transaction.atomic
def accept_suggestion(*, suggestion: Suggestion, staff: StaffActor, may_sign_in: bool = False, now: datetime) -> bool:
    """Put a suggested name or address on the card; False when somebody has resolved the suggestion already.

    Of a possible duplicate it confirms the address on this card, which remains a card of its own. Whoever typed an
    address may not be the client, so it can be used to sign in only if staff say so.
    """
    if suggestion.client is None or not suggestions.resolve_suggestion(
        suggestion, SuggestionResolution.ACCEPTED, now=now
    ):
        return False
    client = Client.objects.select_for_update(of=["self"], no_key=True).get(pk=suggestion.client.pk)
    if suggestion.kind == SuggestionKind.NAME:
        client = clients.change_client_details(client=client, staff=staff, now=now, name=suggestion.value)
    elif suggestion.kind == SuggestionKind.DUPLICATE:
        _confirm_address(suggestion, client, staff, now=now)
    else:
        _add_address(suggestion, client, staff, may_sign_in=may_sign_in, now=now)
    suggestion.client = client
    _record_suggestion_event(ClientEvent.SUGGESTION_ACCEPTED, suggestion, staff, now=now)
    return True


@transaction.atomic
def dismiss_suggestion(*, suggestion: Suggestion, staff: StaffActor, now: datetime) -> bool:
    """Leave the card as it is; False when somebody has resolved the suggestion already."""
    if not suggestions.resolve_suggestion(suggestion, SuggestionResolution.DISMISSED, now=now):
        return False
    _record_suggestion_event(ClientEvent.SUGGESTION_DISMISSED, suggestion, staff, now=now)
    return True


def _add_address(
    suggestion: Suggestion, client: Client, staff: StaffActor, *, may_sign_in: bool, now: datetime
) -> None:
    new = Identifier(CONTACT_KINDS[SuggestionKind(suggestion.kind)], suggestion.value)
    if client.contacts.filter(kind=new.kind, value=new.value).exists():
        return
    fields: dict[str, Any] = {"client": client, "source": ContactSource.STAFF, "staff": staff, "now": now}
    contact = access.change_contact(old=None, new=new, client_is_locked=True, **fields)
    if not may_sign_in:
        # Not by `set_sign_in_allowed`: the address could never be used to sign in, so there is nothing to record.
        Contact.objects.filter(pk=contact.pk).update(may_sign_in=False)


def _confirm_address(suggestion: Suggestion, client: Client, staff: StaffActor, *, now: datetime) -> None:
    contact = client.contacts.filter(value=suggestion.value).first()
    if contact:
        access.confirm_contact(client=client, contact=contact, staff=staff, client_is_locked=True, now=now)


def _record_suggestion_event(
    event_type: ClientEvent, suggestion: Suggestion, staff: StaffActor, *, now: datetime
) -> None:
    fields = {"client": suggestion.client, "subject_id": suggestion.pk, "at": now, "kind": suggestion.kind}
    activity.record_event(event_type, **fields, **activity.get_actor_fields(staff))
