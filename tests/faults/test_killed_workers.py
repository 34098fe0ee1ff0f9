"""Nothing is lost, and nothing sent too often, when workers die."""

import signal
from collections import Counter
from contextlib import suppress
from queue import Queue
from threading import Thread

import pytest
import requests
from django.utils import timezone

from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tests.fakes.provider_faults import succeed_after
from tests.faults.http_browser import HttpBrowser
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

KILLS = 40
# How many messages a client may get in the end; two where the provider had accepted the first one.
MAX_MESSAGES = {"before-claim": 1, "after-claim": 1, "in-the-call": 2, "after-2xx": 2, "before-ack": 1}
# A worker killed here leaves a lease behind.
CRASHES_WITH_LEASE = ("after-claim", "in-the-call", "after-2xx")


def test_workers_killed_at_any_point_lose_no_code_and_resend_only_sent_ones(
    processes, accepted_mails, acme, create_client_with_email, request_code_directly, crash_at
):
    crash_points = {}
    for point in MAX_MESSAGES:
        for number in range(KILLS):
            address = create_client_with_email(acme, f"{point}-{number}@example.com")
            crash_points[address] = point
            request_code_directly(acme, address)
            crash_at(point, Delivery.objects.latest("created_at").pk)
    leased = {path.name for path in crash_at.pending() if path.parent.name in CRASHES_WITH_LEASE}

    def are_deliveries_completed() -> bool:
        expire_leases(leased - {path.name for path in crash_at.pending()})
        return not _has_pending_deliveries()

    processes.start("sweep")
    # With the default of dramatiq a killed worker also takes the next message it fetched.
    processes.run_module("crashing", "tests.faults.crashing_workers", dramatiq_queue_prefetch="1")
    wait_until(are_deliveries_completed, what="every delivery completed")

    assert not crash_at.pending()
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ACCEPTED: len(crash_points)}
    got = accepted_mails.codes()
    for address, point in crash_points.items():
        assert 1 <= len(got[address]) <= MAX_MESSAGES[point], address
        assert len(set(got[address])) == 1, address


def test_a_queue_is_served_while_one_of_its_workers_is_killed(
    processes, accepted_mails, sendgrid, acme, create_client_with_email, request_code_directly
):
    sendgrid.script.set_faults(succeed_after(0.1))
    processes.start("codes-1", "codes-2", "sweep")
    people = [create_client_with_email(acme, f"client-{number}@example.com") for number in range(40)]
    for address in people:
        request_code_directly(acme, address)
    wait_until(lambda: len(accepted_mails.codes()) >= 4, what="the first codes")

    processes.kill_worker("codes-1")
    late = create_client_with_email(acme, "late@example.com")
    request_code_directly(acme, late)

    wait_until(lambda: accepted_mails.has_recipient(late), what="a code asked for after the kill")
    wait_until(lambda: not processes.is_running("codes-1"), what="the end of the killed worker's master")
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED)
    wait_until(lambda: not waiting.exists(), what="every delivery that nobody holds")
    processes.request_stop("codes-2")
    wait_until(lambda: not processes.is_running("codes-2"), what="the end of the other worker, with empty hands")
    expire_leases(Delivery.objects.values("pk"))
    processes.start("codes-1")
    wait_until(lambda: not _has_pending_deliveries(), what="every delivery completed")
    got = accepted_mails.codes()
    assert set(got) == {*people, late}
    # The killed worker had four messages in its hands; each of these may have come twice, with one code.
    assert sum(map(len, got.values())) <= len(people) + 1 + 4
    assert all(len(set(codes)) == 1 for codes in got.values())


def test_a_worker_that_outslept_its_lease_changes_nothing(
    processes, accepted_mails, redis_db, acme, create_client_with_email, request_code_directly, crash_at
):
    ana = create_client_with_email(acme, "ana@example.com")
    request_code_directly(acme, ana)
    crash_at("after-2xx", Delivery.objects.get().pk, signal.SIGSTOP)
    processes.start("sweep")
    processes.run_module("crashing", "tests.faults.crashing_workers")
    wait_until(lambda: not crash_at.pending(), what="a worker that sleeps")
    expire_leases([Delivery.objects.get().pk])
    wait_until(lambda: not _has_pending_deliveries(), what="the delivery claimed and completed")

    processes.send_signal("crashing", signal.SIGCONT)
    wait_until(lambda: not redis_db.keys("dramatiq:__acks__*"), what="the end of what the sleeper was doing")

    assert Delivery.objects.get().attempt == 2
    assert len(accepted_mails.codes_of(ana)) == 2
    assert len(set(accepted_mails.codes_of(ana))) == 1
    with use_business(acme):
        assert Entry.objects.filter(event_type=AccessEvent.CODE_SENT).count() == 1


def test_workers_asked_to_stop_under_load_lose_nothing_and_send_nothing_twice(
    processes, accepted_mails, sendgrid, acme, create_client_with_email, request_code_directly
):
    sendgrid.script.set_faults(succeed_after(0.2))
    processes.start("codes-1", "codes-2", "sweep")
    people = [create_client_with_email(acme, f"client-{number}@example.com") for number in range(60)]
    for address in people:
        request_code_directly(acme, address)
    wait_until(lambda: len(accepted_mails.codes()) >= 8, what="the first codes")

    for name in ("codes-1", "codes-2"):
        processes.request_stop(name)
    for name in ("codes-1", "codes-2"):
        wait_until(lambda name=name: not processes.is_running(name), what=f"the end of {name}")
        assert processes.exit_code(name) == 0
    assert not Delivery.objects.filter(state=DeliveryState.SENDING).exists()

    processes.start("codes-1")
    wait_until(lambda: not _has_pending_deliveries(), what="every delivery completed")
    assert accepted_mails.codes().keys() == set(people)
    assert all(len(codes) == 1 for codes in accepted_mails.codes().values())


def test_a_web_server_asked_to_stop_answers_open_requests_and_every_answered_code_is_sent(
    processes, accepted_mails, acme, create_client_with_email
):
    processes.start("web", "codes-1", "sweep")
    people = [create_client_with_email(acme, f"client-{number}@example.com") for number in range(40)]
    answers = Queue()

    def request_codes(mine):
        with suppress(requests.ConnectionError):
            for address in mine:
                answer = HttpBrowser(processes.port).request_code(address)
                answers.put((address, answer.status_code))

    threads = [Thread(target=request_codes, args=[people[start::4]]) for start in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: answers.qsize() >= 8, what="the first answers")
    processes.request_stop("web")
    for thread in threads:
        thread.join()

    wait_until(lambda: not processes.is_running("web"), what="the end of the web server")
    answered = dict(answers.queue)
    assert set(answered.values()) == {302}
    wait_until(lambda: answered.keys() <= accepted_mails.codes().keys(), what="every code that was promised")
    assert all(len(codes) == 1 for codes in accepted_mails.codes().values())


def expire_leases(deliveries) -> None:
    """End the leases of the first workers, which are dead or stopped."""
    held = Delivery.objects.filter(pk__in=deliveries, state=DeliveryState.SENDING, attempt=1)
    held.update(leased_until=timezone.now())


def _has_pending_deliveries() -> bool:
    return Delivery.objects.filter(completed_at=None).exists()
