"""Judge a new address for a card, and change what says nothing about signing in: a label, the main address."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity import services as activity
from portal.clients.identifiers import Identifier
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact
from tenants.staff.staff_actor import StaffActor


class ContactRefused(ValueError):
    """An address can't be put on a card: the message is a sentence for staff, `code` its reason."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def check_new_identifier(client: Client, new: Identifier, *, replaced: Contact | None) -> None:
    """Refuse an address of another kind than the replaced one, and one that the card has already.

    Raises ContactRefused.
    """
    if replaced and replaced.kind != new.kind:
        raise ContactRefused("other_kind", _("Enter an address of the same kind as the one you replace."))
    others = client.contacts.exclude(pk=replaced.pk) if replaced else client.contacts.all()
    if others.filter(kind=new.kind, value=new.value).exists():
        raise ContactRefused("already_on_file", _("This address is already on file."))


@transaction.atomic
def change_contact_label(*, client: Client, contact: Contact, label: str, staff: StaffActor, now: datetime) -> None:
    """Change the label of a contact. Nobody is notified, because sign-in is not affected."""
    if contact.label == label:
        return
    before, contact.label = contact.label, label
    contact.save(update_fields=["label"])
    activity.record_event(
        ClientEvent.CONTACT_CHANGED,
        at=now,
        client=client,
        contact=access.get_contact_identifier(contact).masked,
        before={"label": before},
        after={"label": label},
        **activity.get_actor_fields(staff),
    )


@transaction.atomic
def set_main_contact(*, client: Client, contact: Contact, is_main: bool, staff: StaffActor, now: datetime) -> None:
    """Make an address the main one of its kind, or no longer. Nobody is notified, because sign-in is not affected.

    Raises ContactRefused for an address that may not be used to sign in: nothing is sent there.
    """
    if contact.is_main == is_main:
        return
    if is_main and not contact.may_sign_in:
        raise ContactRefused("sign_in_not_allowed", _("Allow signing in with this address first."))
    client.contacts.filter(kind=contact.kind, is_main=True).update(is_main=False)
    contact.is_main = is_main
    contact.save(update_fields=["is_main"])
    activity.record_event(
        ClientEvent.CONTACT_CHANGED,
        at=now,
        client=client,
        contact=access.get_contact_identifier(contact).masked,
        before={"is_main": not is_main},
        after={"is_main": is_main},
        **activity.get_actor_fields(staff),
    )
