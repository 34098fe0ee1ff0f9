"""Is anything lost, or sent once too often, when workers die?"""

import signal
from collections import Counter
from contextlib import suppress
from queue import Queue
from threading import Thread

import pytest
import requests
from django.utils import timezone

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tests.fakes.faults import slow
from tests.faults.plant import until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.faults

KILLS = 40
# How many messages a person may have got in the end. The provider had taken the second one's twin already.
MOST_MESSAGES = {"before-claim": 1, "after-claim": 1, "in-the-call": 2, "after-2xx": 2, "before-ack": 1}
# Whoever is killed here takes a lease along.
HOLDING_A_LEASE = ("after-claim", "in-the-call", "after-2xx")


def test_workers_killed_at_any_line_lose_nothing_and_repeat_only_what_was_already_sent(
    plant, mailbox, acme, client_of, ask, doom
):
    doomed_at = {}
    for point in MOST_MESSAGES:
        for number in range(KILLS):
            address = client_of(acme, f"{point}-{number}@example.com")
            doomed_at[address] = point
            ask(acme, address)
            doom(point, Delivery.objects.latest("created_at").pk)
    leased = {path.name for path in doom.left() if path.parent.name in HOLDING_A_LEASE}

    def all_settled() -> bool:
        let_leases_run_out(leased - {path.name for path in doom.left()})
        return not _owed()

    plant.start("sweep")
    # With dramatiq's own value a killed worker takes along the next bell in its hands as well.
    plant.run_module("doomed", "tests.faults.doomed_workers", dramatiq_queue_prefetch="1")
    until(all_settled, what="every delivery settled")

    assert not doom.left()
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ACCEPTED: len(doomed_at)}
    got = mailbox.codes()
    for address, point in doomed_at.items():
        assert 1 <= len(got[address]) <= MOST_MESSAGES[point], address
        assert len(set(got[address])) == 1, address


def test_a_lane_serves_on_while_one_of_its_workers_is_killed(plant, mailbox, sendgrid, acme, client_of, ask):
    sendgrid.script.play(slow(0.1))
    plant.start("codes-1", "codes-2", "sweep")
    people = [client_of(acme, f"client-{number}@example.com") for number in range(40)]
    for address in people:
        ask(acme, address)
    until(lambda: len(mailbox.codes()) >= 4, what="the first codes")

    plant.kill_worker("codes-1")
    late = client_of(acme, "late@example.com")
    ask(acme, late)

    until(lambda: mailbox.has(late), what="a code asked for after the kill")
    until(lambda: not plant.is_running("codes-1"), what="the end of the killed worker's master")
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED)
    until(lambda: not waiting.exists(), what="every delivery that nobody holds")
    plant.ask_to_stop("codes-2")
    until(lambda: not plant.is_running("codes-2"), what="the end of the other worker, with empty hands")
    let_leases_run_out(Delivery.objects.values("pk"))
    plant.start("codes-1")
    until(lambda: not _owed(), what="every delivery settled")
    got = mailbox.codes()
    assert set(got) == {*people, late}
    # The killed worker had four messages in its hands; each of these may have come twice, with one code.
    assert sum(map(len, got.values())) <= len(people) + 1 + 4
    assert all(len(set(codes)) == 1 for codes in got.values())


def test_a_worker_that_slept_longer_than_its_lease_changes_nothing_when_it_wakes(
    plant, mailbox, redis_db, acme, client_of, ask, doom
):
    ana = client_of(acme, "ana@example.com")
    ask(acme, ana)
    doom("after-2xx", Delivery.objects.get().pk, signal.SIGSTOP)
    plant.start("sweep")
    plant.run_module("doomed", "tests.faults.doomed_workers")
    until(lambda: not doom.left(), what="a worker that sleeps")
    let_leases_run_out([Delivery.objects.get().pk])
    until(lambda: not _owed(), what="the delivery taken over and settled")

    plant.send("doomed", signal.SIGCONT)
    until(lambda: not redis_db.keys("dramatiq:__acks__*"), what="the end of what the sleeper was doing")

    assert Delivery.objects.get().attempt == 2
    assert len(mailbox.codes_of(ana)) == 2
    assert len(set(mailbox.codes_of(ana))) == 1
    with use_business(acme):
        assert Entry.objects.filter(event_type=EventType.CODE_SENT).count() == 1


def test_workers_asked_to_stop_under_load_lose_nothing_and_send_nothing_twice(
    plant, mailbox, sendgrid, acme, client_of, ask
):
    sendgrid.script.play(slow(0.2))
    plant.start("codes-1", "codes-2", "sweep")
    people = [client_of(acme, f"client-{number}@example.com") for number in range(60)]
    for address in people:
        ask(acme, address)
    until(lambda: len(mailbox.codes()) >= 8, what="the first codes")

    for name in ("codes-1", "codes-2"):
        plant.ask_to_stop(name)
    for name in ("codes-1", "codes-2"):
        until(lambda name=name: not plant.is_running(name), what=f"the end of {name}")
        assert plant.exit_code(name) == 0
    assert not Delivery.objects.filter(state=DeliveryState.SENDING).exists()

    plant.start("codes-1")
    until(lambda: not _owed(), what="every delivery settled")
    assert mailbox.codes().keys() == set(people)
    assert all(len(codes) == 1 for codes in mailbox.codes().values())


def test_a_web_server_asked_to_stop_answers_what_it_was_asked_and_owes_what_it_promised(
    plant, mailbox, acme, client_of
):
    plant.start("web", "codes-1", "sweep")
    people = [client_of(acme, f"client-{number}@example.com") for number in range(40)]
    promised = Queue()

    def ask_all(mine):
        with suppress(requests.ConnectionError):
            for address in mine:
                answer = Visitor(plant.port).ask(address)
                promised.put((address, answer.status_code))

    threads = [Thread(target=ask_all, args=[people[start::4]]) for start in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: promised.qsize() >= 8, what="the first answers")
    plant.ask_to_stop("web")
    for thread in threads:
        thread.join()

    until(lambda: not plant.is_running("web"), what="the end of the web server")
    answered = dict(promised.queue)
    assert set(answered.values()) == {302}
    until(lambda: answered.keys() <= mailbox.codes().keys(), what="every code that was promised")
    assert all(len(codes) == 1 for codes in mailbox.codes().values())


def let_leases_run_out(deliveries) -> None:
    """Let the time pass that the first workers of deliveries, who are dead or asleep, may hold them."""
    held = Delivery.objects.filter(pk__in=deliveries, state=DeliveryState.SENDING, attempt=1)
    held.update(leased_until=timezone.now())


def _owed() -> bool:
    return Delivery.objects.filter(completed_at=None).exists()
