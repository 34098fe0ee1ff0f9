"""Which two cards are one person's, and what will the one that stays say?"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cards import services
from portal.cards.pages import back, card_page, show
from portal.cards.services import ChoiceGone, MergeRefused, Preview
from portal.cards.services.deciding import has_value
from portal.clients import services as clients
from portal.clients.models import Client, CustomField
from portal.clients.services.search import SearchQuery
from portal.ui.timeline import field_label, format_value, is_custom_field

SHOWN = 20
# Before the field's name, in the form that says which card decides it.
CHOICE = "take-"


@dataclass(frozen=True)
class Row:
    """One field of two cards in words: what both say, what is suggested, and whether staff may decide otherwise."""

    field: str
    name: str
    kept: str
    gone: str
    result: str
    is_from_gone: bool
    is_open: bool


@card_page("clients.merge")
def choose(request: HttpRequest, client: Client) -> HttpResponse:
    """Look for the other card of the same person."""
    typed = request.GET.get("q", "").strip()
    found = _found(request, client, typed) if typed else list(_alike(client)[:SHOWN])
    prefetch_related_objects(found, "contacts")
    context = {"typed": typed, "found": found}
    return show(request, client, "console/clients/card/merge_choose.html", context)


@card_page("clients.merge", methods=("GET", "POST"))
def merge(request: HttpRequest, client: Client, other: UUID) -> HttpResponse:
    """Show what will stand on the card, ask where both say something, then merge. A second press finds it done."""
    gone = get_object_or_404(Client.objects.exclude_demo().filter(erased_at=None), pk=other)
    if request.method == "POST":
        return _merge(request, client, gone)
    if gone.merged_into_id:
        return back(request, client)
    context = {"other": gone, "rows": _rows(client, gone), "moving": _moving(gone)}
    return show(request, client, "console/clients/card/merge.html", context)


def _merge(request: HttpRequest, client: Client, gone: Client) -> HttpResponse:
    choices = {key.removeprefix(CHOICE): str(value) for key, value in request.POST.items() if key.startswith(CHOICE)}
    try:
        kept = services.merge_clients(kept=client, gone=gone, choices=choices, staff=request.staff, now=timezone.now())
    except ChoiceGone as refusal:
        messages.warning(request, str(refusal))
        return redirect("console:client-merge-with", business=request.slug, pk=client.pk, other=gone.pk)
    except MergeRefused as refusal:
        messages.error(request, str(refusal))
        return back(request, client, "client-merge")
    messages.success(request, _("Merged. Both timelines stand on this card; whoever was signed in signs in again."))
    return back(request, kept)


def _found(request: HttpRequest, client: Client, typed: str) -> list[Client]:
    """Return other cards with what was typed, archived ones too; where there are none, those that are spelled alike."""
    question, now = SearchQuery(text=typed, status="all"), timezone.now()
    fitting = clients.search_clients(question, country=request.business.country, now=now).exclude(pk=client.pk)
    found = list(fitting.order_by("name", "pk")[:SHOWN])
    found = found or clients.search_similar(question, country=request.business.country, now=now)
    return [card for card in found if card.pk != client.pk][:SHOWN]


def _alike(client: Client) -> QuerySet[Client]:
    """Return other cards with an address or the very name of this one: the likely doubles."""
    cards = Client.objects.listed().exclude(pk=client.pk)
    same_address = cards.filter(contacts__value__in=client.contacts.values("value")).values("pk")
    same_name = cards.filter(search__startswith=f"{clients.fold_text(client.name)} ").values("pk")
    return cards.filter(pk__in=same_address.union(same_name)).order_by("name", "pk")


def _rows(client: Client, gone: Client) -> list[Row]:
    """Return the fields that say something on either card; values of fields that were deleted are no longer shown."""
    names = {str(field.pk): field.name for field in CustomField.objects.all()}
    rows = services.preview_merge(kept=client, gone=gone)
    shown = [row for row in rows if has_value(row.result) and (row.field in names or not is_custom_field(row.field))]
    return [_row(row, names.get(row.field) or field_label(row.field)) for row in shown]


def _row(row: Preview, name: str) -> Row:
    kept, gone, result = (format_value(row.field, value) for value in (row.kept, row.gone, row.result))
    return Row(row.field, name, kept, gone, result, row.is_from_gone, row.is_open)


def _moving(gone: Client) -> dict[str, object]:
    """Return what comes over from the other card."""
    return {
        "contacts": list(gone.contacts.order_by("kind", "created_at")),
        "tags": list(gone.tags.all()),
        "notes": gone.notes.count(),
    }
