"""How far a business vouches for a phone number: who gave it, and whether its owner has signed in with it."""

from uuid import UUID

from portal.access.models import ClientSession
from portal.clients.models import Client, Contact, ContactKind, ContactSource
from tenants.models import SmsPriority


def get_sms_priority(number: str, *, client_id: UUID | None, is_code: bool) -> SmsPriority:
    """Return the priority of a text to a number, for a client if it concerns only one."""
    if client_id and not Client.objects.get(pk=client_id).is_confirmed:
        return SmsPriority.REFUSED
    contacts = list(Contact.objects.confirmed().filter(kind=ContactKind.PHONE, value=number).select_related("client"))
    users = _list_users_of_codes(number, contacts)
    priorities = [_assess_contact(contact, has_used_codes=contact.client_id in users) for contact in contacts]
    priority = max(priorities, default=SmsPriority.CHOSEN)
    return priority if is_code else min(priority, SmsPriority.NOTICE)


def _list_users_of_codes(number: str, contacts: list[Contact]) -> set[UUID]:
    """Return the clients who have typed a code that was sent to a number."""
    clients = [contact.client_id for contact in contacts]
    sessions = ClientSession.objects.filter(client__in=clients, address=number)
    return set(sessions.values_list("client_id", flat=True))


def _assess_contact(contact: Contact, *, has_used_codes: bool) -> SmsPriority:
    """Return the priority of one contact. A number that a client added is not given, but may have been used."""
    if not contact.client.is_confirmed:
        return SmsPriority.CHOSEN
    is_given = contact.source != ContactSource.CLIENT
    if is_given and has_used_codes:
        return SmsPriority.ESTABLISHED
    return SmsPriority.GIVEN if is_given or has_used_codes else SmsPriority.CHOSEN
