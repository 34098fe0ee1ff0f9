"""What does a client see of the conversation with the business?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.messaging.conversations import services
from portal.messaging.conversations.forms import LineForm
from portal.messaging.conversations.pages import mark_of, stretch
from portal.messaging.conversations.services import LineRefused, Side, TooMuchWritten
from portal.ui.decorators import client_required

NOTHING_NEW = 204


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def conversation(request: HttpRequest) -> HttpResponse:
    """Show what was said, and take what the client writes."""
    if request.method == "POST":
        return _write(request)
    page = _page(request, LineForm())
    if _is_read(request):
        services.mark_read(client=request.client, side=Side.CLIENT, now=timezone.now())
    return page


@require_http_methods(["GET", "HEAD"])
@client_required
def live(request: HttpRequest) -> HttpResponse:
    """Hand out the latest lines if there is anything that the open page, by its mark, hasn't seen."""
    if request.GET.get("seen") == mark_of(request.client, Side.CLIENT):
        return HttpResponse(status=NOTHING_NEW)
    part = render(request, "portal/messages/_lines.html", _talk(request))
    if _is_read(request):
        services.mark_read(client=request.client, side=Side.CLIENT, now=timezone.now())
    return part


def _is_read(request: HttpRequest) -> bool:
    """Tell whether the client sees this page: not a browser that fetches ahead, nor staff over the client's shoulder."""
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return (
        request.method == "GET"
        and not is_ahead
        and not (request.impersonation and request.impersonation.mode == "read-only")
    )


def _write(request: HttpRequest) -> HttpResponse:
    form = LineForm(request.POST)
    try:
        services.write(client=request.client, body=request.POST.get("body", ""), now=timezone.now())
    except LineRefused as refusal:
        form.add_error("body", str(refusal))
        return _page(request, form, status=429 if isinstance(refusal, TooMuchWritten) else 422)
    return redirect(reverse("messages:conversation") + "#write")


def _page(request: HttpRequest, form: LineForm, status: int = 200) -> HttpResponse:
    context = {"form": form, **_talk(request)}
    return render(request, "portal/messages/conversation.html", context, status=status)


def _talk(request: HttpRequest) -> dict[str, Any]:
    # The mark comes first: a line that arrives in between is then shown twice rather than never.
    mark = mark_of(request.client, Side.CLIENT)
    return {"mark": mark, "talk": stretch(request.client, request.GET.get("before", ""))}
