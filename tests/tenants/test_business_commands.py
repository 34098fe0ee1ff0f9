"""Can a business be run from the shell, and does every mistake there get a sentence?"""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.access.models import ClientSession
from portal.activity.event_types import EventType
from portal.activity.services import timeline_for
from portal.clients.models import Client, Contact
from tenants.context import use_business
from tenants.hostnames import resolve_host
from tenants.models import Business
from tests.factories import ClientFactory, ClientSessionFactory

pytestmark = pytest.mark.django_db


def _run(*words, **options):
    said = io.StringIO()
    call_command(*words, stdout=said, **options)
    return said.getvalue()


def test_a_business_is_created_and_its_address_told():
    said = _run("create_business", "Initech", "--slug", "initech", "--owner", "o@initech.test", "--country", "US")
    assert said == "Initech is live at http://initech.localhost:8000/\n"
    assert resolve_host("initech.localhost").business.country == "US"


@pytest.mark.parametrize("slug", ["acme", "admin", "A", "xn--a"])
def test_a_bad_slug_is_answered_with_a_sentence(acme, slug):
    with pytest.raises(CommandError, match=r"[.]$"):
        _run("create_business", "Initech", "--slug", slug, "--owner", "o@initech.test")


def test_a_client_is_added_with_addresses_in_their_normal_form(acme):
    _run(
        "add_client",
        "Ana Pereira",
        business="acme",
        email=["Ana@Example.com"],
        mobile=["0171 3920001", "+447700900101"],
    )
    with use_business(acme):
        client = Client.objects.get()
        values = set(client.contacts.values_list("value", flat=True))
        assert timeline_for(client).get().event_type == EventType.CLIENT_ADDED
    assert values == {"ana@example.com", "+491713920001", "+447700900101"}


def test_whoever_shares_an_address_is_told_of(acme):
    with use_business(acme):
        ClientFactory(name="Leo Brandt", email="family@example.com")
    said = _run("add_client", "Mia Brandt", business="acme", email=["family@example.com"])
    assert "Leo Brandt" in said
    with use_business(acme):
        assert Contact.objects.filter(value="family@example.com").count() == 2


@pytest.mark.parametrize(
    "wishes",
    [
        {"email": ["nobody"]},
        {"mobile": ["12"]},
        {},
        {"email": ["a@example.com"], "business": "initech"},
        {"email": ["a@example.com"], "name": "  "},
        {"email": ["a@example.com"], "name": "x\ny\x00"},
        {"email": ["a@example.com"], "name": "x" * 161},
    ],
)
def test_a_client_that_can_t_be_added_is_answered_with_a_sentence(acme, wishes):
    name = wishes.pop("name", "Ana")
    with pytest.raises(CommandError, match=r"[.]$"):
        _run("add_client", name, **({"business": "acme"} | wishes))
    with use_business(acme):
        assert not Client.objects.exists()


def test_suspending_ends_every_session_and_resuming_brings_none_back(acme, globex):
    for business in (acme, globex):
        with use_business(business):
            ClientSessionFactory(client=ClientFactory(email="ana@example.com"))

    _run("suspend_business", business="acme")
    assert resolve_host("acme.localhost").business.status == Business.Status.SUSPENDED
    _run("resume_business", business="acme")

    assert resolve_host("acme.localhost").business.status == Business.Status.ACTIVE
    assert {business: _open_sessions(business) for business in (acme, globex)} == {acme: 0, globex: 1}


def _open_sessions(business):
    with use_business(business):
        return ClientSession.objects.filter(ended_at=None, expires_at__gt=timezone.now()).count()
