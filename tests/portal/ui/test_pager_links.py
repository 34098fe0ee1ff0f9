"""A pager links to the neighbours of a page, and asks for the same list."""

from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import engines

from portal.ui.keyset_pagination import KeysetPage
from portal.ui.pager_links import PagerLinks, build_keyset_pager_links, build_numbered_pager_links


def build_numbered_page(number, rows=5):
    return Paginator(list(range(rows)), 2).get_page(number)


def render_pager(pager, attributes=""):
    template = engines["django"].from_string(f'{{% cotton pager :pager="pager" {attributes} %}}{{% endcotton %}}')
    return template.render({"pager": pager})


def test_a_keyset_pager_keeps_the_filters_of_the_list():
    page = KeysetPage([SimpleNamespace()], previous_cursor="abc", next_cursor="d=")

    assert build_keyset_pager_links(page, query_string="q=ana") == PagerLinks("?q=ana&cursor=abc", "?q=ana&cursor=d%3D")


def test_a_keyset_pager_links_to_no_page_beyond_the_ends():
    assert build_keyset_pager_links(KeysetPage([])) == PagerLinks()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, PagerLinks("", "?show=unread&page=2#rows", "Page 1 of 3")),
        (2, PagerLinks("?show=unread&page=1#rows", "?show=unread&page=3#rows", "Page 2 of 3")),
        (3, PagerLinks("?show=unread&page=2#rows", "", "Page 3 of 3")),
    ],
)
def test_a_numbered_pager_says_where_the_page_stands(number, expected):
    assert (
        build_numbered_pager_links(build_numbered_page(number), query_string="show=unread", fragment="rows") == expected
    )


def test_a_list_of_one_page_shows_no_pager():
    assert render_pager(build_numbered_pager_links(build_numbered_page(1, rows=2))).strip() == ""


def test_a_pager_names_its_links_by_the_order_of_the_list():
    pager = PagerLinks("?page=1", "?page=3")

    assert all(word in render_pager(pager) for word in ("Previous", "Next"))
    assert all(word in render_pager(pager, 'is_chronological="yes"') for word in ("Newer", "Older"))


def test_a_pager_with_a_target_loads_pages_into_it():
    shown = render_pager(PagerLinks(next_url="?a=1&cursor=x"), 'target="list"')

    assert 'href="?a=1&amp;cursor=x"' in shown
    assert 'hx-get="?a=1&amp;cursor=x" hx-target="#list"' in shown
