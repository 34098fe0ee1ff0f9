"""Periodic jobs are enqueued at their intervals, for actors that exist."""

from datetime import timedelta
from inspect import signature

import pytest
from django.core.management import call_command

from tenants.models import Business, BusinessStatus
from tenants.nouns import registry
from tenants.nouns.job_declarations import PeriodicJob
from tests.noun_apps import install_noun_apps, make_noun_app
from workers import schedule
from workers.schedule import PeriodicTask


def test_a_periodic_task_is_enqueued_at_its_interval_and_again_after_a_failure(now):
    is_enqueued, enqueued = [True], []
    task = PeriodicTask(timedelta(hours=1), lambda: enqueued.append(1) or is_enqueued[0])

    for minutes in (0, 30, 59, 60, 61):
        task.enqueue_if_due(now + timedelta(minutes=minutes))
    assert len(enqueued) == 2

    is_enqueued[0] = False
    for minutes in (121, 122, 123):
        task.enqueue_if_due(now + timedelta(minutes=minutes))
    assert len(enqueued) == 5


def test_every_periodic_task_names_an_existing_actor(acme, monkeypatch):
    from workers.main import broker

    enqueued = []
    monkeypatch.setattr(schedule, "enqueue_job", lambda actor, **rest: enqueued.append(actor) or True)

    for task in schedule.build_schedule():
        task.enqueue()

    assert set(enqueued) <= set(broker.actors)
    assert enqueued


def test_a_declared_job_is_enqueued_once_for_each_open_business_or_once_for_all_if_it_is_quick(
    acme, globex, monkeypatch, now
):
    jobs = [PeriodicJob(name, "", timedelta(hours=1), is_quick=name == "quick") for name in ("quick", "slow")]
    enqueued = []
    monkeypatch.setattr(schedule, "enqueue_job", lambda actor, **rest: enqueued.append((actor, rest)) or True)
    Business.objects.filter(pk=globex.pk).update(status=BusinessStatus.CLOSED)

    with install_noun_apps(make_noun_app(periodic_jobs=jobs), alone=True):
        for task in schedule.build_schedule():
            task.enqueue_if_due(now)

    assert [rest for actor, rest in enqueued if actor == "run_job_at_all_businesses"] == [
        {"queue": "bulk", "job_name": "quick", "max_age": timedelta(hours=1)}
    ]
    slow = [rest for actor, rest in enqueued if actor == "run_job_at_business"]
    assert {rest["job_name"] for rest in slow} == {"slow"}
    assert {rest["business_id"] for rest in slow} & {acme.pk, globex.pk} == {acme.pk}


def test_every_declared_job_has_a_function_that_takes_the_time():
    for job in registry.get_periodic_jobs().values():
        assert "now" in signature(registry.import_dotted_path(job.run)).parameters, job.name


def test_a_dead_database_connection_stops_no_periodic_task(acme, dead_connection, monkeypatch):
    enqueued = []
    monkeypatch.setattr(schedule, "enqueue_job", lambda actor, **rest: enqueued.append(actor) or True)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    call_command("schedule", once=True)

    assert {
        "purge_expired_platform_rows",
        "purge_expired_business_rows",
        "run_job_at_business",
        "run_job_at_all_businesses",
    } <= set(enqueued)


@pytest.mark.parametrize(
    "name",
    [
        "deliver",
        "apply_events",
        "purge_expired_platform_rows",
        "purge_expired_business_rows",
        "run_job_at_business",
        "run_job_at_all_businesses",
        "run_row_job",
    ],
)
def test_every_actor_has_its_limits_set(name):
    from workers.main import broker

    options = broker.actors[name].options
    assert options["max_retries"] <= 5
    assert options["max_age"] > 0
    assert options["time_limit"] > 0
