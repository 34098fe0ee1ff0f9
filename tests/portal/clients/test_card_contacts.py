"""Tests of changing a client's addresses: notifications, sessions and the timeline."""

import pytest

from portal.access.kinds import AccessMessageKind
from portal.access.models import ClientSession
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Contact, Suggestion
from portal.messaging.models import Message
from tenants.context import use_business
from tests.factories import ClientFactory, ClientSessionFactory

ANA, MOBILE = "ana@example.com", "+447700900101"


@pytest.fixture
def post_contact_action(acme, ana, staff_client):
    """Return a function that posts a form of Ana's contact page, for one of her addresses if one is named."""
    browser = staff_client("staff")

    def post_contact_action(action, value="", **typed):
        with use_business(acme):
            place = f"{ana.contacts.get(value=value).pk}/" if value else ""
        return browser.post(f"/console/acme/clients/{ana.pk}/contacts/{place}{action}", typed)

    return post_contact_action


def notified_addresses(acme):
    """Return the addresses that were notified of changes to the card."""
    with use_business(acme):
        return set(Message.objects.filter(kind=AccessMessageKind.CONTACT_CHANGED).values_list("to", flat=True))


def list_contact_values(acme, ana):
    with use_business(acme):
        return {contact.value: contact for contact in ana.contacts.all()}


def list_contact_changes(acme):
    with use_business(acme):
        return list(Entry.objects.filter(event_type=ClientEvent.CONTACT_CHANGED).order_by("-at"))


def test_an_address_is_added_with_a_label_and_those_on_the_card_are_notified(acme, ana, post_contact_action):
    with use_business(acme):
        ClientSessionFactory(client=ana)
    assert post_contact_action("new/", identifier="ana@work.example", label="Work").status_code == 302

    added = list_contact_values(acme, ana)["ana@work.example"]
    assert (added.label, added.may_sign_in, bool(added.confirmed_at)) == ("Work", True, True)
    assert notified_addresses(acme) == {ANA, MOBILE, "ana@work.example"}
    with use_business(acme):
        assert not ClientSession.objects.filter(ended_at=None).exists()
        ana.refresh_from_db()
        assert "ana@work.example" in ana.search
    entry = list_contact_changes(acme)[0]
    assert (entry.actor, bool(entry.actor_id), entry.ip) == ("staff", True, "127.0.0.1")
    assert entry.data["after"] == {"email": "a•••@work.example"}


@pytest.mark.parametrize("typed", ["", "nothing", ANA, " ANA@EXAMPLE.COM ", "12"])
def test_an_invalid_or_existing_address_is_refused(acme, ana, post_contact_action, typed):
    assert post_contact_action("new/", identifier=typed).status_code == 422
    assert set(list_contact_values(acme, ana)) == {ANA, MOBILE}


def test_an_address_is_changed_and_the_old_the_new_and_all_other_ones_are_notified(acme, ana, post_contact_action):
    assert post_contact_action("", ANA, identifier="ana@new.example", label="").status_code == 302

    assert set(list_contact_values(acme, ana)) == {"ana@new.example", MOBILE}
    assert notified_addresses(acme) == {ANA, MOBILE, "ana@new.example"}


def test_a_phone_number_can_not_replace_an_email_address(acme, ana, post_contact_action):
    assert post_contact_action("", ANA, identifier="+447700900199").status_code == 422


def test_changing_a_label_notifies_nobody(acme, ana, post_contact_action):
    post_contact_action("", ANA, identifier=ANA, label="Home")

    assert (list_contact_values(acme, ana)[ANA].label, notified_addresses(acme)) == ("Home", set())
    assert list_contact_changes(acme)[0].data["after"] == {"label": "Home"}


def test_an_address_is_removed_and_notified(acme, ana, post_contact_action):
    post_contact_action("removal/", ANA)

    assert (set(list_contact_values(acme, ana)), notified_addresses(acme)) == ({MOBILE}, {ANA, MOBILE})
    assert list_contact_changes(acme)[0].data["before"] == {"email": "a•••@example.com"}


def test_signing_in_is_forbidden_and_allowed_again(acme, ana, post_contact_action):
    post_contact_action("sign-in/", ANA, allowed="no")
    assert not list_contact_values(acme, ana)[ANA].may_sign_in
    assert notified_addresses(acme) == {ANA, MOBILE}
    post_contact_action("sign-in/", ANA, allowed="yes")

    assert list_contact_values(acme, ana)[ANA].may_sign_in
    assert [entry.data["after"] for entry in list_contact_changes(acme)] == [
        {"may_sign_in": True},
        {"may_sign_in": False},
    ]


def test_a_mobile_from_a_form_receives_codes_once_staff_confirm_it(acme, ana, post_contact_action):
    with use_business(acme):
        Contact.objects.filter(value=MOBILE).update(confirmed_at=None, source="form")
    post_contact_action("confirmation/", MOBILE)

    assert list_contact_values(acme, ana)[MOBILE].confirmed_at
    assert notified_addresses(acme) == {ANA, MOBILE}
    post_contact_action("confirmation/", MOBILE)
    assert len(list_contact_changes(acme)) == 1, "what is confirmed already is not confirmed again"


def test_an_address_of_another_client_causes_a_warning(acme, ana, staff_client):
    with use_business(acme):
        ClientFactory(name="Bo Lind", email="bo@example.com")
    typed = {"identifier": "bo@example.com"}
    page = staff_client("staff").post(f"/console/acme/clients/{ana.pk}/contacts/new/", typed, follow=True)

    assert "Bo Lind has the same address" in page.content.decode()


def test_timeline_entries_mask_addresses(acme, ana, post_contact_action):
    post_contact_action("new/", identifier="ana@work.example")
    post_contact_action("sign-in/", ANA, allowed="no")
    post_contact_action("removal/", ANA)

    with use_business(acme):
        recorded_data = str([entry.data for entry in Entry.objects.all()])
    assert not [value for value in (ANA, "ana@work.example", MOBILE) if value in recorded_data]


def test_open_suggestions_are_shown_on_the_card(acme, ana, staff_client, now):
    with use_business(acme):
        Suggestion.objects.create(
            client=ana, kind="email", value="ana@typed.example", source="contact-form", created_at=now
        )
    shown = staff_client("staff").get(f"/console/acme/clients/{ana.pk}/contacts/").content.decode()

    assert "ana@typed.example" in shown
