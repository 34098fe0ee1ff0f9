"""Do codes arrive when the provider refuses, hangs, breaks or is gone, and do we notice?"""

import time
from datetime import timedelta
from functools import partial

import pytest
import trustme
from django.conf import settings
from django.utils import timezone

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.messaging.models import Notification
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tests.factories import create_member
from tests.fakes.faults import WORK, Fault, accept_then_hang, answer, drop, hang, trickle
from tests.fakes.http import FakeSendGrid
from tests.fakes.smtp import FakeSmtp
from tests.faults.mailbox import Mailbox
from tests.faults.plant import until

pytestmark = pytest.mark.faults

# Longer than anybody waits here: what hangs so long is given up.
FOR_EVER = 3600
REST = 3
WAYS_TO_FAIL = {
    "broken": answer(500),
    "busy": answer(429),
    "locked-out": answer(401),
    "silent": hang(FOR_EVER),
    "hanging-up": drop(),
    "trickling": trickle(FOR_EVER),
}


class Moody(FakeSendGrid):
    """A SendGrid that fails in the way each recipient is named after."""

    manners: dict[str, Fault] = {}

    def fault_for(self, request: dict) -> Fault:
        """Look whom the mail is for; those who are not named get what the script says."""
        named = (fault for name, fault in self.manners.items() if f'"{name}@'.encode() in request["body"])
        return next(named, None) or super().fault_for(request)


@pytest.fixture
def sendgrid():
    with Moody() as server:
        yield server


@pytest.fixture
def smtp(plant):
    """The second provider of email, which works. Who is silent is given up when production gives them up."""
    with FakeSmtp() as server:
        plant.env |= {"EMAIL_PROVIDERS": "sendgrid,smtp", "SMTP_URL": server.url, "PROVIDER_READ_TIMEOUT": "6"}
        yield server


def test_however_the_first_provider_fails_the_second_has_the_same_code_in_time(
    plant, sendgrid, smtp, acme, client_of, ask
):
    sendgrid.manners = WAYS_TO_FAIL
    plant.env["BREAKER_FAILURE_THRESHOLD"] = "1000"
    plant.start("codes-1", "codes-2", "sweep")
    people = [client_of(acme, f"{name}@example.com") for name in WAYS_TO_FAIL]
    for address in people:
        ask(acme, address)

    until(lambda: Mailbox(smtp).codes().keys() == set(people), what="every code by SMTP")
    until(lambda: not _owed(), what="every delivery settled")
    for address, codes in Mailbox(sendgrid, smtp).codes().items():
        assert len(set(codes)) == 1, address
    assert all(len(codes) == 1 for codes in Mailbox(smtp).codes().values())


def test_a_provider_that_took_the_message_and_then_hangs_is_believed(plant, sendgrid, smtp, acme, client_of, ask):
    sendgrid.script.play(accept_then_hang(FOR_EVER))
    plant.start("codes-1", "sweep")
    ana = client_of(acme, "ana@example.com")
    ask(acme, ana)

    until(lambda: not _owed(), what="the delivery settled")
    assert Delivery.objects.get().state == DeliveryState.ACCEPTED
    assert len(Mailbox(sendgrid, smtp).codes_of(ana)) == 1


@pytest.mark.parametrize("unreachable", ["refusing connections", "showing a certificate nobody trusts"])
def test_a_provider_that_can_not_be_reached_is_passed_over(
    plant, sendgrid, smtp, acme, client_of, ask, unreachable, impostor
):
    if unreachable == "refusing connections":
        sendgrid.refuse()
    else:
        plant.env["SENDGRID_BASE_URL"] = impostor.url
    plant.start("codes-1", "sweep")
    ana = client_of(acme, "ana@example.com")
    ask(acme, ana)

    until(lambda: Mailbox(smtp).has(ana), what="the code by SMTP")
    assert not impostor.arrived


