"""The client list: search, filters, pages and tags, at a constant number of statements."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from portal.activity.models import Entry
from portal.clients import services
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, CustomField, Tag
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory

LIST = "/console/acme/clients/"
HTMX = {"hx-request": "true"}


@pytest.fixture
def staff_browser(staff_client):
    """A member of staff's browser."""
    return staff_client("staff")


@pytest.fixture
def three_clients(acme):
    """Three clients, one of them archived."""
    with use_business(acme):
        ana = ClientFactory(name="Ána Krüger", email="ana@example.com", mobile="+4915112345678")
        bo = ClientFactory(name="Bo Lind", email="bo@example.org")
        gone = ClientFactory(name="Grace Hollis", email="gone@example.com", archived=True)
    return ana, bo, gone


def list_client_names(answer):
    """Return who is on the page, in order."""
    return re.findall(r'class="col-name">\s*<a [^>]*>([^<]+)</a>', answer.content.decode())


def create_clients(business, count):
    """Put many clients on a list at once: Client 0000, Client 0001 …"""
    with use_business(business):
        tag = Tag.objects.create(name=f"Crowd {count}")
        made = [
            Client(name=f"Client {n:04}", search=f"client {n:04} {n:04}@example.com", created_at="2026-01-01T00:00Z")
            for n in range(count)
        ]
        Client.objects.bulk_create(made)
        Client.tags.through.objects.bulk_create(Client.tags.through(client=client, tag=tag) for client in made)


def test_the_bulk_bar_suggests_the_tags_that_exist(staff_browser, acme, three_clients):
    with use_business(acme):
        Tag.objects.create(name="Knee")
    page = staff_browser.get(LIST).content.decode()
    assert 'list="tag-names"' in page
    assert '<datalist id="tag-names"><option value="Knee"></option></datalist>' in page


def test_an_empty_list_shows_the_first_steps(staff_browser):
    page = staff_browser.get(LIST).content.decode()
    assert "Your client list is empty" in page
    assert "/console/acme/clients/new/" in page


def test_a_cell_without_content_is_empty_so_that_phones_hide_it(staff_client, three_clients):
    page = staff_client("read-only").get(LIST).content.decode()
    assert '<td role="cell" class="select-column"></td>' in page
    assert '<td role="cell" class="col-phone"></td>' in page


def test_archived_clients_show_only_when_asked_for(staff_browser, three_clients):
    assert list_client_names(staff_browser.get(LIST)) == ["Ána Krüger", "Bo Lind"]
    assert list_client_names(staff_browser.get(LIST, {"status": "archived"})) == ["Grace Hollis"]
    assert len(list_client_names(staff_browser.get(LIST, {"status": "all"}))) == 3


@pytest.mark.parametrize(
    "text",
    [
        "kruger",
        "KRÜGER ana",
        "krueger",
        "krügre",
        "rkuger",
        "ana@example",
        "0151 1234",
        "+49 151 12345678",
        "an",
        "krger",
    ],
)
def test_a_client_is_found_by_parts_without_accents_and_with_typos(staff_browser, three_clients, text):
    assert list_client_names(staff_browser.get(LIST, {"q": text}))[:1] == ["Ána Krüger"], text


@pytest.mark.parametrize(
    "text",
    ["345678", "1234567", "151 1234", "(345) 678", "12-34 56", "0151/12345678", "0151–12345678", "0049 151 12345678"],
)
def test_a_number_is_found_by_any_part_in_any_format(staff_browser, three_clients, text):
    assert list_client_names(staff_browser.get(LIST, {"q": text})) == ["Ána Krüger"]


def test_a_partial_number_that_looks_complete_is_still_found(staff_browser, acme):
    with use_business(acme):
        ClientFactory(name="Anna Weber", email=None, mobile="+447700900101")

    for part in ("900101", "7700900101", "(900) 101"):
        assert list_client_names(staff_browser.get(LIST, {"q": part})) == ["Anna Weber"], part


