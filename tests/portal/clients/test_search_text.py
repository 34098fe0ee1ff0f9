"""Does the text a card is found by follow whatever changes on the card?"""

import unicodedata
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access import services as access
from portal.clients import services
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client, Contact
from portal.clients.services.search_text import LETTER_REPLACEMENTS
from tenants.context import use_business
from tenants.staff.actor import Staff

SABINE = Staff(person_id=uuid4(), name="Sabine Acker")


@pytest.fixture(autouse=True)
def _at_acme(acme):
    with use_business(acme):
        yield


@pytest.fixture
def ana(now):
    """Ana Krüger, with a mailbox."""
    return services.add_client(name=" Ána  Krüger", identifiers=[parse_email("ana@example.com")], now=now)


def text(client):
    return Client.objects.get(pk=client.pk).search


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ána  KRÜGER", "ana kruger"),
        ("Weiß", "weiss"),
        ("Sørensen Łukasz", "sorensen lukasz"),
        ("Cem Yılmaz", "cem yilmaz"),
        ("İpek", "ipek"),
        ("Ægir Þór", "aegir thor"),
        ("ΜΑΡΊΑ", "μαρια"),
        ("ﬁnn\u2003O’Neil", "finn o’neil"),
    ],
)
def test_case_accents_and_spaces_are_folded_away(written, folded):
    assert services.fold_text(written) == folded


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_folding_takes_off_what_unicode_calls_an_accent_and_nothing_else(written):
    decomposed = unicodedata.normalize("NFKD", written.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))

    assert services.fold_text(written) == " ".join(bare.translate(str.maketrans(LETTER_REPLACEMENTS)).split())


def test_a_new_card_is_found_by_name_and_addresses(ana):
    assert text(ana) == "ana kruger ana@example.com"


def test_an_added_and_a_removed_address_show(ana, now):
    contact = services.add_contact(
        client=ana, identifier=parse_phone("+4915112345678", country="DE"), source=Contact.Source.STAFF, now=now
    )
    assert text(ana) == "ana kruger +4915112345678 ana@example.com"
    services.remove_contact(contact=contact, now=now)
    assert text(ana) == "ana kruger ana@example.com"


def test_an_address_changed_through_the_portal_shows(ana, now):
    access.change_contact(
        client=ana, old=ana.contacts.get(), new=parse_email("new@example.com"), source=Contact.Source.CLIENT, now=now
    )
    assert text(ana) == "ana kruger new@example.com"


def test_a_new_name_shows(ana, now):
    services.change_details(client=ana, name="Ana Löw", staff=SABINE, now=now)
    assert text(ana) == "ana low ana@example.com"


def test_what_is_not_changed_is_not_written(ana, django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, the card, and its end
        services.change_details(client=ana, name=ana.name, staff=SABINE, now=timezone.now())


def test_a_change_tells_who_made_it_and_what_was_there_before(ana, now):
    services.change_details(client=ana, name="Ana Löw", language="de", staff=SABINE, now=now)
    entry = ana.entries.get(event_type="clients.changed")
    assert (entry.actor_id, entry.actor_name) == (SABINE.person_id, "Sabine Acker")
    assert entry.data == {
        "before": {"name": "Ána  Krüger", "language": ""},
        "after": {"name": "Ana Löw", "language": "de"},
    }
