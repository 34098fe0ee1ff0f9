"""L29: challenges and sessions end with their client, their address or their business."""

import time

import pytest
from cachetools import TTLCache
from django.core.management import call_command
from django.utils import timezone

from portal.access import services
from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from portal.clients.identifiers import parse_identifier
from portal.clients.models import Client, ClientStatus, ContactSource
from portal.messaging.models import Message
from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business, BusinessStatus, Delivery, DeliveryState
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE

pytestmark = pytest.mark.slow

MAX_DELAY_SECONDS = 5


@pytest.fixture(autouse=True)
def _host_cache_on_test_clock(monkeypatch, settings):
    """Let what a process knows of hosts grow old by the clock that tests move."""
    monkeypatch.setattr(hostnames, "known_hosts", TTLCache(10, settings.HOST_CACHE_SECONDS, timer=time.time))


def archive_ana(business, ana):
    with use_business(business):
        services.archive_client(client=Client.objects.get(pk=ana.pk), now=timezone.now())


def block_ana(business, ana):
    with use_business(business):
        services.block_client(client=Client.objects.get(pk=ana.pk), now=timezone.now())


def change_email_address(business, ana):
    with use_business(business):
        services.change_contact(
            client=ana,
            old=ana.contacts.get(value=ANA),
            new=parse_identifier("ana@new.example", country="DE"),
            source=ContactSource.STAFF,
            now=timezone.now(),
        )


def remove_email_address(business, ana):
    with use_business(business):
        ana.contacts.filter(value=ANA).delete()


def disallow_contact_sign_in(business, ana):
    with use_business(business):
        ana.contacts.filter(value=ANA).update(may_sign_in=False)


def run_suspend_command(business, ana):
    call_command("suspend_business", business="acme", verbosity=0)


def suspend_business_elsewhere(business, ana):
    """Another process wrote it; ours learns of it by time alone."""
    Business.objects.filter(pk=business.pk).update(status=BusinessStatus.SUSPENDED)


def close_business_elsewhere(business, ana):
    Business.objects.filter(pk=business.pk).update(status=BusinessStatus.CLOSED)


REVOCATIONS = [
    archive_ana,
    block_ana,
    change_email_address,
    remove_email_address,
    disallow_contact_sign_in,
    run_suspend_command,
    suspend_business_elsewhere,
    close_business_elsewhere,
]


@pytest.mark.parametrize("end", REVOCATIONS)
def test_a_session_ends_within_five_seconds(acme, ana, signed_in_ana, advance_time, end):
    end(acme, ana)
    advance_time(MAX_DELAY_SECONDS)

    for path in ("/", "/sessions/", "/account/", "/account/contact/"):
        answer = signed_in_ana.browser.get(path)
        assert answer.status_code in (302, 403, 404), path
        assert "Ana" not in answer.content.decode()


@pytest.mark.parametrize("end", REVOCATIONS)
@pytest.mark.parametrize("generation", [0, 1], ids=["by mail", "by text"])
def test_a_code_sent_before_the_change_opens_no_session(
    acme, ana, challenged_ana, advance_time, count_sessions, end, generation
):
    code = challenged_ana.code(generation)
    end(acme, ana)
    advance_time(MAX_DELAY_SECONDS)

    assert challenged_ana.submit_code(code).status_code in (403, 404, 409, 422)
    assert "session" not in challenged_ana.browser.cookies
    assert count_sessions(acme) == 0


@pytest.mark.parametrize(
    "end",
    [
        archive_ana,
        block_ana,
        change_email_address,
        run_suspend_command,
        suspend_business_elsewhere,
        close_business_elsewhere,
    ],
)
def test_a_code_still_in_the_queue_is_never_sent(acme, ana, challenged_ana, outbox, advance_time, end):
    with use_business(acme):
        codes = list(Message.objects.values_list("pk", flat=True))
    assert len(codes) == 2
    end(acme, ana)
    advance_time(MAX_DELAY_SECONDS)
    outbox.deliver_due()

    states = set(Delivery.objects.filter(message_id__in=codes).values_list("state", flat=True))
    assert states == {DeliveryState.EXPIRED}


@pytest.mark.parametrize("end", [archive_ana, block_ana, change_email_address])
def test_the_addresses_concerned_are_notified(acme, ana, signed_in_ana, outbox, end):
    outbox.deliver_due()
    before = len(outbox.sent())
    end(acme, ana)
    outbox.deliver_due()

    notified_addresses = {message["to"] for message in outbox.sent()[before:]}
    assert notified_addresses == {ANA, MOBILE} | ({"ana@new.example"} if end is change_email_address else set())


