"""Periodic jobs are enqueued at their intervals, and run."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command

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
    monkeypatch.setattr(schedule, "enqueue", lambda actor, **rest: enqueued.append(actor) or True)

    for task in schedule.SCHEDULE:
        task.enqueue()

    assert set(enqueued) <= set(broker.actors)
    assert enqueued


def test_a_dead_database_connection_stops_no_periodic_task(acme, dead_connection, monkeypatch):
    enqueued = []
    monkeypatch.setattr(schedule, "enqueue", lambda actor, **rest: enqueued.append(actor) or True)
    unstarted_tasks = [replace(task, due_at=None) for task in schedule.SCHEDULE]
    monkeypatch.setattr("workers.management.commands.schedule.SCHEDULE", unstarted_tasks)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    call_command("schedule", once=True)

    assert {"purge_platform", "purge_business"} <= set(enqueued)


@pytest.mark.parametrize("name", ["deliver", "apply_events", "purge_platform", "purge_business"])
def test_every_actor_has_its_limits_set(name):
    from workers.main import broker

    options = broker.actors[name].options
    assert options["max_retries"] <= 5
    assert options["max_age"] > 0
    assert options["time_limit"] > 0
