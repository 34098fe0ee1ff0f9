"""The SMTP provider sends nothing unencrypted to another machine unless told so."""

import socket

import pytest

from tenants.models import DeliveryState
from workers.actors.delivery_jobs import deliver_now


@pytest.fixture
def remote_smtp_server(settings, smtp, monkeypatch):
    """The mail server under the name of another machine, without STARTTLS."""
    find = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **options: find("127.0.0.1", *rest, **options))
    settings.EMAIL_PROVIDERS, settings.SMTP_URL = ["smtp"], f"smtp://mail.example.com:{smtp.port}"
    return smtp


def test_nothing_is_sent_to_a_remote_server_without_encryption(acme, create_delivery, remote_smtp_server):
    delivery = create_delivery(acme)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, remote_smtp_server.mails) == (DeliveryState.QUEUED, "no-tls", [])


def test_the_url_may_allow_a_remote_server_without_encryption(acme, create_delivery, remote_smtp_server, settings):
    settings.SMTP_URL = settings.SMTP_URL.replace("smtp://", "smtp+plain://")
    delivery = create_delivery(acme)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, len(remote_smtp_server.mails)) == (DeliveryState.ACCEPTED, 1)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_needs_no_encryption(acme, create_delivery, smtp, settings, host):
    settings.EMAIL_PROVIDERS, settings.SMTP_URL = ["smtp"], f"smtp://{host}:{smtp.port}"

    deliver_now(create_delivery(acme).pk)

    assert len(smtp.mails) == 1