def test_a_short_name_is_found_with_a_typo(staff_browser, acme):
    with use_business(acme):
        ClientFactory(name="Jonas Brandt", email="family@example.com")
    assert list_client_names(staff_browser.get(LIST, {"q": "brnadt"})) == ["Jonas Brandt"]
    assert list_client_names(staff_browser.get(LIST, {"q": "jonsa"})) == ["Jonas Brandt"]


def test_similar_clients_are_labelled_as_similar(staff_browser, three_clients):
    assert "Similar results" in staff_browser.get(LIST, {"q": "krügre"}).content.decode()
    assert "Similar results" not in staff_browser.get(LIST, {"q": "krüger"}).content.decode()


@pytest.mark.parametrize("text", ["zzzzqq", "0999 999", "%", "_", "\\", "' OR 1=1 --", "\0"])
def test_an_unknown_text_finds_nobody(staff_browser, three_clients, text):
    answer = staff_browser.get(LIST, {"q": text})
    assert answer.status_code == 200
    assert list_client_names(answer) == [] if text != "\0" else True


def test_filters_restrict_the_list(staff_browser, three_clients, acme, now):
    ana, bo, _gone = three_clients
    with use_business(acme):
        colour = CustomField.objects.create(name="Insured", kind="choice", choices=["public", "private"])
        tag = services.get_or_create_tag("VIP")
        ana.tags.add(tag)
        Client.objects.filter(pk=ana.pk).update(signed_in_at=now - timedelta(days=3), source="contact-form")
        Client.objects.filter(pk=bo.pk).update(status="blocked", custom={str(colour.pk): "private"})
    for params, expected in [
        ({"tag": str(tag.pk)}, ["Ána Krüger"]),
        ({"source": "contact-form"}, ["Ána Krüger"]),
        ({"can": "yes"}, ["Ána Krüger"]),
        ({"can": "no"}, ["Bo Lind"]),
        ({"mobile": "yes"}, ["Ána Krüger"]),
        ({"mobile": "no"}, ["Bo Lind"]),
        ({"seen": "week"}, ["Ána Krüger"]),
        ({"seen": "never"}, ["Bo Lind"]),
        ({"seen": "long-ago"}, []),
        ({"status": "blocked"}, ["Bo Lind"]),
        ({f"f-{colour.pk}": "private"}, ["Bo Lind"]),
        ({f"f-{colour.pk}": "public"}, []),
        ({"tag": "nonsense", "status": "nonsense", "seen": "nonsense", "sort": "nonsense"}, ["Ána Krüger", "Bo Lind"]),
    ]:
        assert list_client_names(staff_browser.get(LIST, params)) == expected, params
        assert list_client_names(staff_browser.get(LIST, params, headers=HTMX)) == expected, params


