"""The search text follows every change of a client."""

import unicodedata
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access import services as access
from portal.clients import services
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client, ContactSource
from portal.ui.text_folding import LETTER_REPLACEMENTS, fold_text
from tenants.staff.staff_actor import StaffActor
from tenants.text_cleaning import is_unseen

pytestmark = pytest.mark.usefixtures("in_acme")

SABINE = StaffActor(person_id=uuid4(), name="Sabine Acker")


@pytest.fixture
def krueger(now):
    """Ana Krüger, with an email address."""
    return services.add_client(name=" Ána  Krüger", identifiers=[parse_email("ana@example.com")], now=now)


def search_text_of(client):
    return Client.objects.get(pk=client.pk).search


@pytest.mark.parametrize(
    ("text", "folded"),
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
def test_case_accents_and_spaces_are_folded_away(text, folded):
    assert fold_text(text) == folded


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_fold_text_removes_only_accents_and_what_is_not_seen(text):
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign) and not is_unseen(sign))

    assert fold_text(text) == " ".join(bare.translate(str.maketrans(LETTER_REPLACEMENTS)).split())


def test_a_new_card_is_found_by_name_and_addresses(krueger):
    assert search_text_of(krueger) == "ana kruger ana@example.com"


def test_search_text_follows_an_added_and_a_removed_address(krueger, now):
    contact = services.add_contact(
        client=krueger, identifier=parse_phone("+4915112345678", country="DE"), source=ContactSource.STAFF, now=now
    )
    assert search_text_of(krueger) == "ana kruger +4915112345678 ana@example.com"
    services.remove_contact(contact=contact, now=now)
    assert search_text_of(krueger) == "ana kruger ana@example.com"


def test_search_text_follows_an_address_changed_through_the_portal(krueger, now):
    access.change_contact(
        client=krueger,
        old=krueger.contacts.get(),
        new=parse_email("new@example.com"),
        source=ContactSource.CLIENT,
        now=now,
    )
    assert search_text_of(krueger) == "ana kruger new@example.com"


def test_search_text_follows_a_new_name(krueger, now):
    services.change_client_details(client=krueger, name="Ana Löw", staff=SABINE, now=now)
    assert search_text_of(krueger) == "ana low ana@example.com"


def test_an_unchanged_value_is_not_written(krueger, django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, the card, and its end
        services.change_client_details(client=krueger, name=krueger.name, staff=SABINE, now=timezone.now())


def test_a_change_is_recorded_with_its_actor_and_the_previous_value(krueger, now):
    services.change_client_details(client=krueger, name="Ana Löw", language="de", staff=SABINE, now=now)
    entry = krueger.entries.get(event_type="clients.changed")
    assert (entry.actor_id, entry.actor_name) == (SABINE.person_id, "Sabine Acker")
    assert entry.data == {
        "before": {"name": "Ána  Krüger", "language": ""},
        "after": {"name": "Ana Löw", "language": "de"},
    }
