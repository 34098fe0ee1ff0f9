"""Tests that a suppression of an address shows, and that only staff with the permission can have it removed."""

import pytest

from portal.activity.models import Entry
from portal.messaging.models import Suppression
from tenants.context import use_business
from tenants.models import DeliveryState
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE
from tests.portal.signin_support.conftest import SUPPORT_URL


@pytest.fixture
def bounce_suppression(acme, signing_in_client, outbox) -> Suppression:
    """The suppression that a bounce left on Ana's email address."""
    signing_in_client.request_code()
    outbox.deliver_due()
    signing_in_client.report_delivery(DeliveryState.BOUNCED, "sendgrid-bounced-address")
    with use_business(acme):
        return Suppression.objects.get()


@pytest.fixture
def remove_suppression_as_staff(staff_client, ana):
    """Return a function that requests the removal of a suppression."""

    def remove_suppression_as_staff(suppression, role="staff", client=ana):
        return staff_client(role).post(f"{SUPPORT_URL}clients/{client.pk}/suppressions/{suppression.pk}/removal/")

    return remove_suppression_as_staff


def test_a_suppression_is_shown_first_with_its_reason_and_next_step(bounce_suppression, staff_client, read_page, ana):
    text = read_page(staff_client(), f"{SUPPORT_URL}clients/{ana.pk}/")

    assert "The provider no longer sends to a•••@example.com" in text
    assert "Earlier emails to this address bounced" in text
    assert "Remove and retry" in text


def test_requesting_removal_enqueues_a_job_and_is_recorded(
    bounce_suppression, remove_suppression_as_staff, acme, ana, staff_client, read_page
):
    assert remove_suppression_as_staff(bounce_suppression).status_code == 302

    with use_business(acme):
        bounce_suppression.refresh_from_db()
        entry = Entry.objects.get(event_type="messaging.suppression-removal-requested")
    assert (bounce_suppression.removal_requested_by, bounce_suppression.removed_at) == ("Staff of Acme", None)
    assert (entry.client_id, entry.actor, entry.data["contact"]) == (ana.pk, "staff", "a•••@example.com")
    assert "Removing the suppression" in read_page(staff_client(), f"{SUPPORT_URL}clients/{ana.pk}/")


def test_a_suppression_after_a_stop_reply_is_removed_at_once(
    acme, ana, remove_suppression_as_staff, staff_client, read_page, now
):
    with use_business(acme):
        stop = Suppression.objects.create(value=MOBILE, channel="sms", reason="twilio-21610", since=now)
    assert "text START to our number" in read_page(staff_client(), f"{SUPPORT_URL}clients/{ana.pk}/")

    remove_suppression_as_staff(stop)

    with use_business(acme):
        stop.refresh_from_db()
    assert stop.removed_at
    assert "START" not in read_page(staff_client(), f"{SUPPORT_URL}clients/{ana.pk}/")


def test_removing_a_suppression_requires_the_permission(bounce_suppression, remove_suppression_as_staff, acme):
    assert remove_suppression_as_staff(bounce_suppression, "read-only").status_code == 403
    with use_business(acme):
        assert Suppression.objects.get().removal_requested_at is None


def test_a_suppression_of_another_client_s_address_is_not_found(bounce_suppression, remove_suppression_as_staff, acme):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")

    assert remove_suppression_as_staff(bounce_suppression, client=bo).status_code == 404
    with use_business(acme):
        assert Suppression.objects.get().removal_requested_at is None


def test_a_suppression_of_another_business_is_not_found(remove_suppression_as_staff, globex, now, ana):
    with use_business(globex):
        theirs = Suppression.objects.create(value=ANA, channel="email", reason="bounced", since=now)

    assert remove_suppression_as_staff(theirs).status_code == 404
    with use_business(globex):
        assert Suppression.objects.get().removal_requested_at is None


def test_a_suppression_is_removed_once(bounce_suppression, remove_suppression_as_staff, acme, now):
    with use_business(acme):
        Suppression.objects.update(removed_at=now)

    assert remove_suppression_as_staff(bounce_suppression).status_code == 404