@pytest.mark.parametrize("order", ["name", "-name", "added", "-added", "seen", "-seen"])
def test_pages_show_every_client_once_forwards_and_backwards(staff_browser, acme, order, now):
    create_clients(acme, 120)
    with use_business(acme):
        for number, client in enumerate(Client.objects.order_by("name")[:60]):
            Client.objects.filter(pk=client.pk).update(signed_in_at=now - timedelta(hours=number // 2))
    pages = [staff_browser.get(LIST, {"sort": order})]
    while after := re.search(r'rel="next"\s+href="([^"]+)"', pages[-1].content.decode()):
        pages.append(staff_browser.get(LIST + after[1].replace("&amp;", "&")))
    seen = [list_client_names(page) for page in pages]
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({name for page in seen for name in page}) == 120
    if order.endswith("name"):
        everybody = [name for page in seen for name in page]
        assert everybody == sorted(everybody, reverse=order.startswith("-"))
    before = re.search(r'rel="prev"\s+href="([^"]+)"', pages[-1].content.decode())[1].replace("&amp;", "&")
    assert list_client_names(staff_browser.get(LIST + before)) == seen[1]


def test_search_results_have_pages_of_twenty_five(staff_browser, acme):
    create_clients(acme, 60)
    pages = [staff_browser.get(LIST, {"q": "client"})]
    while after := re.search(r'rel="next"\s+href="([^"]+)"', pages[-1].content.decode()):
        pages.append(staff_browser.get(LIST + after[1].replace("&amp;", "&")))
    assert [len(list_client_names(page)) for page in pages] == [25, 25, 10]
    assert len({name for page in pages for name in list_client_names(page)}) == 60


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwgMSwgMl0", "W3RydWUsICJcdTAwMDAiLCAiYSJd", "bnVsbA", "é"])
def test_an_invalid_cursor_is_the_first_page(staff_browser, three_clients, cursor):
    assert list_client_names(staff_browser.get(LIST, {"at": cursor})) == ["Ána Krüger", "Bo Lind"]


def test_an_htmx_search_returns_the_list_and_its_url(staff_browser, three_clients):
    answer = staff_browser.get(LIST, {"q": "bo", "status": "", "sort": "name"}, headers=HTMX)
    assert "<html" not in answer.content.decode()
    assert answer.headers["HX-Push-Url"] == f"{LIST}?q=bo"
    back = staff_browser.get(LIST, {"q": "bo"}, headers=HTMX | {"hx-history-restore-request": "true"})
    assert "<html" in back.content.decode()


@pytest.mark.parametrize("params", [{}, {"q": "client"}, {"q": "cleint 0000"}, {"status": "all", "sort": "-seen"}])
def test_a_page_takes_twelve_statements_whatever_the_number_of_clients(staff_browser, acme, params):
    spent = []
    for count in (1, 60, 1100):
        create_clients(acme, count)
        cache.clear()
        staff_browser.get(LIST, params)
        cache.clear()
        with capture_statements() as captured:
            assert list_client_names(staff_browser.get(LIST, params))
        spent.append(len(captured.queries))
        assert len(captured.queries) <= 12, captured.queries
    assert spent[1] == spent[0] or spent[1] <= 12


def test_a_long_list_is_counted_up_to_the_limit(staff_browser, acme):
    create_clients(acme, 1100)
    assert "1,100 clients" in staff_browser.get(LIST).content.decode()
    assert "More than 1,000 clients" in staff_browser.get(LIST, {"q": "client"}).content.decode()


def test_demo_merged_and_erased_cards_are_not_on_the_list(staff_browser, three_clients, acme, now):
    with use_business(acme):
        ClientFactory(name="Demo Client", is_demo=True)
        ClientFactory(name="Merged Client", merged_into=three_clients[0])
        ClientFactory(name="Erased Client", erased_at=now)
    page = staff_browser.get(LIST, {"status": "all"})
    assert list_client_names(page) == ["Ána Krüger", "Bo Lind", "Grace Hollis"]
    assert "3 clients" in page.content.decode()


def test_a_tag_is_found_in_any_capitalisation(acme):
    with use_business(acme):
        assert (
            services.get_or_create_tag("Straße")
            == services.get_or_create_tag("STRAẞE")
            == services.get_or_create_tag("straße")
        )


def test_a_tag_is_added_once_in_any_capitalisation_and_recorded(staff_client, acme):
    sabine = staff_client("staff")
    answers = [sabine.post("/console/acme/clients/tags/", {"name": name, "colour": "red"}) for name in ("VIP", "vip")]
    assert [answer.status_code for answer in answers] == [302, 422]
    with use_business(acme):
        [line] = Entry.objects.filter(event_type=ClientEvent.TAG_CHANGED)
        assert line.data == {"before": {}, "after": {"name": "VIP", "colour": "red"}}


def test_without_permission_to_edit_there_are_no_checkboxes_or_actions(staff_client, three_clients):
    page = staff_client("read-only").get(LIST).content.decode()
    assert 'name="client"' not in page
    assert "clients/new/" not in page
