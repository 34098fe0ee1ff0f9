"""Rows of the platform that are past their retention period are purged, and all others stay."""

import uuid
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.team.kinds import TeamEmail
from tenants.models import (
    Delivery,
    DeliveryState,
    FailedAttemptCount,
    ProviderEvent,
    Queue,
    RecipientBudget,
    SentSms,
    SmsStop,
    StaffEmail,
)
from tenants.sms_limits.usage import RETENTION
from tests.factories import create_member
from workers.actors import housekeeping


def create_delivery(business, *, age: timedelta, is_completed: bool) -> Delivery:
    then = timezone.now() - age
    return Delivery.objects.create(
        business=business,
        message_id=uuid.uuid4(),
        queue=Queue.CODES,
        channel="email",
        state=DeliveryState.ACCEPTED if is_completed else DeliveryState.QUEUED,
        created_at=then,
        due_at=then,
        deadline_at=then,
        completed_at=then if is_completed else None,
    )


def test_completed_deliveries_are_purged_after_their_retention_and_pending_ones_never(acme, settings, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH_SIZE", 2)
    old = settings.DELIVERY_RETENTION + timedelta(hours=1)
    for _ in range(5):
        create_delivery(acme, age=old, is_completed=True)
    remaining = {
        create_delivery(acme, age=old, is_completed=False).pk,
        create_delivery(acme, age=timedelta(days=1), is_completed=True).pk,
    }

    housekeeping.purge_expired_platform_rows.fn()

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
        FailedAttemptCount.objects.create(business=acme, bucket_at=received, count=1)

    housekeeping.purge_expired_platform_rows.fn()

    assert ProviderEvent.objects.get().provider_event_id == "new"
    assert FailedAttemptCount.objects.get().bucket_at == now


def test_staff_sessions_are_purged_once_they_expired_and_no_sooner(acme, platform_client):
    person = create_member(acme, "staff").person
    ended, live = (platform_client(person).session for _browser in range(2))
    for session in (ended, live):
        UserSession.objects.create(user=person, session_key=session.session_key, ip="127.0.0.1", user_agent="")
    Session.objects.filter(pk=ended.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))

    housekeeping.purge_expired_platform_rows.fn()

    assert [session.pk for session in Session.objects.all()] == [live.session_key]
    assert [session.session_key for session in UserSession.objects.all()] == [live.session_key]


def test_emails_to_staff_are_purged_after_their_retention(acme, settings):
    now = timezone.now()
    for age in (settings.DELIVERY_RETENTION + timedelta(hours=1), timedelta(days=1)):
        StaffEmail.objects.create(kind=TeamEmail.CODE, key_id="k1", created_at=now - age, expires_at=now - age)

    housekeeping.purge_expired_platform_rows.fn()

    assert [email.created_at for email in StaffEmail.objects.all()] == [now - timedelta(days=1)]


def test_budgets_of_recipients_are_purged_after_a_day(db):
    now = timezone.now()
    for number, age in enumerate((timedelta(days=1, minutes=1), timedelta(hours=23))):
        digest = bytes([number]) * 32
        RecipientBudget.objects.create(digest=digest, previous_digest=digest, used_at=now - age)

    housekeeping.purge_expired_platform_rows.fn()

    assert [bytes(budget.digest) for budget in RecipientBudget.objects.all()] == [bytes([1]) * 32]


def test_counted_texts_and_stops_are_purged_when_nothing_is_judged_by_them(acme):
    now = timezone.now()
    for number_range, age in (("+4911", RETENTION + timedelta(hours=1)), ("+4922", RETENTION - timedelta(hours=1))):
        fields = {"business": acme, "priority": 3}
        SentSms.objects.create(id=uuid.uuid4(), number_range=number_range, cost=12, sent_at=now - age, **fields)
        SmsStop.objects.create(reason="range", area=number_range, started_at=now - age, ends_at=now - age, **fields)

    housekeeping.purge_expired_platform_rows.fn()

    assert SentSms.objects.get().number_range == SmsStop.objects.get().area == "+4922"
