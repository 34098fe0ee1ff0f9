"""Codes arrive although providers refuse, hang, fail or are unreachable, and staff learn of an outage."""

import time
from datetime import timedelta
from functools import partial

import pytest
import trustme
from django.conf import settings
from django.utils import timezone

from portal.activity.models import Entry
from portal.messaging.kinds import MessagingEvent
from portal.messaging.models import Notification
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tests.factories import create_member
from tests.fakes.fake_providers import FakeSendGrid
from tests.fakes.fake_smtp_server import FakeSmtp
from tests.fakes.provider_faults import (
    NO_FAULT,
    Fault,
    accept_then_hang,
    drop_connection,
    hang_after_request,
    respond_slowly,
    respond_with,
)
from tests.faults.accepted_mails import AcceptedMails
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

# Longer than this test waits.
FOR_EVER = 3600
COOLDOWN = 3
FAULTS_BY_RECIPIENT = {
    "broken": respond_with(500),
    "busy": respond_with(429),
    "locked-out": respond_with(401),
    "silent": hang_after_request(FOR_EVER),
    "hanging-up": drop_connection(),
    "trickling": respond_slowly(FOR_EVER),
}


class FakeSendGridWithFaults(FakeSendGrid):
    """A fake SendGrid whose fault depends on the name of the recipient."""

    faults_by_recipient: dict[str, Fault] = {}

    def fault_for(self, request: dict) -> Fault:
        """Return the fault for the recipient, else the next one of the script."""
        named = (fault for name, fault in self.faults_by_recipient.items() if f'"{name}@'.encode() in request["body"])
        return next(named, None) or super().fault_for(request)


@pytest.fixture
def sendgrid():
    with FakeSendGridWithFaults() as server:
        yield server


@pytest.fixture
def smtp(processes):
    """A second email provider that works, with the read time-out of production."""
    with FakeSmtp() as server:
        processes.env |= {"EMAIL_PROVIDERS": "sendgrid,smtp", "SMTP_URL": server.url, "PROVIDER_READ_TIMEOUT": "6"}
        yield server


def test_the_second_provider_sends_the_same_code_in_time_for_every_fault_of_the_first(
    processes, sendgrid, smtp, acme, create_client_with_email, request_code_directly
):
    sendgrid.faults_by_recipient = FAULTS_BY_RECIPIENT
    processes.env["BREAKER_FAILURE_THRESHOLD"] = "1000"
    processes.start("codes-1", "codes-2", "sweep")
    people = [create_client_with_email(acme, f"{name}@example.com") for name in FAULTS_BY_RECIPIENT]
    for address in people:
        request_code_directly(acme, address)

    wait_until(lambda: AcceptedMails(smtp).codes().keys() == set(people), what="every code by SMTP")
    wait_until(lambda: not _has_pending_deliveries(), what="every delivery completed")
    for address, codes in AcceptedMails(sendgrid, smtp).codes().items():
        assert len(set(codes)) == 1, address
    assert all(len(codes) == 1 for codes in AcceptedMails(smtp).codes().values())


def test_a_provider_that_hangs_after_accepting_counts_as_accepted(
    processes, sendgrid, smtp, acme, create_client_with_email, request_code_directly
):
    sendgrid.script.set_faults(accept_then_hang(FOR_EVER))
    processes.start("codes-1", "sweep")
    ana = create_client_with_email(acme, "ana@example.com")
    request_code_directly(acme, ana)

    wait_until(lambda: not _has_pending_deliveries(), what="the delivery completed")
    assert Delivery.objects.get().state == DeliveryState.ACCEPTED
    assert len(AcceptedMails(sendgrid, smtp).codes_of(ana)) == 1


@pytest.mark.parametrize("unreachable", ["refusing connections", "showing a certificate nobody trusts"])
def test_a_provider_that_can_not_be_reached_is_passed_over(
    processes, sendgrid, smtp, acme, create_client_with_email, request_code_directly, unreachable, untrusted_server
):
    if unreachable == "refusing connections":
        sendgrid.stop_listening()
    else:
        processes.env["SENDGRID_BASE_URL"] = untrusted_server.url
    processes.start("codes-1", "sweep")
    ana = create_client_with_email(acme, "ana@example.com")
    request_code_directly(acme, ana)

    wait_until(lambda: AcceptedMails(smtp).has_recipient(ana), what="the code by SMTP")
    assert not untrusted_server.requests


