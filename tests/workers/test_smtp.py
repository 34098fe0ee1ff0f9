"""To whom does a mail server's provider tell a message, and to whom not?"""

import socket

import pytest

from tenants.models import DeliveryState
from workers.actors.deliveries import deliver_now


@pytest.fixture
def far_away(settings, smtp, monkeypatch):
    """The mail server, under the name of another machine; it offers no STARTTLS, or somebody took the offer out."""
    find = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **options: find("127.0.0.1", *rest, **options))
    settings.EMAIL_PROVIDERS, settings.SMTP_URL = ["smtp"], f"smtp://mail.example.com:{smtp.port}"
    return smtp


def test_a_server_far_away_that_offers_no_encryption_is_told_nothing(acme, owe, far_away):
    delivery = owe(acme)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, far_away.mails) == (DeliveryState.QUEUED, "no-tls", [])


def test_a_relay_may_be_told_all_the_same_where_the_address_says_so(acme, owe, far_away, settings):
    settings.SMTP_URL = settings.SMTP_URL.replace("smtp://", "smtp+plain://")
    delivery = owe(acme)

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, len(far_away.mails)) == (DeliveryState.ACCEPTED, 1)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_may_be_told_without(acme, owe, smtp, settings, host):
    settings.EMAIL_PROVIDERS, settings.SMTP_URL = ["smtp"], f"smtp://{host}:{smtp.port}"

    deliver_now(owe(acme).pk)

    assert len(smtp.mails) == 1
