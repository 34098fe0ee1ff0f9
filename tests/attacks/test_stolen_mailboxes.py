"""Whoever got into a client's mailbox and added a passkey is out once the address is replaced or taken away."""

import pytest

from portal.access import services as access
from portal.access.models import ClientSession
from portal.activity.models import Entry
from portal.cards.services import merge_clients
from portal.clients.identifiers import parse_identifier
from portal.clients.models import Contact, ContactSource
from portal.clients.uploads import services as upload_services
from portal.messaging.message_templates.services import save_template
from portal.messaging.models import Message
from portal.passkeys import services as passkeys
from portal.passkeys.models import Passkey
from tenants import hostnames
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.client_lists import check_list, import_checked_list, process_upload
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA, MOBILE
from tests.portal.passkeys.passkey_steps import add_passkey, sign_in_with_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

NEW = "ana@new.example"


@pytest.fixture
def thief_phone(acme, ana, sign_in_client) -> SoftwareAuthenticator:
    """The phone of a thief who reads Ana's mail, with a passkey."""
    return add_phone(acme, sign_in_client(acme, ANA))


@pytest.fixture
def staff_actor(acme):
    return StaffActor(person_id=create_member(acme, "owner").person.pk, name="Sabine Krüger", ip=None)


def add_phone(business, browser):
    """Add a passkey of a new phone by a browser that is signed in; return the phone."""
    phone = SoftwareAuthenticator(hostnames.build_portal_url(business, ""))
    assert add_passkey(browser, phone).status_code == 302
    return phone


def replace_own_address(ana, now, value=ANA, new=NEW):
    """Replace an address in the session that was opened last, as its client."""
    return access.change_contact(
        client=ana,
        old=Contact.objects.get(value=value),
        new=parse_identifier(new, country="DE"),
        source=ContactSource.CLIENT,
        current_session=ClientSession.objects.latest("created_at"),
        now=now,
    )


def can_sign_in(business, phone, portal_client) -> bool:
    return sign_in_with_passkey(portal_client(business), phone).status_code == 302


def is_signed_in(browser) -> bool:
    return browser.get("/sessions/").status_code == 200


def test_a_client_who_replaces_the_address_by_a_code_removes_every_passkey(
    acme, ana, thief_phone, sign_in_client, portal_client, now
):
    own_browser = sign_in_client(acme, MOBILE)
    own_phone = add_phone(acme, own_browser)
    with use_business(acme):
        replace_own_address(ana, now)
        assert not Passkey.objects.exists()
        replace_own_address(ana, now, value=NEW, new=ANA)

    assert [can_sign_in(acme, phone, portal_client) for phone in (thief_phone, own_phone)] == [False, False]


def test_the_passkey_that_opened_the_session_stays_with_the_new_address(
    acme, ana, thief_phone, sign_in_client, portal_client, now
):
    own_phone = add_phone(acme, sign_in_client(acme, ANA))
    assert can_sign_in(acme, own_phone, portal_client)
    with use_business(acme):
        replace_own_address(ana, now)

    assert [can_sign_in(acme, phone, portal_client) for phone in (thief_phone, own_phone)] == [False, True]
    with use_business(acme):
        assert ClientSession.objects.latest("created_at").address == NEW


def test_a_passkey_that_depends_on_another_address_keeps_it(acme, ana, sign_in_client, portal_client, now):
    own_phone = add_phone(acme, sign_in_client(acme, MOBILE))
    assert can_sign_in(acme, own_phone, portal_client)
    with use_business(acme):
        replace_own_address(ana, now)
        assert Passkey.objects.get().address == MOBILE


def test_adding_an_address_removes_no_passkey(acme, ana, thief_phone, sign_in_client, portal_client, now):
    sign_in_client(acme, ANA)
    with use_business(acme):
        access.change_contact(
            client=ana,
            old=None,
            new=parse_identifier(NEW, country="DE"),
            source=ContactSource.CLIENT,
            current_session=ClientSession.objects.latest("created_at"),
            now=now,
        )

    assert can_sign_in(acme, thief_phone, portal_client)


def replace_as_staff(client, contact, staff, now):
    new = parse_identifier(NEW, country="DE")
    access.change_contact(client=client, old=contact, new=new, source=ContactSource.STAFF, staff=staff, now=now)