def test_a_provider_that_keeps_failing_is_skipped_and_tried_again_after_a_cooldown(
    processes, sendgrid, smtp, acme, create_client_with_email, request_code_directly
):
    sendgrid.script.set_faults(respond_with(500))
    processes.env |= {"BREAKER_FAILURE_THRESHOLD": "5", "BREAKER_COOLDOWN": str(COOLDOWN)}
    processes.start("codes-1", "sweep")
    numbers = iter(range(100))

    def provider_of_next_code() -> str:
        address = create_client_with_email(acme, f"client-{next(numbers)}@example.com")
        request_code_directly(acme, address)
        wait_until(lambda: AcceptedMails(smtp, sendgrid).has_recipient(address), what="a code")
        return "sendgrid" if AcceptedMails(sendgrid).has_recipient(address) else "smtp"

    started_at = time.monotonic()
    assert [provider_of_next_code() for _code in range(8)] == ["smtp"] * 8
    # Five failed in a row; after them there was at most one trial a rest.
    assert 5 <= len(sendgrid.requests) <= 5 + (time.monotonic() - started_at) // COOLDOWN
    assert processes.read_metric("portico_breaker_open", provider="sendgrid") == 1
    assert processes.read_metric("portico_provider_calls_total", provider="sendgrid", outcome="broken") >= 5

    sendgrid.script.set_faults(NO_FAULT)
    wait_until(lambda: provider_of_next_code() == "sendgrid", what="a code by SendGrid again")
    assert processes.read_metric("portico_breaker_open", provider="sendgrid") == 0


def test_after_an_outage_of_every_provider_live_codes_are_sent_and_expired_ones_never(
    processes, sendgrid, smtp, acme, create_client_with_email, request_code_directly
):
    sendgrid.stop_listening()
    smtp.stop_listening()
    processes.env |= {"BREAKER_FAILURE_THRESHOLD": "2", "BREAKER_COOLDOWN": "2"}
    processes.start("codes-1", "codes-2", "sweep")
    live, dying = (
        create_client_with_email(acme, "live@example.com"),
        create_client_with_email(acme, "dying@example.com"),
    )
    # Ten minutes are not waited for: this one was asked for almost that long ago.
    request_code_directly(acme, dying, now=timezone.now() - settings.LOGIN_CODE_LIFETIME + timedelta(seconds=6))
    request_code_directly(acme, live)

    expired = Delivery.objects.filter(state=DeliveryState.EXPIRED)
    wait_until(expired.exists, what="the end of the first code")
    assert Delivery.objects.filter(completed_at=None).count() == 1
    for provider in ("sendgrid", "smtp"):
        open_now = partial(processes.read_metric, "portico_breaker_open", provider=provider)
        wait_until(lambda is_open=open_now: is_open() == 1, what=f"an open breaker for {provider}")
    expected = {(MessagingEvent.POSTPONED, "unreachable"), (MessagingEvent.EXPIRED, "expired")}
    wait_until(lambda: expected <= timeline_of(acme), what="both on the timeline")

    sendgrid.listen()
    smtp.listen()
    wait_until(lambda: not _has_pending_deliveries(), what="the live code completed")
    got = AcceptedMails(sendgrid, smtp).codes()
    assert (len(got[live]), len(got[dying])) == (1, 0)


def test_staff_see_when_an_outage_of_every_provider_begins_and_ends(
    processes, sendgrid, smtp, acme, create_client_with_email, request_code_directly, platform_client
):
    sendgrid.stop_listening()
    smtp.stop_listening()
    processes.env |= {"BREAKER_FAILURE_THRESHOLD": "2", "BREAKER_COOLDOWN": "2", "OUTAGE_THRESHOLD": "3"}
    processes.start("codes-1", "sweep")
    request_code_directly(acme, create_client_with_email(acme, "ana@example.com"))
    browser = platform_client(create_member(acme, "staff").person)

    def is_outage_shown() -> bool:
        return "Codes by email are delayed" in browser.get("/console/acme/").content.decode()

    wait_until(is_outage_shown, what="the banner")
    sendgrid.listen()
    smtp.listen()
    wait_until(lambda: not is_outage_shown(), what="its end")
    wait_until(lambda: notifications_of(acme) == {"Codes by email have been sent again"}, what="a notice that says so")


@pytest.fixture
def untrusted_server():
    """A server that speaks TLS with a certificate from an authority of its own."""
    from ssl import PROTOCOL_TLS_SERVER, SSLContext

    context = SSLContext(PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with FakeSendGrid(tls=context) as server:
        yield server


def timeline_of(business) -> set[tuple[str, str]]:
    """Return event types and reasons on the timeline of a business."""
    with use_business(business):
        return set(Entry.objects.values_list("event_type", "data__reason"))


def notifications_of(business) -> set[str]:
    """Return the notifications of a business's staff, without their times."""
    with use_business(business):
        return {notice.subject.split(" since")[0] for notice in Notification.objects.all()}


def _has_pending_deliveries() -> bool:
    return Delivery.objects.filter(completed_at=None).exists()
