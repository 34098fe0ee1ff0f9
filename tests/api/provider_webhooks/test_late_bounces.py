"""Bounces that come late and name no delivery find it by the provider's message id, or else by the address."""

import os
from datetime import timedelta

import pytest

from portal.activity.models import Entry
from portal.activity.presenters import present_entry
from portal.messaging.models import Suppression
from tenants.context import use_business
from tenants.event_matching import ADDRESS_MATCH_WINDOW
from tenants.models import Delivery, DeliveryState, EventMatch, ProviderEvent, UnreadableEvent
from workers.actors.delivery_jobs import apply_events, deliver_now

BOUNCED, ACCEPTED = DeliveryState.BOUNCED, DeliveryState.ACCEPTED
LABEL = "Reported later, matched by address."


@pytest.fixture
def send_mail(create_delivery, sendgrid):
    """Return a function that sends a mail from a business and returns its delivery."""

    def send_mail(business, **fields) -> Delivery:
        delivery = create_delivery(business, **fields)
        deliver_now(delivery.pk)
        delivery.refresh_from_db()
        return delivery

    return send_mail


@pytest.fixture
def report_bounce(sendgrid_signer):
    """Return a function that has SendGrid report a bounce without our arguments, and applies what was stored."""

    def report_bounce(**fields) -> None:
        element = {
            "email": "ana@example.com",
            "event": "bounce",
            "type": "bounce",
            "status": "5.1.1",
            "reason": "550 5.1.1 no such user",
            "sg_event_id": "late-1",
            "sg_message_id": "",
        }
        assert sendgrid_signer.post([element | fields]).status_code == 204
        apply_events.fn(event_ids=[str(pk) for pk in ProviderEvent.objects.values_list("pk", flat=True)])

    return report_bounce


def read_state(delivery: Delivery) -> DeliveryState:
    delivery.refresh_from_db()
    return DeliveryState(delivery.state)


def list_bounce_details(business) -> list[list[str]]:
    """Return what a business's timeline says of each bounce."""
    with use_business(business):
        return [present_entry(entry).details for entry in Entry.objects.filter(event_type="messaging.bounced")]


def test_a_bounce_without_our_arguments_is_matched_by_the_provider_s_message_id(
    acme, send_mail, report_bounce, sendgrid
):
    other, delivery = send_mail(acme), send_mail(acme)

    report_bounce(sg_message_id=f"{sendgrid.message_id}.filter0001.16648.5515E0B88.0", email="ana@example.com")

    assert (read_state(delivery), read_state(other)) == (BOUNCED, ACCEPTED)
    assert ProviderEvent.objects.get().matched_by == EventMatch.MESSAGE_ID
    [details] = list_bounce_details(acme)
    assert LABEL not in details


@pytest.mark.parametrize("email", ["ana@example.com", " Ana@Example.COM"])
def test_a_bounce_without_a_message_id_is_matched_by_address_and_the_timeline_says_so(
    acme, send_mail, report_bounce, email
):
    delivery = send_mail(acme)

    report_bounce(email=email)

    assert read_state(delivery) == BOUNCED
    [details] = list_bounce_details(acme)
    assert "This mailbox does not exist." in details
    assert LABEL in details
    with use_business(acme):
        assert Suppression.objects.get().value == "ana@example.com"


def test_a_bounce_matched_by_address_counts_for_the_newest_mail_before_it(acme, send_mail, report_bounce, now):
    old, new, later = (send_mail(acme) for _mail in range(3))
    for delivery, age in ((old, 60), (new, 30), (later, -1)):
        Delivery.objects.filter(pk=delivery.pk).update(created_at=now - timedelta(minutes=age))

    report_bounce(timestamp=now.timestamp() - 60)

    assert [read_state(delivery) for delivery in (old, new, later)] == [ACCEPTED, BOUNCED, ACCEPTED]


def test_a_bounce_with_an_impossible_time_counts_for_the_newest_mail(acme, send_mail, report_bounce):
    delivery = send_mail(acme)

    report_bounce(timestamp=1_000_000_000)

    assert read_state(delivery) == BOUNCED
    with use_business(acme):
        assert Entry.objects.get(event_type="messaging.bounced").at == delivery.created_at


