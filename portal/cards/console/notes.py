"""The notes tab, and the actions that add, change and delete notes."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
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
    services.add_note(client=client, body=form.cleaned_data["body"], staff=request.staff, now=database_clock.now())
    messages.success(request, _("Note saved."))
    return redirect_to_client_card(request, client, "client-notes")


@client_card_view("clients.edit", methods=("GET", "POST"))
def change_note(request: StaffRequest, client: Client, note: UUID) -> HttpResponse:
    """Change a note; only its author may."""
    own = _get_own_note(request, client, note)
    form = NoteForm(request.POST or None, initial={"body": own.body})
    if form.is_valid():
        services.change_note(note=own, body=form.cleaned_data["body"], staff=request.staff, now=database_clock.now())
        messages.success(request, _("Saved."))
        return redirect_to_client_card(request, client, "client-notes")
    status = 422 if form.errors else 200
    return render_client_card(
        request, client, "console/clients/card/note.html", {"form": form, "note": own}, status=status
    )


@client_card_view("clients.edit", methods=("POST",))
def delete_note(request: StaffRequest, client: Client, note: UUID) -> HttpResponse:
    """Delete a note; only its author may."""
    services.delete_note(note=_get_own_note(request, client, note), staff=request.staff, now=database_clock.now())
    messages.success(request, _("Note deleted."))
    return redirect_to_client_card(request, client, "client-notes")


def _get_own_note(request: StaffRequest, client: Client, key: UUID) -> Note:
    note = get_object_or_404(client.notes, pk=key)
    if note.author_id != request.person.pk:
        raise PermissionDenied
    return note


def _render_notes(request: StaffRequest, client: Client, form: NoteForm, *, status: int = 200) -> HttpResponse:
    return render_client_card(
        request, client, TEMPLATE, {"notes": list_notes(client)[:MAX_NOTES], "form": form}, status=status
    )
