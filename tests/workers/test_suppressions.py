"""A permanent refusal is stored as a suppression, and staff can have it removed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from tenants import database_clock, job_runs, provider_events
from tenants.context import use_business
from tenants.job_runs import JobKey
from tenants.models import Channel, Delivery, DeliveryState, Queue
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, next_primary_key
from tests.fakes.provider_faults import NO_FAULT, drop_connection, respond_with
from tests.portal.access.sign_in_steps import ANA, request_code_for
from tests.workers.test_provider_events import build_provider_event
from workers.actors.delivery_jobs import apply_event, deliver_now
from workers.actors.suppressions import remove_suppression
from workers.job_guard import ServiceUnavailable
from workers.providers.sendgrid import SendGridProvider

LISTS = ("bounces", "blocks", "invalid_emails", "spam_reports")


@pytest.fixture
def bounce_code_mail(acme, ana, sendgrid, now):
    """Return a function that requests a code whose mail bounces, and returns the suppression."""

    def bounce_code_mail(reason="sendgrid-bounced-address", *, provider="sendgrid") -> Suppression | None:
        with use_business(acme):
            request_code_for(acme, ANA, now=now)
        delivery = Delivery.objects.get(queue=Queue.CODES, state=DeliveryState.QUEUED)
        deliver_now(delivery.pk)
        event = build_provider_event(delivery, DeliveryState.BOUNCED, reason, provider=provider, now=now)
        [event_id] = provider_events.store_events([event])
        apply_event(event_id, now=now)
        with use_business(acme):
            return Suppression.objects.filter(value=ANA, removed_at=None).first()

    return bounce_code_mail


@pytest.fixture
def remove_suppression_as_staff(acme, ana, django_capture_on_commit_callbacks):
    """Return a function that removes a suppression as staff do, and runs the job."""

    def remove_suppression_as_staff(suppression: Suppression) -> None:
        sam = StaffActor(person_id=next_primary_key("person"), name="Sam Staff")
        with use_business(acme):
            suppressions.request_suppression_removal(suppression=suppression, client=ana, staff=sam, now=timezone.now())
        remove_suppression.fn(business_id=str(acme.pk), suppression_id=str(suppression.pk))
        with use_business(acme):
            suppression.refresh_from_db()

    return remove_suppression_as_staff


@pytest.mark.parametrize(
    "reason", ["mailbox-unknown", "sendgrid-bounced-address", "sendgrid-spam-reporting", "bounced"]
)
def test_a_permanent_refusal_is_stored_as_a_suppression(bounce_code_mail, reason):
    suppression = bounce_code_mail(reason)

    assert (suppression.value, suppression.channel, suppression.provider, suppression.reason) == (
        ANA,
        "email",
        "sendgrid",
        reason,
    )


@pytest.mark.parametrize("reason", ["mailbox-full", "blocked", "greylisted"])
def test_a_temporary_refusal_is_not_stored_as_a_suppression(bounce_code_mail, reason):
    assert bounce_code_mail(reason) is None


def test_a_second_bounce_leaves_one_suppression(bounce_code_mail, acme):
    assert bounce_code_mail() == bounce_code_mail("mailbox-unknown")
    with use_business(acme):
        assert Suppression.objects.count() == 1


def test_a_stop_reply_is_remembered(acme, twilio, now):
    with use_business(acme):
        ClientFactory(email=None, mobile="+15005556110")
        request_code_for(acme, "+15005556110", now=now)
    deliver_now(Delivery.objects.get(queue=Queue.CODES, state=DeliveryState.QUEUED).pk)

    with use_business(acme):
        suppression = Suppression.objects.get()
    assert (suppression.channel, suppression.reason, suppression.provider) == (Channel.SMS, "twilio-21610", "twilio")


def test_removal_takes_the_address_off_every_list_and_resends_the_code(
    bounce_code_mail, remove_suppression_as_staff, sendgrid, acme
):
    suppression = bounce_code_mail()
    sendgrid.suppressed = {(name, ANA) for name in LISTS}
    with use_business(acme):
        challenge = Challenge.objects.get()
        challenge.sent_at = [at - timedelta(minutes=1) for at in challenge.sent_at]
        challenge.save()

    remove_suppression_as_staff(suppression)

    assert sendgrid.suppressed == set()
    assert suppression.removed_at
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 2
        assert Entry.objects.get(event_type="messaging.suppression-removed").client.name == "Ana Pereira"
        assert Entry.objects.filter(event_type="access.code-resent-by-staff", actor_name="Sam Staff").count() == 1


def test_an_address_on_no_list_counts_as_removed(bounce_code_mail, remove_suppression_as_staff):
    suppression = bounce_code_mail()

    remove_suppression_as_staff(suppression)

    assert suppression.removed_at


def test_an_address_with_special_characters_is_quoted(acme, sendgrid):
    odd_address = "a/b+c?d#e@example.com"
    sendgrid.suppressed = {("bounces", odd_address)}

    SendGridProvider().remove_suppression(odd_address, reason="bounced")

    assert sendgrid.suppressed == set()


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_removal_is_retried_when_the_provider_fails(
    bounce_code_mail, remove_suppression_as_staff, sendgrid, acme, status
):
    suppression = bounce_code_mail()
    sendgrid.script.set_faults(respond_with(status))

    with pytest.raises(ServiceUnavailable):
        remove_suppression_as_staff(suppression)

    with use_business(acme):
        assert Suppression.objects.get().removed_at is None


@pytest.mark.parametrize("fault", [respond_with(503), drop_connection()])
def test_an_outage_of_the_provider_does_not_stop_a_removal(bounce_code_mail, sendgrid, acme, now, fault):
    suppression = bounce_code_mail()
    ids = {"business_id": str(acme.pk), "suppression_id": str(suppression.pk)}
    with use_business(acme):
        requester = {"removal_requested_by_id": next_primary_key("person"), "removal_requested_by": "Sam Staff"}
        Suppression.objects.update(removal_requested_at=now, **requester)
    sendgrid.script.set_faults(fault)
    for _attempt in range(job_runs.MAX_FAILURES + 1):
        with pytest.raises(ServiceUnavailable):
            remove_suppression.fn(**ids)
    sendgrid.script.set_faults(NO_FAULT)

    remove_suppression.fn(**ids)

    with use_business(acme):
        assert Suppression.objects.get().removed_at


def test_a_removal_that_was_stopped_runs_again_when_staff_ask_for_it(
    bounce_code_mail, remove_suppression_as_staff, acme
):
    suppression = bounce_code_mail()
    key = JobKey("remove_suppression", acme.pk, suppression.pk)
    for _failure in range(job_runs.MAX_FAILURES):
        run = job_runs.record_failure(key, "SendError at x.py:1", now=database_clock.now())
    assert run.stopped_at

    remove_suppression_as_staff(suppression)

    assert suppression.removed_at


def test_a_provider_that_is_no_longer_configured_is_not_called(
    bounce_code_mail, remove_suppression_as_staff, sendgrid, settings
):
    suppression = bounce_code_mail()
    before = len(sendgrid.requests)
    settings.EMAIL_PROVIDERS = ["demo"]

    remove_suppression_as_staff(suppression)

    assert suppression.removed_at
    assert len(sendgrid.requests) == before


def test_no_code_is_resent_when_the_challenge_is_closed(bounce_code_mail, remove_suppression_as_staff, acme, now):
    suppression = bounce_code_mail()
    with use_business(acme):
        Challenge.objects.update(closed_at=now)

    remove_suppression_as_staff(suppression)

    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_a_second_removal_does_nothing(bounce_code_mail, remove_suppression_as_staff, sendgrid, acme):
    suppression = bounce_code_mail()
    remove_suppression_as_staff(suppression)
    asked = len(sendgrid.requests)

    remove_suppression.fn(business_id=str(acme.pk), suppression_id=str(suppression.pk))

    assert len(sendgrid.requests) == asked


def test_a_job_carries_row_ids_and_nothing_else(
    bounce_code_mail, acme, ana, monkeypatch, django_capture_on_commit_callbacks
):
    suppression, enqueued = bounce_code_mail(), []
    monkeypatch.setattr("workers.queue.enqueue_job", lambda actor, **fields: enqueued.append((actor, fields)))
    sam = StaffActor(person_id=next_primary_key("person"), name="Sam Staff")

    with use_business(acme), django_capture_on_commit_callbacks(execute=True):
        suppressions.request_suppression_removal(suppression=suppression, client=ana, staff=sam, now=timezone.now())

    [(actor, fields)] = enqueued
    assert actor == "remove_suppression"
    assert {name: fields[name] for name in fields if name != "queue"} == {
        "business_id": acme.pk,
        "suppression_id": suppression.pk,
    }


def test_a_stop_reply_is_marked_as_removed_without_a_call(acme, ana, now):
    with use_business(acme):
        suppression = Suppression.objects.create(
            value="+447700900101", channel="sms", provider="twilio", reason="twilio-21610", since=now
        )
        sam = StaffActor(person_id=next_primary_key("person"), name="Sam Staff")

        suppressions.request_suppression_removal(suppression=suppression, client=ana, staff=sam, now=now)

        suppression.refresh_from_db()
    assert suppression.removed_at == now


def test_a_suppression_belongs_to_one_business(bounce_code_mail, globex):
    bounce_code_mail()

    with use_business(globex):
        assert not Suppression.objects.exists()
