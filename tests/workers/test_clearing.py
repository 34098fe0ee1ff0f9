"""Is an address a provider refuses remembered, and does one press make it reachable again?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from tenants import provider_events
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState
from tenants.staff.actor import Staff
from tests.factories import ClientFactory, next_key
from tests.fakes.faults import answer
from tests.portal.access.people import ANA, ask
from tests.workers.test_events import event_for
from workers.actors.deliveries import apply_event, deliver_now
from workers.actors.suppressions import remove_suppression
from workers.providers.base import SendError
from workers.providers.sendgrid import SendGridProvider

LISTS = ("bounces", "blocks", "invalid_emails", "spam_reports")


@pytest.fixture
def ana(acme):
    """Ana Pereira of Acme."""
    with use_business(acme):
        return ClientFactory(name="Ana Pereira", email=ANA)


@pytest.fixture
def bounce(acme, ana, sendgrid, now):
    """Return a function that asks for a code whose mail bounces, and returns the block that is left."""

    def bounce(reason="sendgrid-bounced-address", *, provider="sendgrid") -> Suppression | None:
        with use_business(acme):
            ask(acme, ANA, now=now)
        delivery = Delivery.objects.latest("created_at")
        deliver_now(delivery.pk)
        event = event_for(delivery, DeliveryState.BOUNCED, reason, provider=provider, now=now)
        [event_id] = provider_events.store([event])
        apply_event(event_id, now=now)
        with use_business(acme):
            return suppressions.active_suppressions([ANA]).first()

    return bounce


@pytest.fixture
def clear(acme, ana, django_capture_on_commit_callbacks):
    """Return a function that has a block lifted as a member of staff does, and does the worker's part."""

    def clear(block: Suppression) -> None:
        sam = Staff(person_id=next_key("person"), name="Sam Staff")
        with use_business(acme):
            suppressions.request_removal(suppression=block, client=ana, staff=sam, now=timezone.now())
        remove_suppression.fn(business_id=str(acme.pk), suppression_id=str(block.pk))
        with use_business(acme):
            block.refresh_from_db()

    return clear


@pytest.mark.parametrize(
    "reason", ["mailbox-unknown", "sendgrid-bounced-address", "sendgrid-spam-reporting", "bounced"]
)
def test_what_a_provider_refuses_from_now_on_is_remembered(bounce, reason):
    block = bounce(reason)

    assert (block.value, block.channel, block.provider, block.reason) == (ANA, "email", "sendgrid", reason)


@pytest.mark.parametrize("reason", ["mailbox-full", "blocked", "greylisted"])
def test_what_passes_by_itself_is_not(bounce, reason):
    assert bounce(reason) is None


def test_a_second_bounce_leaves_one_block(bounce, acme):
    assert bounce() == bounce("mailbox-unknown")
    with use_business(acme):
        assert Suppression.objects.count() == 1


def test_a_stop_reply_is_remembered(acme, twilio, now):
    with use_business(acme):
        ClientFactory(email=None, mobile="+15005556110")
        ask(acme, "+15005556110", now=now)
    deliver_now(Delivery.objects.latest("created_at").pk)

    with use_business(acme):
        block = Suppression.objects.get()
    assert (block.channel, block.reason, block.provider) == (Channel.SMS, "twilio-21610", "twilio")


def test_clearing_takes_the_address_off_every_list_and_sends_the_code_again(bounce, clear, sendgrid, acme):
    block = bounce()
    sendgrid.suppressed = {(name, ANA) for name in LISTS}
    with use_business(acme):
        challenge = Challenge.objects.get()
        challenge.sent_at = [at - timedelta(minutes=1) for at in challenge.sent_at]
        challenge.save()

    clear(block)

    assert sendgrid.suppressed == set()
    assert block.removed_at
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 2
        assert Entry.objects.get(event_type="messaging.suppression-removed").client.name == "Ana Pereira"
        assert Entry.objects.filter(event_type="access.code-resent-by-staff", actor_name="Sam Staff").count() == 1


def test_what_is_on_no_list_is_as_good_as_cleared(bounce, clear):
    block = bounce()

    clear(block)

    assert block.removed_at


def test_an_address_with_odd_signs_is_named_whole(acme, sendgrid):
    odd = "a/b+c?d#e@example.com"
    sendgrid.suppressed = {("bounces", odd)}

    SendGridProvider().remove_suppression(odd, reason="bounced")

    assert sendgrid.suppressed == set()


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_provider_in_trouble_is_asked_again_later(bounce, clear, sendgrid, acme, status):
    block = bounce()
    sendgrid.script.play(answer(status))

    with pytest.raises(SendError):
        clear(block)

    with use_business(acme):
        assert Suppression.objects.get().removed_at is None


def test_a_provider_we_no_longer_use_has_nothing_to_lift(bounce, clear, sendgrid, settings):
    block = bounce()
    before = len(sendgrid.arrived)
    settings.EMAIL_PROVIDERS = ["demo"]

    clear(block)

    assert block.removed_at
    assert len(sendgrid.arrived) == before


def test_nobody_waits_nothing_is_sent(bounce, clear, acme, now):
    block = bounce()
    with use_business(acme):
        Challenge.objects.update(closed_at=now)

    clear(block)

    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_clearing_twice_does_it_once(bounce, clear, sendgrid, acme):
    block = bounce()
    clear(block)
    asked = len(sendgrid.arrived)

    remove_suppression.fn(business_id=str(acme.pk), suppression_id=str(block.pk))

    assert len(sendgrid.arrived) == asked


def test_a_worker_is_told_row_ids_and_nothing_else(bounce, acme, ana, monkeypatch, django_capture_on_commit_callbacks):
    block, told = bounce(), []
    monkeypatch.setattr("workers.queue.enqueue", lambda actor, **facts: told.append((actor, facts)))
    sam = Staff(person_id=next_key("person"), name="Sam Staff")

    with use_business(acme), django_capture_on_commit_callbacks(execute=True):
        suppressions.request_removal(suppression=block, client=ana, staff=sam, now=timezone.now())

    [(actor, facts)] = told
    assert actor == "remove_suppression"
    assert {name: facts[name] for name in facts if name != "queue"} == {
        "business_id": acme.pk,
        "suppression_id": block.pk,
    }


def test_a_text_is_lifted_by_the_person_alone(acme, ana, now):
    with use_business(acme):
        block = Suppression.objects.create(
            value="+447700900101", channel="sms", provider="twilio", reason="twilio-21610", since=now
        )
        sam = Staff(person_id=next_key("person"), name="Sam Staff")

        suppressions.request_removal(suppression=block, client=ana, staff=sam, now=now)

        block.refresh_from_db()
    assert block.removed_at == now


def test_another_business_knows_nothing_of_it(bounce, globex):
    bounce()

    with use_business(globex):
        assert not Suppression.objects.exists()