def test_a_repeated_bounce_counts_once_even_after_another_mail(acme, send_mail, report_bounce):
    send_mail(acme)
    report_bounce()
    later = send_mail(acme)
    report_bounce()

    assert read_state(later) == ACCEPTED
    assert len(list_bounce_details(acme)) == 1


def test_the_same_bounce_under_another_id_shows_once(acme, send_mail, report_bounce):
    delivery = send_mail(acme)

    report_bounce(delivery_id=str(delivery.pk), sg_event_id="first")
    report_bounce(delivery_id=str(delivery.pk), sg_event_id="again")
    report_bounce(sg_event_id="late")

    assert len(list_bounce_details(acme)) == 1


def test_a_mailbox_that_does_not_exist_is_reported_to_every_business_that_mailed_it(
    acme, globex, send_mail, report_bounce
):
    deliveries = [send_mail(acme), send_mail(globex)]

    report_bounce()

    assert [read_state(delivery) for delivery in deliveries] == [BOUNCED, BOUNCED]
    assert [len(list_bounce_details(business)) for business in (acme, globex)] == [1, 1]


def test_a_bounce_is_matched_by_address_across_a_new_digest_key(acme, send_mail, report_bounce, settings):
    delivery = send_mail(acme)
    settings.DIGEST_KEYS = {"new": os.urandom(32)} | settings.DIGEST_KEYS

    report_bounce()

    assert read_state(delivery) == BOUNCED


def test_a_business_that_did_not_mail_the_address_learns_nothing(acme, globex, send_mail, report_bounce):
    send_mail(acme)
    other = send_mail(globex, to="bob@example.com")

    report_bounce()

    assert (read_state(other), list_bounce_details(globex)) == (ACCEPTED, [])


def test_a_block_that_could_be_of_either_business_is_kept_for_operators(acme, globex, send_mail, report_bounce):
    deliveries = [send_mail(acme), send_mail(globex)]

    report_bounce(type="blocked", status="5.7.1", reason="550 5.7.1 blocked")

    assert [read_state(delivery) for delivery in deliveries] == [ACCEPTED, ACCEPTED]
    assert UnreadableEvent.objects.get().reason == "no-delivery"


def test_a_block_of_the_only_business_s_mail_is_told_apart_from_a_hard_bounce(acme, send_mail, report_bounce):
    send_mail(acme)

    report_bounce(type="blocked", status="5.7.1", reason="550 5.7.1 blocked")

    [details] = list_bounce_details(acme)
    assert "The receiving server blocks our mail." in details
    with use_business(acme):
        assert not Suppression.objects.exists()


def test_a_bounce_of_other_mail_of_the_account_is_kept_for_operators(acme, send_mail, report_bounce, now):
    delivery = send_mail(acme)
    Delivery.objects.update(created_at=now - ADDRESS_MATCH_WINDOW - timedelta(minutes=1))

    report_bounce()

    assert read_state(delivery) == ACCEPTED
    assert UnreadableEvent.objects.values_list("reason", "event").get() == ("no-delivery", "bounced")


@pytest.mark.parametrize("event", ["delivered", "processed", "deferred"])
def test_nothing_but_a_failure_is_matched_by_address(acme, send_mail, report_bounce, event):
    delivery = send_mail(acme)

    report_bounce(event=event)

    assert (read_state(delivery), ProviderEvent.objects.count()) == (ACCEPTED, 0)


def test_events_that_arrive_backwards_end_as_delivered(acme, send_mail, report_bounce):
    delivery = send_mail(acme)

    for number, event in enumerate(("delivered", "deferred", "processed")):
        report_bounce(event=event, delivery_id=str(delivery.pk), sg_event_id=f"back-{number}")

    assert read_state(delivery) == DeliveryState.DELIVERED


def test_the_platform_s_schema_holds_no_address(acme, send_mail, report_bounce):
    send_mail(acme)
    report_bounce()
    report_bounce(email="stranger@example.com", sg_event_id="stranger")

    rows = [row for model in (Delivery, ProviderEvent, UnreadableEvent) for row in model.objects.values()]
    assert "example.com" not in repr(rows)
