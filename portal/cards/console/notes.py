"""What do staff remember about this client?"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cards import services
from portal.cards.forms import NoteForm
from portal.cards.pages import back, card_page, show
from portal.cards.tabs import Tab
from portal.clients.models import Client, Note

PAGE = "console/clients/card/notes.html"
SHOWN = 200


def of_client(client: Client) -> QuerySet[Note]:
    """Return a client's notes, the newest first."""
    return client.notes.order_by("-created_at", "-pk")


TAB = Tab(gettext_lazy("Notes"), "client-notes", "clients.view", 40, of_client)


@card_page("clients.view")
def notes(request: HttpRequest, client: Client) -> HttpResponse:
    """Every note on the card, and a field for another."""
    return _notes(request, client, NoteForm())


@card_page("clients.edit", methods=("POST",))
def add(request: HttpRequest, client: Client) -> HttpResponse:
    """Write a note."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _notes(request, client, form, status=422)
    services.add_note(client=client, body=form.cleaned_data["body"], staff=request.staff, now=timezone.now())
    messages.success(request, _("Written down."))
    return back(request, client, "client-notes")


@card_page("clients.edit", methods=("GET", "POST"))
def change(request: HttpRequest, client: Client, note: UUID) -> HttpResponse:
    """Let its author say a note differently."""
    own = _own(request, client, note)
    form = NoteForm(request.POST or None, initial={"body": own.body})
    if form.is_valid():
        services.change_note(note=own, body=form.cleaned_data["body"], staff=request.staff, now=timezone.now())
        messages.success(request, _("Saved."))
        return back(request, client, "client-notes")
    status = 422 if form.errors else 200
    return show(request, client, "console/clients/card/note.html", {"form": form, "note": own}, status=status)


@card_page("clients.edit", methods=("POST",))
def delete(request: HttpRequest, client: Client, note: UUID) -> HttpResponse:
    """Let its author take a note off the card."""
    services.delete_note(note=_own(request, client, note), staff=request.staff, now=timezone.now())
    messages.success(request, _("Deleted."))
    return back(request, client, "client-notes")


def _own(request: HttpRequest, client: Client, key: UUID) -> Note:
    note = get_object_or_404(client.notes, pk=key)
    if note.author_id != request.person.pk:
        raise PermissionDenied
    return note


def _notes(request: HttpRequest, client: Client, form: NoteForm, *, status: int = 200) -> HttpResponse:
    return show(request, client, PAGE, {"notes": of_client(client)[:SHOWN], "form": form}, status=status)
