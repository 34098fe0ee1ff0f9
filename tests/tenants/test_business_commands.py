"""Tests of the commands that manage a business, and of their error messages."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.access.models import ClientSession
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact
from portal.clients.services.timeline import list_timeline_entries
from tenants.context import use_business
from tenants.hostnames import resolve_host
from tenants.models import BusinessStatus
from tests.factories import ClientFactory, ClientSessionFactory

pytestmark = pytest.mark.django_db


def _run_management_command(*arguments, **options):
    output = io.StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


def test_a_business_is_created_and_its_url_printed():
    output = _run_management_command(
        "create_business", "Initech", "--slug", "initech", "--owner", "o@initech.test", "--country", "US"
    )
    assert output == "Initech is live at http://initech.localhost:8000/\n"
    assert resolve_host("initech.localhost").business.country == "US"


@pytest.mark.parametrize("slug", ["acme", "admin", "A", "xn--a"])
def test_an_invalid_slug_is_reported_in_a_sentence(acme, slug):
    with pytest.raises(CommandError, match=r"[.]$"):
        _run_management_command("create_business", "Initech", "--slug", slug, "--owner", "o@initech.test")


def test_a_client_is_added_with_normalised_contacts(acme):
    _run_management_command(
        "add_client",
        "Ana Pereira",
        business="acme",
        email=["Ana@Example.com"],
        mobile=["0171 3920001", "+447700900101"],
    )
    with use_business(acme):
        client = Client.objects.get()
        values = set(client.contacts.values_list("value", flat=True))
        assert list_timeline_entries(client).get().event_type == ClientEvent.ADDED
    assert values == {"ana@example.com", "+491713920001", "+447700900101"}


def test_clients_who_share_a_contact_are_reported(acme):
    with use_business(acme):
        ClientFactory(name="Leo Brandt", email="family@example.com")
    output = _run_management_command("add_client", "Mia Brandt", business="acme", email=["family@example.com"])
    assert "Leo Brandt" in output
    with use_business(acme):
        assert Contact.objects.filter(value="family@example.com").count() == 2


@pytest.mark.parametrize(
    "options",
    [
        {"email": ["nobody"]},
        {"mobile": ["12"]},
        {},
        {"email": ["a@example.com"], "business": "initech"},
        {"email": ["a@example.com"], "name": "  "},
        {"email": ["a@example.com"], "name": "\u202e\u3164"},
        {"email": ["a@example.com"], "name": "x" * 161},
    ],
)
def test_a_client_that_can_t_be_added_is_reported_in_a_sentence(acme, options):
    name = options.pop("name", "Ana")
    with pytest.raises(CommandError, match=r"[.]$"):
        _run_management_command("add_client", name, **({"business": "acme"} | options))
    with use_business(acme):
        assert not Client.objects.exists()


def test_suspending_ends_every_session_and_resuming_restores_none(acme, globex):
    for business in (acme, globex):
        with use_business(business):
            ClientSessionFactory(client=ClientFactory(email="ana@example.com"))

    _run_management_command("suspend_business", business="acme")
    assert resolve_host("acme.localhost").business.status == BusinessStatus.SUSPENDED
    _run_management_command("resume_business", business="acme")

    assert resolve_host("acme.localhost").business.status == BusinessStatus.ACTIVE
    assert {business: _count_open_sessions(business) for business in (acme, globex)} == {acme: 0, globex: 1}


def _count_open_sessions(business):
    with use_business(business):
        return ClientSession.objects.filter(ended_at=None, expires_at__gt=timezone.now()).count()
