"""Rows past their retention are purged, and all others stay."""

import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from portal.access.models import Challenge, ClientSession, ImpersonationSession
from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.messaging.models import Message, Notification, Suppression
from tenants.context import use_business
from tenants.models import (
    Delivery,
    DeliveryState,
    FailedAttemptBucket,
    ProviderEvent,
    Queue,
    StaffEmail,
    StaffEmailKind,
)
from tenants.staff.actor import Staff
from tests.factories import ClientFactory, ClientSessionFactory, create_member
from tests.portal.access.sign_in import request_code_for
from workers import schedule
from workers.actors import housekeeping
from workers.schedule import PeriodicTask


def delivery(business, *, age: timedelta, settled: bool) -> Delivery:
    then = timezone.now() - age
    return Delivery.objects.create(
        business=business,
        message_id=uuid.uuid4(),
        queue=Queue.CODES,
        channel="email",
        state=DeliveryState.ACCEPTED if settled else DeliveryState.QUEUED,
        created_at=then,
        due_at=then,
        deadline_at=then,
        completed_at=then if settled else None,
    )


def challenge(*, age: timedelta) -> Challenge:
    then = timezone.now() - age
    return Challenge.objects.create(
        browser_digest=uuid.uuid4().bytes * 2,
        identifier_digest=bytes(32),
        identifier_masked="a…",
        identifier_kind="email",
        key_id="k1",
        created_at=then,
        expires_at=then + timedelta(minutes=20),
    )


def test_completed_deliveries_are_purged_after_their_retention_and_pending_ones_never(acme, settings, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH_SIZE", 2)
    old = settings.DELIVERY_RETENTION + timedelta(hours=1)
    for _ in range(5):
        delivery(acme, age=old, settled=True)
    remaining = {delivery(acme, age=old, settled=False).pk, delivery(acme, age=timedelta(days=1), settled=True).pk}

    housekeeping.purge_platform.fn()

    assert set(Delivery.objects.values_list("pk", flat=True)) == remaining


def test_events_and_failed_attempts_are_purged_after_their_retention(acme, settings):
    now = timezone.now()
    old = now - settings.DELIVERY_RETENTION - timedelta(hours=1)
    for name, received in (("old", old), ("new", now)):
        ProviderEvent.objects.create(
            provider="sendgrid",
            provider_event_id=name,
            delivery_id=uuid.uuid4(),
            state=60,
            happened_at=received,
            received_at=received,
            applied_at=received,
        )
        FailedAttemptBucket.objects.create(business=acme, bucket_at=received, count=1)

    housekeeping.purge_platform.fn()

    assert ProviderEvent.objects.get().provider_event_id == "new"
    assert FailedAttemptBucket.objects.get().bucket_at == now


def test_old_challenges_and_expired_browsers_are_purged_from_one_business_only(acme, globex, settings):
    for business in (acme, globex):
        with use_business(business):
            challenge(age=timedelta(days=31))
            challenge(age=timedelta(days=29))
            long_ago = timezone.now() - settings.RECOGNISED_BROWSER_LIFETIME - timedelta(days=40)
            ClientSessionFactory(created_at=long_ago)
            ClientSessionFactory()

    housekeeping.purge_business.fn(business_id=str(acme.pk))

    counts = []
    for business in (acme, globex):
        with use_business(business):
            counts.append((Challenge.objects.count(), ClientSession.objects.count()))
    assert counts == [(1, 1), (2, 2)]


def test_rows_without_a_client_are_purged_and_rows_of_clients_stay(acme):
    long_ago = timezone.now() - timedelta(days=31)
    with use_business(acme):
        ana = ClientFactory(email="ana@example.com")
        for at in (long_ago, timezone.now()):
            request_code_for(acme, "ana@example.com", now=at)
            request_code_for(acme, "nobody@example.org", now=at)

        housekeeping.purge_business.fn(business_id=str(acme.pk))

        left = [list(rows.values_list("client", flat=True)) for rows in (Message.objects, Entry.objects)]
    assert [Counter(clients) for clients in left] == [{ana.pk: 2, None: 1}] * 2


def test_removed_suppressions_are_purged_and_active_ones_stay(acme, now):
    old, block = now - timedelta(days=31), {"channel": "email", "reason": "bounced"}
    with use_business(acme):
        for value, removed_at in (("a@x.test", old), ("b@x.test", now), ("c@x.test", None)):
            Suppression.objects.create(value=value, since=old, removed_at=removed_at, **block)

    housekeeping.purge_business.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert set(Suppression.objects.values_list("value", flat=True)) == {"b@x.test", "c@x.test"}


def test_timeline_entries_of_staff_are_never_purged(acme):
    long_ago = timezone.now() - timedelta(days=400)
    with use_business(acme):
        sam = Staff(person_id=uuid.uuid4(), name="Sam")
        done = activity.record(EventType.TEAM_ROLE_CHANGED, at=long_ago, **activity.actor_fields(sam))
        typed = activity.record(EventType.CODE_REQUESTED, at=long_ago)

    housekeeping.purge_business.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert set(Entry.objects.filter(pk__in=[done.pk, typed.pk])) == {done}


def test_notifications_are_purged_after_three_months(acme):
    person, now = uuid.uuid4(), timezone.now()
    with use_business(acme):
        for age in (1, 89, 91):
            Notification.objects.create(
                person_id=person, kind="new-message", path="messages/", subject=str(age), at=now - timedelta(days=age)
            )

    housekeeping.purge_business.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert sorted(Notification.objects.values_list("subject", flat=True)) == ["1", "89"]


def test_staff_sessions_are_purged_once_they_expired_and_no_sooner(acme, platform_client):
    person = create_member(acme, "staff").person
    ended, live = (platform_client(person).session for _browser in range(2))
    for session in (ended, live):
        UserSession.objects.create(user=person, session_key=session.session_key, ip="127.0.0.1", user_agent="")
    Session.objects.filter(pk=ended.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

    housekeeping.purge_platform.fn()

    assert [session.pk for session in Session.objects.all()] == [live.session_key]
    assert [session.session_key for session in UserSession.objects.all()] == [live.session_key]


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


def test_emails_to_staff_are_purged_after_their_retention(acme, settings):
    now = timezone.now()
    for age in (settings.DELIVERY_RETENTION + timedelta(hours=1), timedelta(days=1)):
        StaffEmail.objects.create(kind=StaffEmailKind.CODE, key_id="k1", created_at=now - age, expires_at=now - age)

    housekeeping.purge_platform.fn()

    assert [email.created_at for email in StaffEmail.objects.all()] == [now - timedelta(days=1)]


def test_impersonation_sessions_are_purged_ninety_days_after_their_end(acme):
    now = timezone.now()
    with use_business(acme):
        ana = ClientFactory()
        for days in (91, 89, -1):
            when = now - timedelta(days=days)
            ImpersonationSession.objects.create(
                client=ana,
                mode=ImpersonationSession.Mode.READ_ONLY,
                reason="trying",
                token_digest=uuid.uuid4().bytes * 2,
                person_id=uuid.uuid4(),
                created_at=when,
                expires_at=when,
            )
    housekeeping.purge_business.fn(business_id=str(acme.pk))

    with use_business(acme):
        assert ImpersonationSession.objects.count() == 2
