"""The console's search: what it finds, for whom, and in how many statements."""

import pytest

from portal.access import services as access
from tenants.context import use_business
from tenants.nouns.declarations import SearchSource
from tenants.nouns.search_types import RESULTS_PER_SOURCE, SearchResult
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.noun_apps import install_noun_apps, make_noun_app

PAGE = "/console/acme/search/"
PALETTE = {"HX-Request": "true"}


@pytest.fixture
def acme_clients(acme):
    """A few clients of Acme."""
    with use_business(acme):
        return {
            "ana": ClientFactory(name="Ana Pereira", email="ana@example.com", mobile="+447700900101"),
            "jose": ClientFactory(name="José Müller", email="jose@example.com"),
        }


def search_page(browser, query, **more):
    return browser.get(PAGE, {"q": query}, **more).content.decode()


@pytest.mark.parametrize("query", ["ana", "PEREIRA", "ana per", "pereria", "ana@example.com", "+44 7700 900101"])
def test_a_client_is_found_by_name_address_or_number(acme_clients, staff_client, query):
    browser = staff_client("read-only")
    pages = search_page(browser, query), search_page(browser, query, headers=PALETTE)

    for page in pages:
        assert "Ana Pereira" in page, query
        assert f"/console/acme/clients/{acme_clients['ana'].pk}/" in page
        assert "Müller" not in page


def test_accents_make_no_difference(acme_clients, staff_client):
    browser = staff_client()

    assert "José Müller" in search_page(browser, "jose muller")


def test_a_page_is_found_by_name_with_its_permission(acme, staff_client):
    assert "/console/acme/settings/contact-form/" in search_page(staff_client("manager"), "contact form")
    assert "/console/acme/settings/contact-form/" not in search_page(staff_client("staff"), "contact form")


def test_without_a_query_the_navigation_is_listed(acme, staff_client):
    page = search_page(staff_client(), "", headers=PALETTE)

    assert 'href="/console/acme/enquiries/"' in page
    assert "<html" not in page


def test_one_letter_lists_no_clients(acme_clients, staff_client):
    assert "Ana Pereira" not in search_page(staff_client(), "a")


def test_archived_clients_come_last_and_demo_clients_not_at_all(acme, acme_clients, staff_client, now):
    with use_business(acme):
        access.archive_client(client=acme_clients["ana"], now=now)
        ClientFactory(name="Anabel Zink", email="z@example.com")
        ClientFactory(name="Ana Demo", email="demo@example.com", is_demo=True)

    page = search_page(staff_client(), "ana")

    assert page.index("Anabel Zink") < page.index("Ana Pereira")
    assert "Archived" in page
    assert "Ana Demo" not in page


def test_clients_of_another_business_are_not_found(acme, globex, staff_client):
    with use_business(globex):
        ClientFactory(name="Gloria Globex", email="gloria@example.com")

    assert "Gloria" not in search_page(staff_client(), "gloria")


def search_secrets(request):
    return [SearchResult("The secret", "/", "key")]


def test_a_source_is_searched_only_with_its_permission(acme, staff_client):
    source = SearchSource("Secrets", "activity.view", f"{__name__}.search_secrets")
    with install_noun_apps(make_noun_app(search_sources=(source,))):
        assert "The secret" in search_page(staff_client("owner"), "x")
        assert "The secret" not in search_page(staff_client("staff"), "x")


@pytest.mark.parametrize("query", ["%", "_", "\\", "'; --", "\x00", "x" * 10_000, "*:&|", " ", "\u202e", "%_%_%_%"])
def test_special_characters_do_not_break_the_search(acme_clients, staff_client, query):
    answer = staff_client().get(PAGE, {"q": query})

    assert answer.status_code == 200
    assert "Ana Pereira" not in answer.content.decode()


@pytest.mark.parametrize("number", [1, 300])
def test_statements_and_results_do_not_grow_with_the_matches(acme, staff_client, number):
    with use_business(acme):
        for index in range(number):
            ClientFactory(name=f"Ana {index:03d}", email=f"ana.{index}@example.com")
    browser = staff_client()
    search_page(browser, "ana")
    with capture_statements() as captured:
        page = search_page(browser, "ana", headers=PALETTE)

    assert page.count('role="option"') == min(number, RESULTS_PER_SOURCE)
    assert len(captured.queries) <= 12, captured.queries