def remove_as_staff(client, contact, staff, now):
    access.remove_contact(client=client, contact=contact, staff=staff, now=now)


def disallow_as_staff(client, contact, staff, now):
    access.set_sign_in_allowed(client=client, contact=contact, allowed=False, staff=staff, now=now)


@pytest.mark.parametrize("withdraw", [replace_as_staff, remove_as_staff, disallow_as_staff])
def test_staff_who_take_an_address_away_remove_its_passkeys_for_good(
    acme, ana, thief_phone, sign_in_client, portal_client, staff_actor, now, withdraw
):
    other_phone = add_phone(acme, sign_in_client(acme, MOBILE))
    with use_business(acme):
        withdraw(ana, Contact.objects.get(value=ANA), staff_actor, now)
        assert list(Passkey.objects.values_list("address", flat=True)) == [MOBILE]
        entry = Entry.objects.get(event_type="passkeys.removed")
        given_back = parse_identifier(ANA, country="DE")
        access.change_contact(
            client=ana, old=None, new=given_back, source=ContactSource.STAFF, staff=staff_actor, now=now
        )
        Contact.objects.update(may_sign_in=True)

    assert [can_sign_in(acme, phone, portal_client) for phone in (thief_phone, other_phone)] == [False, True]
    assert (entry.data["reason"], entry.actor_name) == ("address-removed", "Sabine Krüger")


@pytest.mark.parametrize("withdraw", [replace_as_staff, remove_as_staff, disallow_as_staff, None])
def test_sessions_that_the_removed_passkeys_opened_end(
    acme, ana, thief_phone, sign_in_client, portal_client, staff_actor, now, withdraw
):
    thief = portal_client(acme)
    assert sign_in_with_passkey(thief, thief_phone).status_code == 302
    own_browser = sign_in_client(acme, ANA)
    with use_business(acme):
        if withdraw:
            withdraw(ana, Contact.objects.get(value=ANA), staff_actor, now)
        else:
            replace_own_address(ana, now)

    assert [is_signed_in(browser) for browser in (thief, own_browser)] == [False, withdraw is None]


def test_the_notice_of_the_change_names_the_passkeys_that_went(acme, ana, thief_phone, sign_in_client, outbox, now):
    sign_in_client(acme, MOBILE)
    with use_business(acme):
        Passkey.objects.update(device="Firefox on Linux")
        replace_own_address(ana, now)
    outbox.deliver_due()

    [mail] = outbox.sent(to=NEW)
    [text] = [sent for sent in outbox.sent(to=MOBILE) if "was changed" in sent["text"]]
    for part in (mail["text"], mail["html"]):
        assert "these passkeys were removed and sign nobody in any more" in part
        assert "Firefox on Linux" in part
    assert text["text"].endswith("Passkeys were removed.")


def test_a_business_s_own_wording_of_the_notice_leaves_no_passkey_out(
    acme, ana, thief_phone, sign_in_client, staff_actor, outbox, now
):
    sign_in_client(acme, MOBILE)
    with use_business(acme):
        fields = {"kind": "contact-changed", "language": "en", "subject": "Changed", "body": "Your card was changed."}
        save_template(**fields, staff=staff_actor, now=now)
        Passkey.objects.update(device="Firefox on Linux")
        replace_own_address(ana, now)
    outbox.deliver_due()

    [mail] = outbox.sent(to=NEW)
    for part in (mail["text"], mail["html"]):
        assert "Your card was changed." in part
        assert "Firefox on Linux" in part


def test_a_business_s_own_wording_of_the_text_leaves_the_removal_in(
    acme, ana, thief_phone, sign_in_client, staff_actor, outbox, now
):
    sign_in_client(acme, MOBILE)
    with use_business(acme):
        fields = {"kind": "contact-changed", "language": "en", "channel": "sms", "body": "{business}: card changed."}
        save_template(**fields, staff=staff_actor, now=now)
        replace_own_address(ana, now)
        replace_own_address(ana, now, value=NEW, new=ANA)
    outbox.deliver_due()

    texts = {sent["text"] for sent in outbox.sent(to=MOBILE) if "card changed" in sent["text"]}
    assert texts == {
        f"{acme.name}: card changed. Passkeys were removed.",
        # The second change removed none.
        f"{acme.name}: card changed.",
    }


