"""W7: a failing provider delays no message, and its breaker spares it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from tenants.models import DeliveryState
from tests.fakes.fake_providers import FakeSendGrid
from tests.fakes.provider_faults import accept_then_hang, hang_after_request, respond_slowly, respond_with, send_garbage
from workers.actors.delivery_jobs import deliver_now
from workers.providers import provider_registry
from workers.providers.provider_registry import list_providers_for_channel
from workers.queue.circuit_breaker import CircuitBreaker

# Longer than a test may last: what hangs so long is given up.
FOR_EVER = 3600


@pytest.fixture
def _short_timeouts(settings):
    """Set half the time-outs of production."""
    settings.PROVIDER_CONNECT_TIMEOUT, settings.PROVIDER_READ_TIMEOUT = timedelta(seconds=1), timedelta(seconds=3)


@pytest.mark.faults
@pytest.mark.usefixtures("_short_timeouts")
@pytest.mark.parametrize("fault", [hang_after_request(FOR_EVER), respond_slowly(FOR_EVER)], ids=["hang", "trickle"])
def test_a_call_to_a_hanging_provider_times_out(acme, create_delivery, sendgrid, smtp, fault):
    sendgrid.script.set_faults(fault)
    delivery = create_delivery(acme)

    deliver_now(delivery.pk)

    assert (len(sendgrid.requests), len(smtp.mails)) == (1, 1)


@pytest.mark.faults
@pytest.mark.usefixtures("_short_timeouts")
def test_a_provider_that_accepts_and_then_hangs_counts_as_accepted(acme, create_delivery, sendgrid, smtp):
    sendgrid.script.set_faults(accept_then_hang(FOR_EVER))
    delivery = create_delivery(acme)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.provider, smtp.mails) == (DeliveryState.ACCEPTED, "sendgrid", [])


def test_nothing_is_sent_to_a_server_with_an_untrusted_certificate(
    acme, create_delivery, settings, smtp, certificate_authority
):
    with FakeSendGrid(tls=_build_server_tls_context(certificate_authority)) as untrusted:
        settings.SENDGRID_BASE_URL = untrusted.url
        deliver_now(create_delivery(acme).pk)

        assert (untrusted.requests, len(smtp.mails)) == ([], 1)


def test_tls_that_breaks_while_we_read_may_have_sent_the_message(
    acme, create_delivery, settings, sendgrid, certificate_authority, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", certificate_authority.path)
    delivery = create_delivery(acme)
    with FakeSendGrid(tls=_build_server_tls_context(certificate_authority)) as server:
        server.script.set_faults(send_garbage())
        settings.SENDGRID_BASE_URL = server.url
        deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.calls) == (DeliveryState.UNCLEAR, "interrupted", 1)


def test_mail_travels_over_tls_on_one_connection(
    acme, create_delivery, settings, sendgrid, certificate_authority, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", certificate_authority.path)
    with FakeSendGrid(tls=_build_server_tls_context(certificate_authority)) as server:
        settings.SENDGRID_BASE_URL = server.url
        for _ in range(5):
            deliver_now(create_delivery(acme).pk)

        assert (len(server.mails), server.connections) == (5, 1)


def test_an_open_breaker_skips_its_provider_and_closes_after_a_successful_call(
    acme, create_delivery, sendgrid, smtp, settings
):
    settings.BREAKER_FAILURE_THRESHOLD = 2
    now = [0.0]
    list_providers_for_channel("email")[0].breaker._clock = lambda: now[0]
    sendgrid.script.set_faults(respond_with(500), respond_with(500), respond_with(202))

    for _ in range(4):
        deliver_now(create_delivery(acme).pk)
    assert (len(sendgrid.requests), len(smtp.mails)) == (2, 4)

    now[0] = settings.BREAKER_COOLDOWN.total_seconds()
    for _ in range(2):
        deliver_now(create_delivery(acme).pk)
    assert (len(sendgrid.requests), len(smtp.mails)) == (4, 4)


def test_with_all_breakers_open_a_delivery_waits_without_a_call(acme, create_delivery, sendgrid, settings):
    [provider] = list_providers_for_channel("email")
    for _ in range(settings.BREAKER_FAILURE_THRESHOLD):
        provider.breaker.record_failure()
    delivery = create_delivery(acme)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.calls, sendgrid.requests) == (10, "providers-unavailable", 0, [])


@pytest.mark.faults
def test_a_call_cancelled_before_it_began_never_begins(acme, create_delivery, sendgrid, settings, monkeypatch):
    settings.PROVIDER_CONNECT_TIMEOUT, settings.PROVIDER_READ_TIMEOUT = timedelta(seconds=0.1), timedelta(seconds=0.1)
    hung, pool = Event(), ThreadPoolExecutor(max_workers=1)
    pool.submit(hung.wait, 20)
    monkeypatch.setattr(provider_registry, "call_pool", pool)
    delivery = create_delivery(acme)

    deliver_now(delivery.pk)
    hung.set()
    pool.shutdown()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.calls, sendgrid.requests) == (10, "busy", 0, [])


def test_after_its_cooldown_a_breaker_allows_exactly_one_trial():
    now = [0.0]
    breaker = CircuitBreaker("it", failure_threshold=5, cooldown=timedelta(seconds=15), clock=lambda: now[0])
    for _ in range(5):
        assert breaker.allow_call()
        breaker.record_failure()

    assert not breaker.allow_call()
    now[0] = 15.0
    assert [breaker.allow_call() for _ in range(3)] == [True, False, False]
    breaker.record_failure()
    assert not breaker.allow_call()
    now[0] *= 2
    assert breaker.allow_call()
    breaker.record_success()
    assert all(breaker.allow_call() for _ in range(3))


def _build_server_tls_context(authority):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context
