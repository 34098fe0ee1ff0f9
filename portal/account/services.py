"""What a client may do with their own addresses."""

from django.utils.translation import gettext as _

from portal.access.models import PortalSession
from portal.branding.models import PortalSettings
from portal.branding.services import list_sms_countries
from portal.clients.identifiers import Identifier, can_receive_sms
from portal.clients.models import Client, Contact, ContactKind
from tenants.models import Business


class NewContactRefused(Exception):
    """The address can't be added or replace another one; the text says why, for people, and `code` for programs."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def check_new_contact(
    *, client: Client, new: Identifier, old: Contact | None, business: Business, portal_settings: PortalSettings
) -> None:
    """Check that an address gets codes, and may be added or replace one of its kind. Raises NewContactRefused."""
    if old and old.kind != new.kind:
        raise NewContactRefused("other_kind", _("Enter an address of the same kind as the one you replace."))
    if new.kind == ContactKind.PHONE and not client.is_confirmed:
        raise NewContactRefused("no_texts", describe_missing_texts(business))
    if new.kind == ContactKind.PHONE and not can_receive_sms(new.value, countries=list_sms_countries(portal_settings)):
        raise NewContactRefused("no_texts", _("We can’t send text messages to this number."))
    if client.contacts.filter(kind=new.kind, value=new.value, confirmed_at__isnull=False).exists():
        raise NewContactRefused("already_on_file", _("This address is already on file."))


def describe_missing_texts(business: Business) -> str:
    """Return the sentence that says why a client gets no texts yet."""
    text = _(
        "We can’t text a code yet. %(business)s has to confirm you as a client first. Codes come by email until then."
    )
    return text % {"business": business.name}


def get_sign_in_identifier(session: PortalSession) -> Identifier:
    """Return the address with which a session was opened."""
    return Identifier(ContactKind(session.identifier_kind), session.address)
