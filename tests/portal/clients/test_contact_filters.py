"""Template filters for the contacts of clients."""

from portal.clients.models import Contact, ContactKind
from portal.clients.templatetags import contacts


def test_a_contact_has_the_icon_and_format_of_its_kind():
    email = Contact(kind=ContactKind.EMAIL, value="ana@example.com")
    mobile = Contact(kind=ContactKind.PHONE, value="+447700900101")

    assert (contacts.contact_icon(email), contacts.contact_value(email)) == ("envelope", "ana@example.com")
    assert (contacts.contact_icon(mobile), contacts.contact_value(mobile)) == ("device-phone-mobile", "+44 7700 900101")
