"""How far a business vouches for a phone number: who gave it, and whether a code that was texted there was typed."""

from uuid import UUID

from portal.clients.models import Client, Contact, ContactKind, ContactSource
from tenants.models import SmsPriority


def get_sms_priority(number: str, *, client_id: UUID | None, is_code: bool) -> SmsPriority:
    """Return the priority of a text to a number, for a client if it concerns only one."""
    if client_id and not Client.objects.get(pk=client_id).is_confirmed:
        return SmsPriority.REFUSED
    contacts = list(Contact.objects.confirmed().filter(kind=ContactKind.PHONE, value=number).select_related("client"))
    priorities = [_assess_contact(contact) for contact in contacts]
    priority = max(priorities, default=SmsPriority.CHOSEN)
    return priority if is_code else min(priority, SmsPriority.NOTICE)


def _assess_contact(contact: Contact) -> SmsPriority:
    """Return the priority of one contact. A number that its client added stays apart from those that are given."""
    if not contact.client.is_confirmed:
        return SmsPriority.CHOSEN
    if contact.source == ContactSource.CLIENT:
        return SmsPriority.USED if contact.code_used_at else SmsPriority.CHOSEN
    return SmsPriority.ESTABLISHED if contact.code_used_at else SmsPriority.GIVEN
