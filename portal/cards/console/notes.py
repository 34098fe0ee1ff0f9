"""The notes tab, and the actions that add, change and delete notes."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.cards import services
from portal.cards.forms import NoteForm
from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.models import Client, Note
from tenants import database_clock
from tenants.staff.request_types import StaffRequest

TEMPLATE = "console/clients/card/notes.html"
MAX_NOTES = 200


def list_notes(client: Client) -> QuerySet[Note]:
    """Return a client's notes, the newest first."""
    return client.notes.order_by("-created_at", "-pk")


@client_card_view("clients.view")
def show_notes(request: StaffRequest, client: Client) -> HttpResponse:
    """Show a client's notes and the form for another."""
    return _render_notes(request, client, NoteForm())


@client_card_view("clients.edit", methods=("POST",))
def add_note(request: StaffRequest, client: Client) -> HttpResponse:
    """Add a note."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _render_notes(request, client, form, status=422)
    body = form.cleaned_data["body"]
    try:
        services.add_note(client=client, body=body, staff=request.staff, now=database_clock.now())
    except Client.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Note saved."))
    return redirect_to_client_card(request, client, "client-notes")


@client_card_view("clients.edit", methods=("GET", "POST"))
def change_note(request: StaffRequest, client: Client, note: UUID) -> HttpResponse:
    """Change a note; only its author may."""
    found = get_object_or_404(client.notes, pk=note)
    form = NoteForm(request.POST or None, initial={"body": found.body})
    with _refuse_others():
        services.check_author(found, request.staff)
        if form.is_valid():
            body = form.cleaned_data["body"]
            services.change_note(note=found, body=body, staff=request.staff, now=database_clock.now())
            messages.success(request, _("Saved."))
            return redirect_to_client_card(request, client, "client-notes")
    status = 422 if form.errors else 200
    return render_client_card(
        request, client, "console/clients/card/note.html", {"form": form, "note": found}, status=status
    )


@client_card_view("clients.edit", methods=("POST",))
def delete_note(request: StaffRequest, client: Client, note: UUID) -> HttpResponse:
    """Delete a note; only its author may."""
    found = get_object_or_404(client.notes, pk=note)
    with _refuse_others():
        services.delete_note(note=found, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Note deleted."))
    return redirect_to_client_card(request, client, "client-notes")


@contextmanager
def _refuse_others() -> Iterator[None]:
    """Refuse whoever did not write the note. Raises PermissionDenied."""
    try:
        yield
    except services.NotAuthor as error:
        raise PermissionDenied from error


def _render_notes(request: StaffRequest, client: Client, form: NoteForm, *, status: int = 200) -> HttpResponse:
    return render_client_card(
        request, client, TEMPLATE, {"notes": list_notes(client)[:MAX_NOTES], "form": form}, status=status
    )
