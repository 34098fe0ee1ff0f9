"""The new clients of an import are invited after a confirmation, and once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.bulk_actions.console import imported_clients
from portal.clients.models import Client, Upload, UploadState
from portal.clients.uploads import services
from portal.messaging.models import Message
from tenants.context import use_business
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory

LIST = (
    "Name,Email,Phone\n"
    "Ana,ana@example.com,\nBo,bo@example.com,\nCy,,+447700900103\nDa,da@example.com,\nEd,ed@example.com,"
)


@pytest.fixture
def imported_upload(acme, upload_checked_list, run_upload_job):
    """A list of five, of whom one was there before and one has no mailbox."""
    with use_business(acme):
        ClientFactory(name="Ed", email="ed@example.com")
        upload = upload_checked_list(LIST)
        services.start_import(upload=upload, staff=None, on_match="skip", now=timezone.now())
        return run_upload_job(upload)


def invited_clients(acme):
    with use_business(acme):
        return sorted(Message.objects.filter(kind=AccessMessageKind.INVITATION).values_list("to", flat=True))


def upload_url(upload, page=""):
    return f"/console/acme/clients/uploads/{upload.pk}/{page}"


def test_nobody_is_invited_before_staff_confirm_the_number(acme, imported_upload, staff_client):
    browser = staff_client("manager")
    assert "Invite 3 new clients" in browser.get(upload_url(imported_upload)).content.decode()
    page = browser.get(upload_url(imported_upload, "invitation/")).content.decode()
    assert "Invite 3 clients?" in page
    assert "1 other client of this list is skipped" in page
    assert invited_clients(acme) == []

    answer = browser.post(upload_url(imported_upload, "invitation/"), follow=True).content.decode()
    assert "3 invitations are being sent." in answer
    assert "Invite" not in answer.partition("<main")[2]
    assert invited_clients(acme) == ["ana@example.com", "bo@example.com", "da@example.com"]


def test_a_second_invitation_days_later_is_sent_to_nobody(acme, imported_upload, staff_client):
    staff_client("manager").post(upload_url(imported_upload, "invitation/"))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        answer = staff_client("manager").post(upload_url(imported_upload, "invitation/"), follow=True)
        asked = staff_client("manager").get(upload_url(imported_upload, "invitation/"))

    assert "0 invitations" in answer.content.decode()
    assert asked.headers["Location"] == upload_url(imported_upload)
    assert len(invited_clients(acme)) == 3


def test_clients_who_signed_in_or_are_blocked_are_not_invited(acme, imported_upload, staff_client, now):
    with use_business(acme):
        Client.objects.filter(name="Ana").update(signed_in_at=now)
        Client.objects.filter(name="Bo").update(status="archived")
    staff_client("owner").post(upload_url(imported_upload, "invitation/"))

    assert invited_clients(acme) == ["da@example.com"]


def test_a_thousand_are_invited_at_a_time(acme, imported_upload, staff_client, monkeypatch):
    monkeypatch.setattr(imported_clients, "MAX_BULK_RECIPIENTS", 2)
    browser = staff_client("manager")
    assert "Invite again for 1 more" in browser.get(upload_url(imported_upload, "invitation/")).content.decode()
    for number in (2, 3):
        browser.post(upload_url(imported_upload, "invitation/"))
        assert len(invited_clients(acme)) == number


@pytest.mark.parametrize("state", sorted(set(UploadState) - {UploadState.DONE}))
def test_only_an_imported_list_can_be_invited(acme, imported_upload, staff_client, state):
    with use_business(acme):
        Upload.objects.update(state=state)
    assert staff_client("owner").post(upload_url(imported_upload, "invitation/")).status_code == 404
    assert invited_clients(acme) == []


def test_concurrent_confirmations_invite_once(committed_db, acme, upload_checked_list, run_upload_job, staff_client):
    with use_business(acme):
        upload = upload_checked_list(LIST)
        services.start_import(upload=upload, staff=None, on_match="skip", now=timezone.now())
        run_upload_job(upload)
    browsers = [staff_client("manager") for _each in range(3)]
    run_concurrently(lambda browser: browser.post(upload_url(upload, "invitation/")).status_code, browsers)

    assert len(invited_clients(acme)) == len(set(invited_clients(acme))) == 4
