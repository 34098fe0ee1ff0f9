"""Pages of the demo outbox: every mail and text the demo sent, shown as on a phone."""

from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tenants.devmail import sent_messages
from tenants.models import PortalHostname

PAGE_SIZE = 30
# A mail may use its own styles and nothing else: no scripts, no remote images, no forms.
EMAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
@csp_update({"frame-src": ["'self'"]})
def list_mails(request: HttpRequest) -> HttpResponse:
    """Show the newest messages; with `after`, only newer ones, which the page's script puts on top."""
    business, to = _read_filters(request)
    if "after" in request.GET:
        newer = sent_messages.list_sent_messages(business=business, to=to, after=request.GET["after"], limit=PAGE_SIZE)
        return render(request, "dev/_messages.html", {"sent_messages": _add_portal_names(newer)})
    all_messages = sent_messages.list_sent_messages()
    context = {
        "sent_messages": _add_portal_names(sent_messages.list_sent_messages(business=business, to=to, limit=PAGE_SIZE)),
        "portals": _get_portal_names(),
        "people": _list_recent_recipients(all_messages, business),
        "filters": {"business": business, "to": to},
    }
    return render(request, "dev/outbox.html", context)


@require_safe
def list_mails_as_json(request: HttpRequest) -> JsonResponse:
    """Return the messages as JSON, the newest first."""
    business, to = _read_filters(request)
    return JsonResponse(
        [message.to_dict() for message in sent_messages.list_sent_messages(business=business, to=to)], safe=False
    )


@require_safe
@xframe_options_sameorigin
@csp(EMAIL_POLICY)  # type: ignore[arg-type]  # its type forgets that views take more than a request
def show_email_body(request: HttpRequest, name: str) -> HttpResponse:
    """Return the HTML of one mail, for a sandboxed frame."""
    message = sent_messages.get_sent_message(name)
    if message is None or not message.html:
        raise Http404
    return HttpResponse(message.html.replace("<head>", '<head><base target="_blank">', 1))


@require_safe
def download_attachment(request: HttpRequest, name: str, position: int) -> HttpResponse:
    """Return one file of a mail, to be saved and not shown."""
    message = sent_messages.get_sent_message(name)
    attachment = message.get_attachment(position) if message else None
    if attachment is None:
        raise Http404
    disposition = content_disposition_header(as_attachment=True, filename=attachment.filename)
    return HttpResponse(
        attachment.content, content_type=attachment.content_type, headers={"Content-Disposition": disposition}
    )


def _read_filters(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("business", "").strip(), request.GET.get("to", "").strip()


def _get_portal_names() -> dict[str, str]:
    """Return the name of each current portal by its slug."""
    current = PortalHostname.objects.filter(is_current=True, slug__isnull=False).order_by("business__name")
    portals = {slug: name for slug, name in current.values_list("slug", "business__name") if slug}
    # Mails to staff belong to no business.
    return portals | {settings.PLATFORM_HOST: "Portico"}


def _add_portal_names(messages: list[sent_messages.SentMessage]) -> list[tuple[sent_messages.SentMessage, str]]:
    names = _get_portal_names()
    return [(message, names.get(message.business, message.business)) for message in messages]


def _list_recent_recipients(messages: list[sent_messages.SentMessage], business: str) -> list[str]:
    """Return the last recipients, the latest first, each once."""
    return list(dict.fromkeys(message.to for message in messages if business in ("", message.business)))[:12]
