"""The client's page of the conversation with the business."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.clients.decorators import client_required
from portal.clients.request_types import ClientRequest
from portal.messaging.conversations import services
from portal.messaging.conversations.chat_message_pages import build_conversation_etag, get_chat_message_page
from portal.messaging.conversations.forms import ChatMessageForm
from portal.messaging.conversations.services import ChatMessageRejected, ChatRateLimitExceeded
from portal.messaging.models import ChatMessageSender
from tenants import database_clock

NO_CONTENT = 204


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def show_conversation(request: ClientRequest) -> HttpResponse:
    """Show the conversation, or add the message that the client sends."""
    if request.method == "POST":
        return _send_chat_message(request)
    response = _render_conversation(request, ChatMessageForm())
    if _is_client_reading(request):
        services.mark_read(client=request.client, reader=ChatMessageSender.CLIENT, now=database_clock.now())
    return response


@require_http_methods(["GET", "HEAD"])
@client_required
def poll_conversation(request: ClientRequest) -> HttpResponse:
    """Return the latest messages if anything is new since the ETag that the open page sends, else an empty answer."""
    if request.GET.get("seen") == build_conversation_etag(request.client, ChatMessageSender.CLIENT):
        return HttpResponse(status=NO_CONTENT)
    response = render(request, "portal/messages/_chat_messages.html", _build_conversation_context(request))
    if _is_client_reading(request):
        services.mark_read(client=request.client, reader=ChatMessageSender.CLIENT, now=database_clock.now())
    return response


def _is_client_reading(request: ClientRequest) -> bool:
    """Tell whether the client reads this page: no browser that prefetches it, and no staff who impersonate them."""
    is_prefetch = "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and not is_prefetch and not request.is_read_only


def _send_chat_message(request: ClientRequest) -> HttpResponse:
    form = ChatMessageForm(request.POST)
    try:
        services.send_chat_message(client=request.client, body=request.POST.get("body", ""), now=database_clock.now())
    except ChatMessageRejected as rejection:
        form.add_error("body", str(rejection))
        status = 429 if isinstance(rejection, ChatRateLimitExceeded) else 422
        return _render_conversation(request, form, status=status)
    return redirect(reverse("messages:conversation") + "#write")


def _render_conversation(request: ClientRequest, form: ChatMessageForm, status: int = 200) -> HttpResponse:
    context = {"form": form, **_build_conversation_context(request)}
    return render(request, "portal/messages/conversation.html", context, status=status)


def _build_conversation_context(request: ClientRequest) -> dict[str, Any]:
    # The ETag is read first: a message that arrives in between is then shown twice rather than never.
    etag = build_conversation_etag(request.client, ChatMessageSender.CLIENT)
    return {"etag": etag, "window": get_chat_message_page(request.client, request.GET.get("before", ""))}
