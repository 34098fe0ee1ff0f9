"""The links from one page of a list to its neighbours."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import paginator
from django.utils.translation import gettext as _

from portal.ui import keyset_pagination


@dataclass(frozen=True)
class PagerLinks:
    """The URLs of the pages before and after one page, empty where there is none; `position` numbers it in words."""

    previous_url: str = ""
    next_url: str = ""
    position: str = ""


def build_keyset_pager_links(page: keyset_pagination.KeysetPage, *, query_string: str = "") -> PagerLinks:
    """Return the links of a keyset page; `query_string` asks for the first page of the same list."""
    return PagerLinks(
        previous_url=_build_url(query_string, "cursor", page.previous_cursor) if page.previous_cursor else "",
        next_url=_build_url(query_string, "cursor", page.next_cursor) if page.next_cursor else "",
    )


def build_numbered_pager_links(page: paginator.Page, *, query_string: str = "", fragment: str = "") -> PagerLinks:
    """Return the links of a numbered page; `fragment` names the part of the page where the list begins."""
    return PagerLinks(
        previous_url=_build_url(query_string, "page", page.number - 1, fragment) if page.has_previous() else "",
        next_url=_build_url(query_string, "page", page.number + 1, fragment) if page.has_next() else "",
        position=_("Page %(number)s of %(total)s") % {"number": page.number, "total": page.paginator.num_pages},
    )


def _build_url(query_string: str, name: str, value: str | int, fragment: str = "") -> str:
    query = "&".join(filter(None, (query_string, urlencode({name: value}))))
    return f"?{query}" + (f"#{fragment}" if fragment else "")
