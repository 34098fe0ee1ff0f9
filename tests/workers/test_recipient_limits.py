"""Tests that a notice counts once towards what its address is sent, and waits when that was too much."""

from datetime import timedelta

import pytest

from portal.access.kinds import AccessMessageKind
from tenants.models import Channel, DeliveryState, RecipientBudget, SentSms
from tests.fakes.provider_faults import NO_FAULT, respond_with
from workers.actors.delivery_jobs import RECIPIENT_BUSY, RECIPIENT_DELAY, deliver_now

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _one_an_hour(settings):
    settings.RECIPIENT_MESSAGES_PER_HOUR = 1


@pytest.fixture
def create_invitation(create_delivery):
    """Return a function that enqueues an invitation of a business to Ana's mailbox."""
    return lambda business: create_delivery(business, kind=AccessMessageKind.INVITATION, lifetime=DAY)


def deliver(delivery, *, at):
    deliver_now(delivery.pk, clock=lambda: at)
    delivery.refresh_from_db()
    return delivery.state


@pytest.mark.parametrize("kind", [AccessMessageKind.INVITATION, AccessMessageKind.ACCESS_ENDED])
def test_a_notice_that_is_tried_again_counts_once(acme, create_delivery, sendgrid, settings, now, kind):
    settings.EMAIL_PROVIDERS = ["sendgrid"]
    sendgrid.script.set_faults(respond_with(500), NO_FAULT)
    delivery = create_delivery(acme, kind=kind)

    assert deliver(delivery, at=now) == DeliveryState.QUEUED
    assert deliver(delivery, at=delivery.due_at) == DeliveryState.ACCEPTED
    assert {len(budget.sends) for budget in RecipientBudget.objects.all()} == {1}


def test_a_notice_counts_for_nothing_while_no_provider_may_be_called(acme, create_invitation, sendgrid, settings, now):
    settings.BREAKER_FAILURE_THRESHOLD, settings.EMAIL_PROVIDERS = 1, ["sendgrid"]
    sendgrid.script.set_faults(respond_with(500))
    deliver(create_invitation(acme), at=now)
    RecipientBudget.objects.all().delete()

    deliver(create_invitation(acme), at=now)

    assert not RecipientBudget.objects.exists()


def test_a_notice_beyond_the_limit_waits_and_is_sent_later(
    acme, create_invitation, sendgrid, message_of, timeline_of, now
):
    deliver(create_invitation(acme), at=now)
    second = create_invitation(acme)

    assert deliver(second, at=now) == DeliveryState.QUEUED
    assert (second.reason, second.due_at) == (RECIPIENT_BUSY, now + RECIPIENT_DELAY)
    assert message_of(second).reason == RECIPIENT_BUSY
    deliver(second, at=second.due_at)
    assert timeline_of(acme).count("messaging.postponed") == 1
    assert deliver(second, at=now + timedelta(hours=1, seconds=1)) == DeliveryState.ACCEPTED
    assert len(sendgrid.mails) == 2


def test_a_notice_that_never_finds_room_expires(acme, create_invitation, sendgrid, settings, now):
    settings.RECIPIENT_MESSAGES_PER_DAY = 1
    deliver(create_invitation(acme), at=now)
    second = create_invitation(acme)

    deliver(second, at=now + DAY - timedelta(minutes=1))
    assert deliver(second, at=second.due_at) == DeliveryState.EXPIRED
    assert second.due_at == second.deadline_at
    assert len(sendgrid.mails) == 1


@pytest.mark.parametrize("kind", [AccessMessageKind.INVITATION, AccessMessageKind.ACCESS_ENDED])
def test_a_notice_waits_for_no_other_business(acme, globex, create_delivery, sendgrid, now, kind):
    for business in (acme, globex):
        assert deliver(create_delivery(business, kind=kind, lifetime=DAY), at=now) == DeliveryState.ACCEPTED

    assert deliver(create_delivery(acme, kind=kind, lifetime=DAY), at=now) == DeliveryState.QUEUED


def test_a_text_that_waits_uses_nothing_of_the_limits_on_texts(acme, create_delivery, twilio, now):
    first, second = (create_delivery(acme, channel=Channel.SMS, to="+447700900101", lifetime=DAY) for _text in range(2))

    assert deliver(first, at=now) == DeliveryState.ACCEPTED
    assert deliver(second, at=now) == DeliveryState.QUEUED
    assert [sent.pk for sent in SentSms.objects.all()] == [first.pk]
