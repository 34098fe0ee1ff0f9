"""The passkeys on a client's card, and staff who remove one."""

import pytest

from portal.activity.models import Entry
from portal.clients.models import Client, ClientStatus
from portal.passkeys.models import Passkey
from tenants import hostnames
from tenants.context import use_business
from tenants.models import PortalHostname
from tests.api.conftest import api_program
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA
from tests.portal.passkeys.passkey_steps import sign_in_with_passkey

__all__ = ["api_program"]


@pytest.fixture
def passkey(acme, browser_with_passkey) -> Passkey:
    """Ana's passkey."""
    with use_business(acme):
        return Passkey.objects.get()


def test_staff_see_a_client_s_passkeys_and_remove_one(
    acme, ana, passkey, authenticator, portal_client, staff_client, outbox
):
    staff, card = staff_client("staff"), f"/console/acme/clients/{ana.pk}/"
    assert "Not used yet" in staff.get(f"{card}sessions/").content.decode()

    answer = staff.post(f"{card}passkeys/{passkey.pk}/removal/", follow=True)
    outbox.deliver_due()

    assert "Passkey removed, and signed out where it was used. The client is notified." in answer.content.decode()
    assert "None. The client signs in with codes." in answer.content.decode()
    assert sign_in_with_passkey(portal_client(acme), authenticator).status_code == 422
    assert outbox.sent(to=ANA)[-1]["subject"] == f"Passkey removed at {acme.name}"
    with use_business(acme):
        entry = Entry.objects.get(event_type="passkeys.removed")
    assert (entry.client_id, entry.actor, bool(entry.actor_name)) == (ana.pk, "staff", True)


def test_who_signed_in_with_a_removed_passkey_is_signed_out(
    acme, ana, browser_with_passkey, passkey, authenticator, portal_client, staff_client
):
    thief = portal_client(acme)
    sign_in_with_passkey(thief, authenticator)

    staff_client("staff").post(f"/console/acme/clients/{ana.pk}/passkeys/{passkey.pk}/removal/")

    # The browser that added it had signed in by code.
    assert [browser.get("/sessions/").status_code for browser in (thief, browser_with_passkey)] == [302, 200]
    with use_business(acme):
        entry = Entry.objects.get(event_type="access.session-ended")
    assert (entry.data["count"], entry.actor, bool(entry.actor_name)) == (1, "staff", True)


def test_the_card_says_which_passkey_no_longer_works(acme, ana, passkey, staff_client, api_program):
    page, program = f"/console/acme/clients/{ana.pk}/sessions/", api_program()
    words = "No longer works: the client can’t sign in any more with the address on which it depends."
    assert words not in staff_client().get(page).content.decode()

    with use_business(acme):
        ana.contacts.filter(value=ANA).update(may_sign_in=False)

    assert words in staff_client().get(page).content.decode()
    [listed] = program.get(f"clients/{ana.pk}/passkeys/").json()["items"]
    assert listed["works"] is False


def test_the_card_and_the_api_say_that_a_passkey_of_a_former_host_no_longer_works(
    acme, ana, passkey, staff_client, api_program, now
):
    page, program = f"/console/acme/clients/{ana.pk}/sessions/", api_program()
    domain = PortalHostname.objects.create(business=acme, domain="portal.acme.example")
    with use_business(acme):
        Passkey.objects.update(host=domain.domain)

    # It is not verified yet.
    words = "No longer works: the portal is not at portal.acme.example any more."
    assert words in staff_client().get(page).content.decode()
    assert program.get(f"clients/{ana.pk}/passkeys/").json()["items"][0]["works"] is False

    PortalHostname.objects.filter(pk=domain.pk).update(verified_at=now)
    assert "Works only at portal.acme.example" in staff_client().get(page).content.decode()
    assert program.get(f"clients/{ana.pk}/passkeys/").json()["items"][0]["works"] is True


def test_a_passkey_of_the_portal_s_former_slug_no_longer_works(acme, ana, passkey, api_program, now):
    program = api_program()
    hostnames.change_slug(business=acme, slug="acme-berlin", now=now)

    assert program.get(f"clients/{ana.pk}/passkeys/").json()["items"][0]["works"] is False


@pytest.mark.parametrize("status", [ClientStatus.BLOCKED, ClientStatus.ARCHIVED])
def test_the_card_and_the_api_say_that_a_passkey_of_a_client_without_access_does_not_work(
    acme, ana, passkey, staff_client, api_program, status
):
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(status=status)

    words = "Doesn’t work as long as the client is blocked or archived."
    assert words in staff_client().get(f"/console/acme/clients/{ana.pk}/sessions/").content.decode()
    [listed] = api_program().get(f"clients/{ana.pk}/passkeys/").json()["items"]
    assert listed["works"] is False


def test_who_only_reads_cards_removes_no_passkey_and_sees_no_button(acme, ana, passkey, staff_client):
    reader, removal = staff_client("read-only"), f"/console/acme/clients/{ana.pk}/passkeys/{passkey.pk}/removal/"

    assert reader.post(removal).status_code == 403
    assert removal not in reader.get(f"/console/acme/clients/{ana.pk}/sessions/").content.decode()
    with use_business(acme):
        assert Passkey.objects.exists()


def test_a_passkey_of_another_card_is_not_found(acme, ana, passkey, staff_client):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")

    assert staff_client().post(f"/console/acme/clients/{bo.pk}/passkeys/{passkey.pk}/removal/").status_code == 404
    with use_business(acme):
        assert Passkey.objects.exists()
