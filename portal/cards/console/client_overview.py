"""The overview tab, and the actions that change a client's details, tags and status."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity.presenters import present_entry
from portal.branding.language_selection import list_available_languages
from portal.cards.forms import AddTagForm, ClientDetailsForm
from portal.cards.services import build_erasure_report, list_kept_data
from portal.clients import services as clients
from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.models import MAX_TAG_LENGTH, Client, CustomField, Tag
from portal.clients.presenters import ClientEventPresenter
from portal.clients.services.timeline import list_timeline_entries
from tenants import database_clock
from tenants.staff.request_types import StaffRequest
from tenants.staff.staff_actor import StaffActor

MAX_ENTRIES = 6
MAX_TAGS = 200
PLAIN_FIELDS = ("language", "time_zone", "created_at", "source")


@client_card_view("clients.view", allow_erased=True)
def show_client(request: StaffRequest, client: Client) -> HttpResponse:
    """Show the overview of a client."""
    if client.erased_at:
        return _show_erased_client(request, client)
    context = {
        "contacts": client.contacts.order_by("kind", "created_at"),
        "may_receive_codes": client.is_confirmed or client.contacts.usable_for_sign_in().exists(),
        **_partition_tags(client),
        "details": _list_field_values(client),
        "entries": [present_entry(entry) for entry in list_timeline_entries(client)[:MAX_ENTRIES]],
        "notes": client.notes.order_by("-created_at")[:2],
    }
    return render_client_card(request, client, "console/clients/card/overview.html", context)


def _show_erased_client(request: StaffRequest, client: Client) -> HttpResponse:
    context = {"report": build_erasure_report(client), "kept_data": list_kept_data()}
    return render_client_card(request, client, "console/clients/card/erased.html", context)


@client_card_view("clients.edit", methods=("GET", "POST"))
def edit_client_details(request: StaffRequest, client: Client) -> HttpResponse:
    """Change a client's name, language, time zone and custom fields."""
    custom_fields = list(CustomField.objects.all())
    initial = {"name": client.name, "language": client.language, "time_zone": client.time_zone}
    form = ClientDetailsForm(
        request.POST or None,
        custom_fields=custom_fields,
        languages=list_available_languages(request),
        initial=initial | client.custom,
    )
    if form.is_valid():
        details = form.cleaned_details(client.custom)
        clients.change_client_details(client=client, staff=request.staff, now=database_clock.now(), **details)
        messages.success(request, _("Saved."))
        return redirect_to_client_card(request, client)
    status = 422 if form.errors else 200
    return render_client_card(request, client, "console/clients/card/edit.html", {"form": form}, status=status)


@client_card_view("clients.edit", methods=("POST",))
def change_tags(request: StaffRequest, client: Client) -> HttpResponse:
    """Add a tag to a client, created if there is none of that name, or remove one."""
    form = AddTagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A tag can have up to %(number)s characters.") % {"number": MAX_TAG_LENGTH})
        return redirect_to_client_card(request, client)
    queryset, name = Client.objects.filter(pk=client.pk), form.cleaned_data["name"]
    action = clients.untag_clients_by_name if "remove" in request.POST else clients.tag_clients_by_name
    action(clients=queryset, name=name, staff=request.staff, now=database_clock.now())
    return redirect_to_client_card(request, client)


@client_card_view("clients.edit", methods=("POST",))
def archive_client(request: StaffRequest, client: Client) -> HttpResponse:
    """Archive a client."""
    text = _("Archived. The client was signed out and can no longer sign in.")
    return _set_status(request, client, access.archive_client, text)


@client_card_view("clients.edit", methods=("POST",))
def block_client(request: StaffRequest, client: Client) -> HttpResponse:
    """Block a client from signing in."""
    text = _("Blocked. The client was signed out and can no longer sign in.")
    return _set_status(request, client, access.block_client, text)


@client_card_view("clients.edit", methods=("POST",))
def restore_client(request: StaffRequest, client: Client) -> HttpResponse:
    """Restore an archived or blocked client."""
    return _set_status(request, client, access.restore_client, _("Restored. The client can sign in again."))


@client_card_view("clients.edit", methods=("POST",))
def confirm_client(request: StaffRequest, client: Client) -> HttpResponse:
    """Confirm a client whose card a public form made, so that text messages can be sent to them."""
    clients.confirm_client(client=client, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Confirmed. Text messages can now be sent to this client."))
    return redirect_to_client_card(request, client)


def _partition_tags(client: Client) -> dict[str, list[Tag]]:
    """Return the client's tags and all others, in one statement."""
    assigned = Client.tags.through.objects.filter(client=client, tag=OuterRef("pk"))
    tags = Tag.objects.annotate(is_assigned=Exists(assigned)).order_by("-is_assigned", Lower("name"))[:MAX_TAGS]
    return {
        "tags": [tag for tag in tags if tag.is_assigned],
        "other_tags": [tag for tag in tags if not tag.is_assigned],
    }


def _set_status(request: StaffRequest, client: Client, action: Callable[..., None], text: str) -> HttpResponse:
    staff: StaffActor = request.staff
    action(client=client, staff=staff, now=database_clock.now())
    messages.success(request, text)
    return redirect_to_client_card(request, client)


def _list_field_values(client: Client) -> list[tuple[str, str]]:
    """Return labels and values of the client's fields: all custom fields, then the plain ones that have a value."""
    presenter = ClientEventPresenter()
    own_values = [(field.name, client.custom.get(str(field.pk))) for field in CustomField.objects.all()]
    custom = [(name, presenter.format_value("custom", value)) for name, value in own_values]
    plain = [(presenter.field_label(n), presenter.format_value(n, getattr(client, n))) for n in PLAIN_FIELDS]
    return custom + [(name, value) for name, value in plain if value]