def test_a_notice_of_a_change_without_passkeys_names_none(acme, ana, sign_in_client, outbox, now):
    sign_in_client(acme, ANA)
    with use_business(acme):
        replace_own_address(ana, now)
        assert not Message.objects.filter(data__has_key="removed_passkeys").exists()
    outbox.deliver_due()

    [mail] = outbox.sent(to=NEW)
    assert "passkey" not in mail["text"]


@pytest.fixture
def form_card(acme, now):
    """A card that a stranger made by the contact form, in Ana's name."""
    with use_business(acme):
        client = ClientFactory(name="Ana Pereira", email=NEW)
        client.contacts.update(source=ContactSource.FORM, confirmed_at=None)
    return client


@pytest.mark.parametrize("is_form_card_kept", [True, False])
@pytest.mark.parametrize("is_checked", [True, False])
def test_a_merge_that_disallows_an_address_removes_its_passkeys(
    acme, ana, form_card, sign_in_client, portal_client, staff_actor, outbox, now, is_form_card_kept, is_checked
):
    phones = [add_phone(acme, sign_in_client(acme, address)) for address in (NEW, MOBILE)]
    survivor, duplicate = (form_card, ana) if is_form_card_kept else (ana, form_card)
    with use_business(acme):
        merge_clients(
            survivor=survivor, duplicate=duplicate, staff=staff_actor, now=now, form_addresses_checked=is_checked
        )
        kept = set(Passkey.objects.values_list("client", "address"))
        removals = Entry.objects.filter(event_type="passkeys.removed")
        assert [entry.data["reason"] for entry in removals] == ["address-removed"] * (not is_checked)
    outbox.deliver_due()

    assert kept == {(survivor.pk, address) for address in ((NEW, MOBILE) if is_checked else (MOBILE,))}
    assert [can_sign_in(acme, phone, portal_client) for phone in phones] == [is_checked, True]
    [mail] = [sent for sent in outbox.sent(to=ANA) if "was changed" in sent["text"]]
    assert ("these passkeys were removed" in mail["text"]) is not is_checked


def test_a_merge_with_a_card_on_which_the_address_is_disallowed_removes_its_passkeys(
    acme, ana, thief_phone, staff_actor, now
):
    with use_business(acme):
        survivor = ClientFactory(name="Ana P", email=ANA, mobile="+447700900177")
        survivor.contacts.filter(value=ANA).update(may_sign_in=False)
        merge_clients(survivor=survivor, duplicate=ana, staff=staff_actor, now=now)

        assert not Passkey.objects.exists()


def test_undoing_an_import_removes_the_passkeys_of_its_addresses(acme, ana, sign_in_client, staff_actor, now):
    with use_business(acme):
        upload = import_checked_list(check_list(f"Name,Email,Phone\nAna Pereira,{NEW},{MOBILE}\n"))
    for address in (NEW, MOBILE):
        add_phone(acme, sign_in_client(acme, address))
    with use_business(acme):
        upload_services.undo_import(upload=upload, staff=staff_actor, now=now)
        process_upload(upload)

        assert not Contact.objects.filter(value=NEW).exists()
        assert [passkey.address for passkey in Passkey.objects.all()] == [MOBILE]


def test_a_session_that_has_ended_adds_no_passkey(acme, ana, sign_in_client, now):
    """A request that began before the client signed the thief out, and is finished after."""
    browser = sign_in_client(acme, ANA)
    phone = SoftwareAuthenticator(hostnames.build_portal_url(acme, ""))
    options = browser.post("/passkeys/new/options/").json()
    response = phone.create(options["publicKey"])
    with use_business(acme):
        session = ClientSession.objects.select_related("client").get()
        access.end_session(session=session, now=now)
        with pytest.raises(passkeys.PasskeyNotAdded):
            passkeys.add_passkey(
                business=acme,
                session=session,
                relying_party=passkeys.RelyingParty(options["publicKey"]["rp"]["id"], phone.origin, acme.name),
                challenge_state=options["state"],
                passkey_response=response,
                device="",
                now=now,
            )
        assert not Passkey.objects.exists()
