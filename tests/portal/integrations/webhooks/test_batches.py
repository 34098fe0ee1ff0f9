"""Tests that webhooks arrive: signed, in order, again after failures, and not where nobody wants them."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from portal.clients.kinds import ClientEvent
from portal.integrations.webhooks import batches, endpoints, replays
from portal.integrations.webhooks.models import WebhookAttempt, WebhookEvent
from portal.messaging.models import Notification
from tenants.context import use_business
from tenants.models import WebhookDelivery, WebhookStream
from tenants.webhooks import streams
from tests.factories import ClientFactory, create_member


@pytest.fixture
def attempts_of(acme):
    """Return a function that lists what is logged of all attempts, the oldest first."""

    def attempts_of(*columns):
        with use_business(acme):
            return list(WebhookAttempt.objects.order_by("at", "number").values_list(*columns))

    return attempts_of


@pytest.fixture
def reload(acme):
    """Return a function that reads an endpoint anew."""

    def reload(endpoint):
        with use_business(acme):
            endpoint.refresh_from_db()
        return endpoint

    return reload


def test_a_receiver_verifies_the_signature_over_the_raw_body(acme, endpoint, change_client, sink, worker, clock):
    event_id = change_client()
    worker.send_all_due()

    [request] = sink.received
    with use_business(acme):
        [secret] = endpoints.list_signing_secrets(endpoint, now=clock())
    assert Webhook(secret).verify(request.body, request.headers)["id"] == request.event_id == event_id
    assert request.path == "/hook?a=1"
    assert not WebhookDelivery.objects.exists()


def test_while_a_secret_is_being_replaced_both_verify(acme, endpoint, change_client, sink, worker, clock):
    with use_business(acme):
        [old] = endpoints.list_signing_secrets(endpoint, now=clock())
        new = endpoints.replace_secret(endpoint=endpoint, staff=None, now=clock())
    change_client()
    worker.send_all_due()

    [request] = sink.received
    for secret in (old, new):
        Webhook(secret).verify(request.body, request.headers)


def test_after_the_overlap_only_the_new_secret_signs(acme, endpoint, clock):
    with use_business(acme):
        new = endpoints.replace_secret(endpoint=endpoint, staff=None, now=clock())
        clock.move(hours=24)

        assert endpoints.list_signing_secrets(endpoint, now=clock()) == [new]


def test_every_attempt_sends_the_same_id_and_bytes(endpoint, change_client, sink, worker, clock, attempts_of):
    sink.answer = lambda _request: 500 if len(sink.received) < 4 else 204
    change_client()
    for _attempt in range(5):
        worker.send_all_due()
        clock.move(minutes=10)

    assert len({(request.event_id, request.body) for request in sink.received}) == 1
    assert attempts_of("number", "status") == [(1, 500), (2, 500), (3, 500), (4, 204)]


def test_attempts_go_on_for_a_day_and_then_the_event_is_given_up(
    endpoint, change_client, sink, worker, clock, attempts_of
):
    sink.answer = lambda _request: 503
    change_client()
    began = clock()
    for delay in (*batches.RETRY_DELAYS, timedelta(0)):
        assert worker.send_all_due() == 1
        clock.now += max(delay, streams.LONGEST_PAUSE)

    assert timedelta(hours=23) < sum(batches.RETRY_DELAYS, timedelta(0)) < timedelta(hours=25)
    assert clock() > began
    assert not WebhookDelivery.objects.exists()
    assert attempts_of("next_attempt_at")[-1] == (None,)


def test_a_client_s_events_arrive_in_order_even_if_the_first_fails(endpoint, change_client, sink, worker, clock):
    sink.answer = lambda _request: 500 if len(sink.received) == 1 else 200
    expected = [change_client() for _number in range(3)]
    worker.send_all_due()
    assert sink.event_ids == expected[:1]
    clock.move(seconds=30)
    worker.send_all_due()

    assert sink.event_ids == [expected[0], *expected]


def test_a_stream_is_not_leased_again_and_again_for_events_that_wait_for_an_earlier_one(
    endpoint, change_client, sink, worker, clock
):
    sink.answer = lambda _request: 500
    change_client()
    change_client()
    worker.send_all_due()
    # The pause is over, and the second attempt not yet due.
    clock.move(seconds=3)

    assert batches.send_batch(streams.claim_stream(clock()), clock=clock) == 0
    assert streams.claim_stream(clock()) is None
    clock.move(seconds=2)
    assert worker.send_all_due() == 1


def test_a_failing_event_doesn_t_hold_up_those_of_other_clients(acme, endpoint, change_client, sink, worker):
    with use_business(acme):
        other = ClientFactory()
    poison = change_client()
    sink.answer = lambda request: 500 if request.event_id == poison else 200
    further = change_client(other)
    worker.send_all_due()

    assert further in sink.event_ids
    assert [str(each.event_id) for each in WebhookDelivery.objects.all()] == [poison]


def test_a_receiver_that_is_gone_is_switched_off_at_once(acme, endpoint, change_client, sink, worker, reload):
    owner = create_member(acme, "owner")
    sink.answer = lambda _request: 410
    change_client()
    worker.send_all_due()

    assert (reload(endpoint).is_enabled, endpoint.disabled_reason) == (False, "gone")
    assert not WebhookDelivery.objects.exists()
    with use_business(acme):
        assert Notification.objects.get(person_id=owner.person_id).kind == "webhook-disabled"


def test_an_endpoint_is_switched_off_after_three_days_of_failures(
    acme, endpoint, change_client, sink, worker, clock, reload
):
    sink.answer = lambda _request: 500
    for _day in range(3):
        change_client()
        worker.send_all_due()
        assert reload(endpoint).is_enabled
        clock.move(days=1, seconds=1)
    change_client()
    worker.send_all_due()

    assert (reload(endpoint).is_enabled, endpoint.disabled_reason) == (False, "failing")


def test_one_success_begins_the_three_days_anew(endpoint, change_client, sink, worker, clock, reload):
    sink.answer = lambda _request: 500
    change_client()
    worker.send_all_due()
    assert reload(endpoint).failing_since == clock()
    sink.answer = lambda _request: 200
    clock.move(minutes=1)
    worker.send_all_due()

    assert reload(endpoint).failing_since is None


def test_a_redirect_is_not_followed(endpoint, change_client, sink, worker, attempts_of):
    sink.answer = lambda _request: 302
    change_client()
    worker.send_all_due()

    assert len(sink.received) == 1
    assert attempts_of("status", "succeeded") == [(302, False)]


def test_the_log_has_what_was_answered(endpoint, change_client, sink, worker, attempts_of):
    change_client()
    worker.send_all_due()

    assert attempts_of("status", "answer", "url") == [(200, "fine", sink.url)]


def test_a_worker_that_lost_its_lease_records_nothing(endpoint, change_client, sink, worker, clock, attempts_of):
    change_client()
    late = streams.claim_stream(clock())
    clock.move(seconds=streams.LEASE.total_seconds())
    worker.send_all_due()
    batches.send_batch(late, clock=clock)

    assert len(attempts_of("pk")) == 1


def test_what_a_killed_worker_had_begun_is_sent_again(endpoint, change_client, sink, worker, clock):
    event_id = change_client()
    assert streams.claim_stream(clock())
    worker.send_all_due()
    assert sink.received == []
    clock.move(seconds=streams.LEASE.total_seconds())
    worker.send_all_due()

    assert sink.event_ids == [event_id]


def test_an_event_can_be_replayed(acme, endpoint, change_client, sink, worker, clock):
    event_id = change_client()
    worker.send_all_due()
    with use_business(acme):
        replays.replay_event(endpoint=endpoint, event_id=event_id, now=clock())
    worker.send_all_due()

    assert sink.event_ids == [event_id, event_id]
    assert sink.received[0].body == sink.received[1].body


def test_everything_since_an_instant_can_be_replayed_also_what_was_never_sent(
    acme, ana, change_client, sink, worker, clock
):
    change_client()
    clock.move(hours=1)
    since = clock()
    missed = [change_client()]
    clock.move(minutes=1)
    missed.append(change_client(event_type=ClientEvent.ARCHIVED))
    with use_business(acme):
        endpoint = endpoints.add_endpoint(business=acme, url=sink.url, staff=None, now=clock())
        assert replays.replay_since(endpoint=endpoint, since=since, now=clock()) == 2
        assert replays.replay_since(endpoint=endpoint, since=since, now=clock()) == 0
    worker.send_all_due()

    assert sink.event_ids == missed


def test_nothing_of_a_demo_client_is_replayed(acme, endpoint, change_client, clock):
    with use_business(acme):
        demo = ClientFactory(is_demo=True)
    change_client(demo)
    with use_business(acme):
        assert replays.replay_since(endpoint=endpoint, since=clock() - timedelta(days=1), now=clock()) == 0


def test_a_test_event_can_be_sent(acme, endpoint, sink, worker, clock):
    with use_business(acme):
        event = replays.send_test_event(endpoint=endpoint, now=clock())
    worker.send_all_due()

    assert sink.event_ids == [str(event.pk)]
    assert b'"type":"webhook.test"' in sink.received[0].body


def test_an_endpoint_that_is_switched_off_gets_no_test(acme, endpoint, clock):
    endpoint.is_enabled, endpoint.disabled_reason = False, "staff"
    with use_business(acme):
        endpoint.save()
    with use_business(acme), pytest.raises(replays.EndpointDisabled):
        replays.send_test_event(endpoint=endpoint, now=clock())


def test_removing_an_endpoint_removes_what_was_pending_and_its_log(acme, endpoint, change_client, worker, clock):
    change_client()
    worker.send_all_due()
    change_client()
    with use_business(acme):
        endpoints.remove_endpoint(endpoint=endpoint, staff=None, now=clock())
        assert not WebhookAttempt.objects.exists()

    assert not WebhookDelivery.objects.exists()
    assert not WebhookStream.objects.exists()


def test_a_business_has_ten_endpoints_at_most(acme, sink, clock):
    with use_business(acme):
        for _number in range(endpoints.MAX_ENDPOINTS):
            endpoints.add_endpoint(business=acme, url=sink.url, staff=None, now=clock())
        with pytest.raises(endpoints.TooManyEndpoints):
            endpoints.add_endpoint(business=acme, url=sink.url, staff=None, now=clock())


def test_the_log_is_deleted_after_thirty_days(acme, endpoint, change_client, worker, clock):
    from portal.integrations import purges

    change_client()
    worker.send_all_due()
    clock.move(days=30, seconds=1)
    with use_business(acme):
        assert purges.purge_webhook_events(clock(), 10) == 0
        assert purges.purge_webhook_attempts(clock(), 10) == 1
        assert purges.purge_webhook_events(clock(), 10) == 1
        assert not WebhookEvent.objects.exists()
