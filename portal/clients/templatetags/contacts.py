"""Template filters for the addresses of clients."""

from django import template
from django.utils.translation import gettext as _

from portal.clients.models import Client, Contact, ContactKind, Suggestion
from portal.clients.services.possible_duplicates import list_possible_duplicates
from portal.ui.formatting import format_phone

register = template.Library()


@register.filter
def contact_icon(contact: Contact) -> str:
    """Return the icon of an email address or a phone number."""
    return "envelope" if contact.kind == ContactKind.EMAIL else "device-phone-mobile"


@register.filter
def sign_in_note(contact: Contact) -> str:
    """Return whether the client can sign in with an address, and why not."""
    if not contact.may_sign_in:
        return _("not used for signing in")
    if not contact.confirmed_at:
        return (
            _("from a form, not confirmed: receives no codes")
            if contact.kind == ContactKind.PHONE
            else _("can sign in · from a form, not confirmed yet")
        )
    if contact.kind == ContactKind.PHONE and not contact.client.is_confirmed:
        return _("receives no codes until you confirm the client")
    return _("can sign in")


@register.filter
def contact_value(contact: Contact) -> str:
    """Return an email address as it is, and a phone number with the spaces usual in its country."""
    return contact.value if contact.kind == ContactKind.EMAIL else format_phone(contact.value)


@register.filter
def possible_duplicates(suggestion: Suggestion) -> list[Client]:
    """Return the clients who may be the same person as the suggestion's client."""
    return list_possible_duplicates(suggestion)


@register.filter
def is_unconfirmed_on_card(suggestion: Suggestion) -> bool:
    """Return whether the address of a suggestion is unconfirmed on the card of its client."""
    found = Contact.objects.filter(client=suggestion.client_id, value=suggestion.value, confirmed_at=None)
    return suggestion.client_id is not None and found.exists()
