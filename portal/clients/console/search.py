"""The search source for clients, by name, email address or number."""

from django.urls import reverse

from portal.clients.models import Client, ClientStatus
from portal.clients.services.search import SearchQuery, search_clients, search_similar
from portal.ui.text_folding import fold_text
from tenants.nouns.search_types import RESULTS_PER_SOURCE, SearchParams, SearchResult

# One letter fits nearly everybody, and finding them all would take long.
MIN_QUERY_LENGTH = 2
# As many as this are read in whatever order the database finds them; the best of them are shown.
FETCH_LIMIT = 40


def find_clients(search: SearchParams) -> list[SearchResult]:
    """Return a few matching clients, archived ones too; where none matches, those spelled similarly."""
    if len(fold_text(search.text)) < MIN_QUERY_LENGTH:
        return []
    query, country = SearchQuery(text=search.text, status="all"), search.http_request.business.country
    matches = search_clients(query, country=country, now=search.now).prefetch_related("contacts")[:FETCH_LIMIT]
    clients = sorted(matches, key=lambda client: _rank_client(client, fold_text(search.text)))
    clients = clients or search_similar(query, country=country, now=search.now)
    return [_build_search_result(client, search) for client in clients[:RESULTS_PER_SOURCE]]


def _rank_client(client: Client, text: str) -> tuple[bool, bool, str]:
    """Put names that begin with the text first and archived clients last."""
    return client.status == ClientStatus.ARCHIVED, not client.search.startswith(text), client.search


def _build_search_result(client: Client, search: SearchParams) -> SearchResult:
    url = reverse("console:client", kwargs={"business": search.http_request.slug, "pk": client.pk})
    contact = next((contact.value for contact in client.contacts.all()), "")
    status = "" if client.status == ClientStatus.ACTIVE else client.get_status_display()
    return SearchResult(client.name, url, "user", " · ".join(part for part in (contact, status) if part))
