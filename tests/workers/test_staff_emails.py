"""Emails to staff have failover, one code for all attempts, and a recorded outcome."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from portal.team import staff_emails
from portal.team.kinds import TeamEmail
from tenants import provider_events
from tenants.models import Delivery, DeliveryState, ProviderEvent, Queue, StaffEmail
from tenants.staff import email_secrets
from tenants.staff.code_request_limits import CodeRequest
from tenants.visitor_networks import VisitorNetwork
from tests.factories import create_member
from tests.fakes.provider_faults import NO_FAULT, respond_with
from workers import queue
from workers.actors.delivery_jobs import apply_event, deliver_now
from workers.sweeper import Sweeper


@pytest.fixture
def code_email(acme, now) -> StaffEmail:
    """A code that Sam, who works at Acme, asked for."""
    sam = create_member(acme, "staff").person
    request = CodeRequest(sam.email, VisitorNetwork(b"network", b"block"))
    staff_emails.enqueue_code(request, staff_email_id=uuid4(), is_known_browser=lambda _person: False, now=now)
    return StaffEmail.objects.get()


def code_in(mail) -> str:
    return re.search(r"\d{8}", str(mail)).group()


def test_a_failing_provider_is_skipped_for_the_next(code_email, sendgrid, smtp):
    sendgrid.script.set_faults(respond_with(500))

    deliver_now(Delivery.objects.get().pk)

    assert Delivery.objects.get().provider == "smtp"
    assert code_in(smtp.mails[0]) == email_secrets.derive_code(code_email)


def test_a_staff_email_that_no_provider_accepts_is_retried_later(code_email, sendgrid):
    sendgrid.script.set_faults(respond_with(500), NO_FAULT)
    delivery = Delivery.objects.get()

    deliver_now(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at > delivery.created_at) == (DeliveryState.QUEUED, True)
    deliver_now(delivery.pk, clock=lambda: delivery.due_at)

    delivery.refresh_from_db()
    assert (delivery.state, code_in(sendgrid.mails[-1])) == (
        DeliveryState.ACCEPTED,
        email_secrets.derive_code(code_email),
    )


def test_a_provider_event_is_recorded(code_email, sendgrid, now):
    delivery = Delivery.objects.get()
    deliver_now(delivery.pk)
    event = ProviderEvent(
        provider="sendgrid",
        provider_event_id="one",
        delivery_id=delivery.pk,
        state=DeliveryState.DELIVERED,
        happened_at=now,
        received_at=now,
    )
    [event_id] = provider_events.store_events([event])

    apply_event(event_id, now=now)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


def test_without_a_broker_the_sweeper_sends_staff_emails(committed_db, settings, acme, outbox, monkeypatch):
    sam = create_member(acme, "staff").person
    monkeypatch.setattr(queue, "get_queue_length", _return_false)
    staff_emails.notify_person(sam, TeamEmail.FACTOR, what="app-added", now=timezone.now())
    sweeper = Sweeper()

    sweeper.sweep_other_queues()
    sweeper.stop()

    assert [mail["to"] for mail in outbox.sent()] == [sam.email]
    assert Delivery.objects.get().queue == Queue.NOTICES


def _return_false(queue):
    raise ConnectionError
