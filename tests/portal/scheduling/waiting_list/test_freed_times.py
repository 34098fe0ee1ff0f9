"""Whatever frees time has it offered, and a client is told of it while it can be accepted."""

from datetime import timedelta

import pytest

from portal.messaging.models import Message
from portal.scheduling import jobs, services
from portal.scheduling.models import Acceptance, SchedulingSettings
from portal.scheduling.services.waiting_list import answers, entries, freed_times
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.notice_steps import deliver_at
from tests.portal.scheduling.scheduling_rows import NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import accept, get_open_offer, offer, wait_for


@pytest.fixture
def run_jobs(monkeypatch, django_capture_on_commit_callbacks):
    """Return a context in which jobs about free times run once what is in it has been committed."""
    enqueued = []
    monkeypatch.setattr(freed_times, "enqueue_row_job", lambda name, **ids: enqueued.append(ids["row_id"]))

    def run(change):
        with django_capture_on_commit_callbacks(execute=True):
            change()
        for calendar_id in enqueued:
            jobs.offer_free_times(calendar_id, clock=lambda: NOW)
        return enqueued

    return run


def cancel(appointment, staff):
    return services.cancel_appointment(appointment_id=appointment.pk, staff=staff, now=NOW)


def test_a_cancelled_time_is_offered(service, taken, eva, staff, run_jobs):
    wait_for(service, eva)
    run_jobs(lambda: cancel(taken, staff))
    assert get_open_offer().starts_at == at(10)


def test_a_declined_request_is_offered(service, holder, eva, staff, run_jobs):
    query = rows.build_query(service, rules=SchedulingSettings(acceptance=Acceptance.BY_HAND))
    requested = rows.book(query, at(10), client=holder)
    wait_for(service, eva)
    run_jobs(lambda: services.decline_appointment(appointment_id=requested.pk, staff=staff, now=NOW))
    assert get_open_offer().starts_at == at(10)


def test_a_time_that_somebody_moved_away_from_is_offered(service, taken, holder, eva, query, run_jobs):
    wait_for(service, eva)
    later = rows.build_query(service, days=3)
    run_jobs(
        lambda: services.reschedule_own_appointment(
            later, at(10, days=1), appointment_id=taken.pk, client=holder, now=NOW
        )
    )
    assert get_open_offer().starts_at == at(10)


def test_a_hold_that_ended_without_a_booking_is_offered(service, holder, eva, query, run_jobs):
    held = rows.hold(query, at(10), client=holder)
    wait_for(service, eva)
    run_jobs(lambda: services.release_hold(hold_key=held.hold_key))
    assert get_open_offer().starts_at == at(10)


def test_blocked_time_that_is_freed_is_offered(service, calendar, eva, staff, run_jobs):
    fields = {"calendar": calendar, "title": "Dentist", "starts_at": at(10), "ends_at": at(11)}
    blocked = services.block_time(staff=staff, now=NOW, **fields)
    wait_for(service, eva)
    run_jobs(lambda: services.unblock_time(entry_id=blocked.pk, staff=staff, now=NOW))
    assert get_open_offer().starts_at == at(10)


def test_who_joins_while_a_time_is_free_is_offered_it(service, eva, run_jobs):
    run_jobs(lambda: wait_for(service, eva))
    assert get_open_offer().entry.client == eva


def test_nothing_is_enqueued_where_nobody_waits(taken, staff, run_jobs):
    assert run_jobs(lambda: cancel(taken, staff)) == []


def test_a_lost_job_is_repaired(service, taken, eva, staff):
    wait_for(service, eva)
    cancel(taken, staff)
    assert answers.refresh_waiting_list(now=NOW) == 1


def test_the_client_is_told_what_is_offered_and_until_when(service, eva, time_machine):
    time_machine.move_to(NOW, tick=False)
    wait_for(service, eva)
    offered = offer()
    [mail] = [mail for mail in deliver_at(NOW) if str(offered.pk) in mail["text"]]
    assert mail["to"] == "eva@example.com"
    assert "11 January 2027, 10:00 (Europe/Berlin)" in mail["text"]
    assert "until 4 January 2027, 13:00 (Europe/Berlin)" in mail["text"]
    assert f"/book/offers/{offered.pk}/" in mail["html"]


@pytest.mark.parametrize("end", ["declined", "expired", "accepted", "left"])
def test_nobody_is_told_of_an_offer_that_is_over(service, eva, time_machine, end):
    time_machine.move_to(NOW, tick=False)
    entry = wait_for(service, eva)
    offered, now = offer(), NOW
    if end == "declined":
        answers.decline_offer(offer_id=offered.pk, client=eva, now=NOW)
    elif end == "accepted":
        accept(offered, eva)
    elif end == "left":
        entries.leave_waiting_list(entry_id=entry.pk, client=eva, now=NOW)
    else:
        now = offered.expires_at - timedelta(seconds=1)
        services.release_hold(hold_key=offered.appointment.hold_key)
    assert not [mail for mail in deliver_at(now) if f"/book/offers/{offered.pk}/" in mail["text"]]
    assert Message.objects.filter(kind="waiting-list-offer").exists()