def test_a_session_does_not_come_back_when_the_client_is_restored(acme, ana, signed_in_ana):
    archive_ana(acme, ana)
    with use_business(acme):
        services.restore_client(client=Client.objects.get(pk=ana.pk), now=timezone.now())

    assert signed_in_ana.request_home_status() == 302


def test_a_session_does_not_come_back_when_the_business_is_resumed(acme, ana, signed_in_ana, challenged_ana):
    code = challenged_ana.code()
    run_suspend_command(acme, ana)
    assert signed_in_ana.request_home_status() == 403
    assert challenged_ana.request_code().status_code == 403
    assert challenged_ana.submit_code(code).status_code == 403

    call_command("resume_business", business="acme", verbosity=0)

    assert signed_in_ana.request_home_status() == 302
    assert challenged_ana.submit_code(code).status_code == 409


def test_a_session_opened_while_its_client_was_archived_ends_on_restoring(acme, ana, signed_in_ana):
    with use_business(acme):
        Client.objects.update(status=ClientStatus.ARCHIVED)  # as another connection sees it, a moment too early
        services.restore_client(client=Client.objects.get(pk=ana.pk), now=timezone.now())

    assert signed_in_ana.request_home_status() == 302


def test_a_session_opened_during_a_cached_suspension_ends_on_resuming(acme, ana, open_visitor):
    hostnames.invalidate_host_cache()
    believed = hostnames.resolve_host("acme.localhost")
    run_suspend_command(acme, ana)
    hostnames.known_hosts["acme.localhost"] = believed
    late = open_visitor(acme)
    late.request_code()
    assert late.submit_code(late.code()).status_code == 302, "this process has not heard yet"

    call_command("resume_business", business="acme", verbosity=0)

    assert late.request_home_status() == 302


def test_an_archived_client_can_not_be_chosen(acme, open_visitor, count_sessions):
    with use_business(acme):
        leo, _maya = (ClientFactory(name=name, email="family@example.com") for name in ("Leo", "Maya"))
    visitor = open_visitor(acme)
    visitor.request_code("family@example.com")
    visitor.submit_code(visitor.code())
    archive_ana(acme, leo)

    assert visitor.browser.post("/sign-in/who/", {"client": str(leo.pk)}).status_code in (409, 422)
    assert count_sessions(acme) == 0


def test_moving_an_address_to_another_card_moves_no_session(acme, ana, signed_in_ana):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")
        contact = ana.contacts.get(value=ANA)
        contact.client = bo
        contact.save()

    assert signed_in_ana.request_home_status() == 302


def test_a_code_by_text_is_refused_once_the_typed_address_moved_to_another_card(
    acme, ana, challenged_ana, count_sessions
):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")
        contact = ana.contacts.get(value=ANA)
        contact.client = bo
        contact.save()

    assert challenged_ana.submit_code(challenged_ana.code(1)).status_code in (409, 422)
    assert count_sessions(acme) == 0


def test_changing_an_address_ends_all_other_sessions(acme, ana, open_visitor, signed_in_ana):
    other = open_visitor(acme)
    other.request_code()
    other.submit_code(other.code())
    with use_business(acme):
        old = ana.contacts.get(value=ANA)
    signed_in_ana.browser.post("/account/contact/", {"identifier": "ana@new.example", "replaces": str(old.pk)})
    reader = open_visitor(acme)
    reader.browser.cookies["challenge"] = signed_in_ana.browser.cookies["confirmation"].value

    page = f"/account/contact/code/?replaces={old.pk}"
    assert signed_in_ana.browser.post(page, {"code": reader.code()}).status_code == 302

    assert signed_in_ana.request_home_status() == 200
    assert other.request_home_status() == 302


@pytest.mark.parametrize("mark", ["suspend", "close"])
def test_a_suspended_or_closed_business_serves_no_sign_in_page(acme, ana, open_visitor, mark):
    (suspend_business_elsewhere if mark == "suspend" else close_business_elsewhere)(acme, ana)
    hostnames.invalidate_host_cache()

    for path in ("/", "/sign-in/", "/sign-in/code/", "/sessions/", "/account/", "/theme.css", "/nothing/"):
        for answer in (
            open_visitor(acme).browser.get(path),
            open_visitor(acme).browser.post(path, {"identifier": ANA}),
        ):
            assert answer.status_code in (403, 404), path
            assert not answer.cookies.get("challenge")


@pytest.mark.parametrize("end", [archive_ana, block_ana, change_email_address])
def test_the_timeline_says_that_staff_ended_the_session(acme, ana, signed_in_ana, end):
    end(acme, ana)

    with use_business(acme):
        assert Entry.objects.get(event_type=AccessEvent.SESSION_ENDED).actor == Entry.Actor.STAFF
