"""The console's inbox, and the conversation as a tab of the client card."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.clients.console.card_shortcuts import client_card_view, render_client_card
from portal.clients.models import Client
from portal.messaging.conversations import services
from portal.messaging.conversations.chat_message_pages import build_conversation_etag, get_chat_message_page
from portal.messaging.conversations.forms import ChatMessageForm
from portal.messaging.conversations.services import ChatMessageRejected
from portal.messaging.models import ChatMessageSender
from portal.ui import input_cleaning
from portal.ui.keyset_pagination import get_page
from portal.ui.pager_links import build_keyset_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.permissions import has_permission
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 25
MAX_SEARCH_LENGTH = 100
NO_CONTENT = 204


@membership_required("messages.view")
def list_conversations(request: StaffRequest) -> HttpResponse:
    """List the conversations, those with unread messages first."""
    search = input_cleaning.clean_text(request.GET.get("search", ""), max_length=MAX_SEARCH_LENGTH)
    scope = "mine" if request.GET.get("scope") == "mine" else "all"
    person_id = request.person.pk if scope == "mine" else None
    latest = services.list_conversations(search=search, person_id=person_id)
    page = get_page(latest, services.INBOX_ORDER, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    filters = {"search": search, "scope": scope}
    context = {
        "latest_messages": page.rows,
        "filters": filters,
        "empty_text": _explain_no_conversations(**filters),
        "pager": build_keyset_pager_links(page, query_string=urlencode(filters)),
    }
    return render(request, "console/messages/inbox.html", context)


@client_card_view("messages.view")
def show_conversation(request: StaffRequest, client: Client) -> HttpResponse:
    """Show one conversation, and mark it as read for members of staff who may answer it."""
    response = _render_conversation(request, client, ChatMessageForm())
    _mark_read(request, client)
    return response


@client_card_view("messages.view")
def poll_conversation(request: StaffRequest, client: Client) -> HttpResponse:
    """Return the latest messages if anything is new since the ETag that the open page sends, else an empty answer."""
    if request.GET.get("seen") == build_conversation_etag(client, ChatMessageSender.STAFF):
        return HttpResponse(status=NO_CONTENT)
    context = {"client": client, **_build_conversation_context(request, client)}
    response = render(request, "console/messages/_chat_messages.html", context)
    _mark_read(request, client)
    return response


@client_card_view("messages.send", methods=("POST",))
def send_message(request: StaffRequest, client: Client) -> HttpResponse:
    """Add a message of this member of staff to the conversation."""
    form, body = ChatMessageForm(request.POST), request.POST.get("body", "")
    try:
        services.send_chat_message(client=client, body=body, staff=request.staff, now=database_clock.now())
    except ChatMessageRejected as rejection:
        form.add_error("body", str(rejection))
        return _render_conversation(request, client, form, status=422)
    return redirect(reverse("console:conversation", kwargs={"business": request.slug, "pk": client.pk}) + "#write")


def _explain_no_conversations(*, search: str, scope: str) -> str:
    if search:
        return _("No results. Try a shorter or a different word.")
    if scope == "mine":
        return _("You have not replied to anybody yet. Conversations you reply to appear here.")
    return _("No messages yet. Clients can write to you from their portal, and you can write first from a client card.")


def _render_conversation(
    request: StaffRequest, client: Client, form: ChatMessageForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "main_email": services.get_main_email(client),
        **_build_conversation_context(request, client),
    }
    return render_client_card(request, client, "console/messages/conversation.html", context, status=status)


def _build_conversation_context(request: StaffRequest, client: Client) -> dict[str, Any]:
    # The ETag is read first: a message that arrives in between is then shown twice rather than never.
    etag = build_conversation_etag(client, ChatMessageSender.STAFF)
    return {"etag": etag, "window": get_chat_message_page(client, request.GET.get("before", ""))}


def _mark_read(request: StaffRequest, client: Client) -> None:
    if request.method == "GET" and has_permission(request.membership, "messages.send"):
        services.mark_read_by_staff(client=client, person_id=request.person.pk, now=database_clock.now())
