"""What is there to know about this client at a glance, and how are name, fields, tags and standing changed?"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import services as access
from portal.activity import services as activity
from portal.cards.forms import DetailsForm, TagForm
from portal.cards.pages import back, card_page, show
from portal.clients import services as clients
from portal.clients.models import Client, CustomField, Tag
from portal.ui.language import available_languages
from portal.ui.timeline import field_label, format_value, present_entry
from tenants.staff.actor import Staff

SHOWN = 6
TAGS = 200
PLAIN = ("language", "time_zone", "created_at", "source")


@card_page("clients.view", of_erased=True)
def card(request: HttpRequest, client: Client) -> HttpResponse:
    """The client at a glance."""
    context = {
        "contacts": client.contacts.order_by("kind", "created_at"),
        **_tags(client),
        "facts": _facts(client),
        "lines": [present_entry(entry) for entry in activity.timeline_for(client)[:SHOWN]],
        "notes": client.notes.order_by("-created_at")[:2],
    }
    return show(request, client, "console/clients/card/overview.html", context)


@card_page("clients.edit", methods=("GET", "POST"))
def edit(request: HttpRequest, client: Client) -> HttpResponse:
    """Change name, language, time zone and the business's own fields."""
    own = list(CustomField.objects.all())
    held = {"name": client.name, "language": client.language, "time_zone": client.time_zone, **_inputs(client)}
    form = DetailsForm(request.POST or None, own=own, languages=available_languages(request), initial=held)
    if form.is_valid():
        new = form.details(client.custom)
        clients.change_details(client=client, staff=request.staff, now=timezone.now(), **new)
        messages.success(request, _("Saved."))
        return back(request, client)
    status = 422 if form.errors else 200
    return show(request, client, "console/clients/card/edit.html", {"form": form}, status=status)


@card_page("clients.edit", methods=("POST",))
def tag(request: HttpRequest, client: Client) -> HttpResponse:
    """Put a tag on the card, made if there is none of that name, or take one off."""
    form = TagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A tag has 1 to 40 characters."))
        return back(request, client)
    only, name = Client.objects.filter(pk=client.pk), form.cleaned_data["name"]
    deed = clients.untag_clients_by_name if "remove" in request.POST else clients.tag_clients_by_name
    deed(clients=only, name=name, staff=request.staff, now=timezone.now())
    return back(request, client)


@card_page("clients.edit", methods=("POST",))
def archive(request: HttpRequest, client: Client) -> HttpResponse:
    """Take the client off the active list."""
    words = _("Archived. Every session has ended, and the client can no longer sign in.")
    return _stand(request, client, access.archive_client, words)


@card_page("clients.edit", methods=("POST",))
def block(request: HttpRequest, client: Client) -> HttpResponse:
    """Keep the client out of the portal."""
    words = _("Blocked. Every session has ended, and the client can no longer sign in.")
    return _stand(request, client, access.block_client, words)


@card_page("clients.edit", methods=("POST",))
def restore(request: HttpRequest, client: Client) -> HttpResponse:
    """Let the client in again."""
    return _stand(request, client, access.restore_client, _("Restored. The client can sign in again."))


def _tags(client: Client) -> dict[str, list[Tag]]:
    """Return the tags on the card, and those to choose from, in one statement."""
    worn = Client.tags.through.objects.filter(client=client, tag=OuterRef("pk"))
    tags = Tag.objects.annotate(is_worn=Exists(worn)).order_by("-is_worn", Lower("name"))[:TAGS]
    return {"tags": [tag for tag in tags if tag.is_worn], "known_tags": [tag for tag in tags if not tag.is_worn]}


def _stand(request: HttpRequest, client: Client, deed: Callable[..., None], words: str) -> HttpResponse:
    staff: Staff = request.staff
    deed(client=client, staff=staff, now=timezone.now())
    messages.success(request, words)
    return back(request, client)


def _facts(client: Client) -> list[tuple[str, str]]:
    """Return what the card says of the client, the business's own fields first; what is left open only for those."""
    own = [
        (field.name, format_value("custom", client.custom.get(str(field.pk)))) for field in CustomField.objects.all()
    ]
    plain = [(field_label(word), format_value(word, getattr(client, word))) for word in PLAIN]
    return own + [(name, value) for name, value in plain if value]


def _inputs(client: Client) -> dict[str, Any]:
    """Return own values as the form's inputs take them."""
    return {key: str(value) if isinstance(value, bool) else value for key, value in client.custom.items()}
