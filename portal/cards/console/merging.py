"""The pages that find a duplicate of a client, preview the merge and carry it out."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.cards import services
from portal.cards.services import MergedField, MergeRefused, StaleMergeChoices
from portal.cards.services.merge_preview import is_filled
from portal.clients import services as clients
from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.models import Client, CustomField
from portal.clients.presenters import ClientEventPresenter, is_custom_field
from portal.clients.services.contacts import query_form_addresses
from portal.clients.services.search import SearchQuery
from portal.ui.text_folding import fold_text
from tenants import database_clock
from tenants.staff.request_types import StaffRequest
from tenants.text_cleaning import clean_line

MAX_RESULTS = 20
PRESENTER = ClientEventPresenter()
# The names of the form's inputs begin with this; the name of a field follows.
CHOICE_PREFIX = "choice-"


@dataclass(frozen=True)
class MergeRow:
    """A MergedField as texts, with the field's label."""

    field: str
    label: str
    survivor: str
    duplicate: str
    result: str
    is_from_duplicate: bool
    is_open: bool


@client_card_view("clients.merge")
def search_duplicate(request: StaffRequest, client: Client) -> HttpResponse:
    """Search for the duplicate of a client."""
    typed = clean_line(request.GET.get("q", ""))
    found = _search_clients(request, client, typed) if typed else list(_find_likely_duplicates(client)[:MAX_RESULTS])
    prefetch_related_objects(found, "contacts")
    context = {"typed": typed, "found": found}
    return render_client_card(request, client, "console/clients/card/merge_search.html", context)


@client_card_view("clients.merge", methods=("GET", "POST"))
def merge_with_duplicate(request: StaffRequest, client: Client, other: UUID) -> HttpResponse:
    """Show the preview with its open choices, or merge. Merging twice is harmless."""
    duplicate = get_object_or_404(Client.objects.exclude_demo().filter(erased_at=None), pk=other)
    if request.method == "POST":
        return _merge_chosen(request, client, duplicate)
    if duplicate.merged_into_id:
        return redirect_to_client_card(request, client)
    context = {
        "other": duplicate,
        "rows": _build_merge_rows(client, duplicate),
        "moved": _describe_moved_data(duplicate),
        "form_addresses": list(query_form_addresses(client, duplicate).select_related("client")),
    }
    return render_client_card(request, client, "console/clients/card/merge.html", context)


def _merge_chosen(request: StaffRequest, client: Client, duplicate: Client) -> HttpResponse:
    choices = {
        key.removeprefix(CHOICE_PREFIX): str(value)
        for key, value in request.POST.items()
        if key.startswith(CHOICE_PREFIX)
    }
    try:
        survivor = services.merge_clients(
            survivor=client,
            duplicate=duplicate,
            choices=choices,
            form_addresses_checked=request.POST.get("form_addresses_checked") == "on",
            staff=request.staff,
            now=database_clock.now(),
        )
    except StaleMergeChoices as error:
        messages.warning(request, str(error))
        return redirect("console:client-merge-with", business=request.slug, pk=client.pk, other=duplicate.pk)
    except MergeRefused as error:
        messages.error(request, str(error))
        return redirect_to_client_card(request, client, "client-merge")
    messages.success(request, _("Merged. This card now has both timelines. The client needs to sign in again."))
    return redirect_to_client_card(request, survivor)


def _search_clients(request: StaffRequest, client: Client, typed: str) -> list[Client]:
    """Return other clients with what was typed, archived ones too; where there are none, similar ones."""
    query, now = SearchQuery(text=typed, status="all"), database_clock.now()
    matching = clients.search_clients(query, country=request.business.country, now=now).exclude(pk=client.pk)
    found = list(matching.order_by("name", "pk")[:MAX_RESULTS])
    found = found or clients.search_similar(query, country=request.business.country, now=now)
    return [other for other in found if other.pk != client.pk][:MAX_RESULTS]


def _find_likely_duplicates(client: Client) -> QuerySet[Client]:
    """Return other clients with an address or the name of this one."""
    others = Client.objects.exclude_unlisted().exclude(pk=client.pk)
    same_address = others.filter(contacts__value__in=client.contacts.values("value")).values("pk")
    same_name = others.filter(search__startswith=f"{fold_text(client.name)} ").values("pk")
    return others.filter(pk__in=same_address.union(same_name)).order_by("name", "pk")


def _build_merge_rows(client: Client, duplicate: Client) -> list[MergeRow]:
    """Return the fields that have a value on either card; deleted custom fields are left out."""
    names = {str(field.pk): field.name for field in CustomField.objects.all()}
    rows = services.compute_merged_fields(survivor=client, duplicate=duplicate)
    filled = [row for row in rows if is_filled(row.result) and (row.field in names or not is_custom_field(row.field))]
    return [_build_merge_row(row, names.get(row.field) or PRESENTER.field_label(row.field)) for row in filled]


def _build_merge_row(row: MergedField, label: str) -> MergeRow:
    values = (row.survivor, row.duplicate, row.result)
    survivor, duplicate, result = (PRESENTER.format_value(row.field, value) for value in values)
    return MergeRow(row.field, label, survivor, duplicate, result, row.is_from_duplicate, row.is_open)


def _describe_moved_data(duplicate: Client) -> dict[str, object]:
    """Return what the merge moves from the duplicate."""
    return {
        "contacts": list(duplicate.contacts.order_by("kind", "created_at")),
        "tags": list(duplicate.tags.all()),
        "notes": duplicate.notes.count(),
    }