def test_a_provider_that_keeps_failing_is_left_alone_and_asked_again_after_a_rest(
    plant, sendgrid, smtp, acme, client_of, ask
):
    sendgrid.script.play(answer(500))
    plant.env |= {"BREAKER_FAILURE_THRESHOLD": "5", "BREAKER_COOLDOWN": str(REST)}
    plant.start("codes-1", "sweep")
    numbers = iter(range(100))

    def who_carries_the_next() -> str:
        address = client_of(acme, f"client-{next(numbers)}@example.com")
        ask(acme, address)
        until(lambda: Mailbox(smtp, sendgrid).has(address), what="a code")
        return "sendgrid" if Mailbox(sendgrid).has(address) else "smtp"

    began = time.monotonic()
    assert [who_carries_the_next() for _code in range(8)] == ["smtp"] * 8
    # Five failed in a row; after them there was at most one trial a rest.
    assert 5 <= len(sendgrid.arrived) <= 5 + (time.monotonic() - began) // REST
    assert plant.number("portico_breaker_open", provider="sendgrid") == 1
    assert plant.number("portico_provider_calls_total", provider="sendgrid", outcome="broken") >= 5

    sendgrid.script.play(WORK)
    until(lambda: who_carries_the_next() == "sendgrid", what="a code by SendGrid again")
    assert plant.number("portico_breaker_open", provider="sendgrid") == 0


def test_after_an_outage_of_every_provider_live_codes_are_sent_and_expired_ones_never(
    plant, sendgrid, smtp, acme, client_of, ask
):
    sendgrid.refuse()
    smtp.refuse()
    plant.env |= {"BREAKER_FAILURE_THRESHOLD": "2", "BREAKER_COOLDOWN": "2"}
    plant.start("codes-1", "codes-2", "sweep")
    live, dying = client_of(acme, "live@example.com"), client_of(acme, "dying@example.com")
    # Ten minutes are not waited for: this one was asked for almost that long ago.
    ask(acme, dying, now=timezone.now() - settings.LOGIN_CODE_LIFETIME + timedelta(seconds=6))
    ask(acme, live)

    expired = Delivery.objects.filter(state=DeliveryState.EXPIRED)
    until(expired.exists, what="the end of the first code")
    assert Delivery.objects.filter(completed_at=None).count() == 1
    for provider in ("sendgrid", "smtp"):
        open_now = partial(plant.number, "portico_breaker_open", provider=provider)
        until(lambda is_open=open_now: is_open() == 1, what=f"an open breaker for {provider}")
    expected = {(EventType.MESSAGE_POSTPONED, "unreachable"), (EventType.MESSAGE_EXPIRED, "expired")}
    until(lambda: expected <= told_in(acme), what="both on the timeline")

    sendgrid.listen()
    smtp.listen()
    until(lambda: not _owed(), what="the live code settled")
    got = Mailbox(sendgrid, smtp).codes()
    assert (len(got[live]), len(got[dying])) == (1, 0)


def test_staff_see_an_outage_of_every_provider_and_that_it_is_over(
    plant, sendgrid, smtp, acme, client_of, ask, platform_client
):
    sendgrid.refuse()
    smtp.refuse()
    plant.env |= {"BREAKER_FAILURE_THRESHOLD": "2", "BREAKER_COOLDOWN": "2", "OUTAGE_THRESHOLD": "3"}
    plant.start("codes-1", "sweep")
    ask(acme, client_of(acme, "ana@example.com"))
    browser = platform_client(create_member(acme, "staff").person)

    def is_shown() -> bool:
        return "Codes by email are delayed" in browser.get("/console/acme/").content.decode()

    until(is_shown, what="the banner")
    sendgrid.listen()
    smtp.listen()
    until(lambda: not is_shown(), what="its end")
    until(lambda: notifications_of(acme) == {"Codes by email go out again"}, what="a notice that says so")


@pytest.fixture
def impostor():
    """A server that speaks TLS with a certificate from an authority of its own."""
    from ssl import PROTOCOL_TLS_SERVER, SSLContext

    context = SSLContext(PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with FakeSendGrid(tls=context) as server:
        yield server


def told_in(business) -> set[tuple[str, str]]:
    """Return what a business's timeline tells, with reasons."""
    with use_business(business):
        return set(Entry.objects.values_list("event_type", "data__reason"))


def notifications_of(business) -> set[str]:
    """Return what a business's staff were told, without since when."""
    with use_business(business):
        return {notice.subject.split(" since")[0] for notice in Notification.objects.all()}


def _owed() -> bool:
    return Delivery.objects.filter(completed_at=None).exists()
