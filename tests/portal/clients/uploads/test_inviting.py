"""Are a list's new clients invited only when staff say so, and never twice?"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.clients.console import invitations
from portal.clients.models import Client, Upload
from portal.clients.uploads import services
from portal.messaging.models import Message, MessageKind
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory

LIST = "Name,Email,Phone\nAna,ana@example.com,\nBo,bo@example.com,\nCy,,+447700900103\nDa,da@example.com,\nEd,ed@example.com,"


@pytest.fixture
def taken_over(acme, check, go):
    """A list of five, of whom one was there before and one has no mailbox."""
    with use_business(acme):
        ClientFactory(name="Ed", email="ed@example.com")
        upload = check(LIST)
        services.import_rows(upload=upload, staff=None, on_match="skip", now=timezone.now())
        return go(upload)


def invited(acme):
    with use_business(acme):
        return sorted(Message.objects.filter(kind=MessageKind.INVITATION).values_list("to", flat=True))


def place(upload, page=""):
    return f"/console/acme/clients/uploads/{upload.pk}/{page}"


def test_nobody_is_written_to_before_staff_said_yes_to_a_number(acme, taken_over, staff_client):
    browser = staff_client("manager")
    assert "Invite 3 new clients" in browser.get(place(taken_over)).content.decode()
    page = browser.get(place(taken_over, "invitation/")).content.decode()
    assert "Invite 3 clients?" in page
    assert "1 other client of this list is left out" in page
    assert invited(acme) == []

    answer = browser.post(place(taken_over, "invitation/"), follow=True).content.decode()
    assert "3 mails are on their way." in answer
    assert "Invite" not in answer.partition("<main")[2]
    assert invited(acme) == ["ana@example.com", "bo@example.com", "da@example.com"]


def test_a_second_press_days_later_writes_to_nobody(acme, taken_over, staff_client):
    staff_client("manager").post(place(taken_over, "invitation/"))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        answer = staff_client("manager").post(place(taken_over, "invitation/"), follow=True)
        asked = staff_client("manager").get(place(taken_over, "invitation/"))

    assert "0 mails" in answer.content.decode()
    assert asked.headers["Location"] == place(taken_over)
    assert len(invited(acme)) == 3


def test_who_signed_in_or_was_shut_out_is_left_alone(acme, taken_over, staff_client, now):
    with use_business(acme):
        Client.objects.filter(name="Ana").update(signed_in_at=now)
        Client.objects.filter(name="Bo").update(status="archived")
    staff_client("owner").post(place(taken_over, "invitation/"))

    assert invited(acme) == ["da@example.com"]


def test_a_thousand_go_at_a_time(acme, taken_over, staff_client, monkeypatch):
    monkeypatch.setattr(invitations, "MAX_BULK_RECIPIENTS", 2)
    browser = staff_client("manager")
    assert "1 more follows" in browser.get(place(taken_over, "invitation/")).content.decode()
    for number in (2, 3):
        browser.post(place(taken_over, "invitation/"))
        assert len(invited(acme)) == number


@pytest.mark.parametrize("state", sorted(set(Upload.State) - {Upload.State.DONE}))
def test_only_a_list_that_was_taken_over_invites(acme, taken_over, staff_client, state):
    with use_business(acme):
        Upload.objects.update(state=state)
    assert staff_client("owner").post(place(taken_over, "invitation/")).status_code == 404
    assert invited(acme) == []


def test_two_who_press_at_once_write_once(committed_db, acme, check, go, staff_client):
    with use_business(acme):
        upload = check(LIST)
        services.import_rows(upload=upload, staff=None, on_match="skip", now=timezone.now())
        go(upload)
    browsers = [staff_client("manager") for _each in range(3)]
    run_concurrently(lambda browser: browser.post(place(upload, "invitation/")).status_code, browsers)

    assert len(invited(acme)) == len(set(invited(acme))) == 4
