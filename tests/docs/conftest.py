"""Fixtures that prepare what a documented command needs: a business, a client, a ticket, files."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from tenants.context import use_business
from tenants.models import Business, SmsStop, SupportTicket
from tenants.provisioning import create_business, drop_business
from tests.docs.markdown_documents import DocumentedCommand
from tests.factories import ClientFactory
from tests.tenants.domains.conftest import custom_domain, dns_server, verified_domain, verify_domain_as_staff

__all__ = ["custom_domain", "dns_server", "verified_domain", "verify_domain_as_staff"]

ROWS = "ana.new@example.com,Ana New\nbo.new@example.com,Bo New\n"


@pytest.fixture
def prepare_command(acme: Business, tmp_path: Path, monkeypatch) -> Callable[[DocumentedCommand], list[str]]:
    """Return a function that makes what a command takes for granted, and returns its words with real ids."""
    ticket = SupportTicket.objects.create(business=acme, subject="A code is missing", opened_at=timezone.now())
    with use_business(acme):
        client = ClientFactory(name="Bo Erasmus")
    monkeypatch.chdir(tmp_path)

    def prepare_command(command: DocumentedCommand) -> list[str]:
        for word, following in pairwise(command.arguments):
            if word == "--business":
                _ensure_business(following)
            if word == "--slug":
                _drop_business_of_slug(following)
            if word.endswith(".csv"):
                headings = "Mail,Who\n" if "--mapping" in command.arguments else "Email,Name\n"
                (tmp_path / word).write_text(headings + ROWS)
        if "--lift" in command.arguments:
            _stop_texts(acme, pk=ticket.pk)
        ids = {"<id>": ticket.pk, "<client-id>": client.pk}
        return [str(ids.get(word, word)) for word in command.arguments]

    return prepare_command


@pytest.fixture
def sign_in_timeline(acme: Business, portal_client, outbox) -> list[str]:
    """Ana, who has no mobile on file, asks for a code, gets it, and asks for a text.

    Returns the story, newest first.
    """
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email="ana@example.com")
    browser = portal_client(acme)
    browser.post("/sign-in/", {"identifier": "ana@example.com"})
    outbox.deliver_due()
    browser.post("/sign-in/resend/", {"channel": "sms"})
    return ["access.code-resent  Requested another code", "access.code-sent", "access.code-requested  Requested a code"]


def _stop_texts(business: Business, *, pk: UUID) -> None:
    now = timezone.now()
    times = {"started_at": now, "ends_at": now + timedelta(days=1)}
    SmsStop.objects.create(id=pk, business=business, reason="day", priority=3, **times)


def _ensure_business(slug: str) -> None:
    if not Business.objects.filter(hostnames__slug=slug).exists():
        create_business(name=slug, slug=slug, owner_email="owner@example.com", country="GB", currency="GBP",
                        time_zone="Europe/London", now=timezone.now())  # fmt: skip


def _drop_business_of_slug(slug: str) -> None:
    for business in Business.objects.filter(hostnames__slug=slug):
        drop_business(business=business)
