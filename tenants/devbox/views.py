"""What did the demo's people get? Their mails and texts, as they look on a phone."""

from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tenants.devbox import store
from tenants.models import Hostname

SHOWN = 30
# A mail brings its own styles and nothing else: no script, no picture from elsewhere, no form.
MAIL_POLICY = {
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
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the newest messages; with `after`, only those that came since, for the page to put on top."""
    business, to = _wanted(request)
    if "after" in request.GET:
        fresh = store.messages(business=business, to=to, after=request.GET["after"], limit=SHOWN)
        return render(request, "dev/_messages.html", {"letters": _named(fresh)})
    everything = store.messages()
    context = {
        "letters": _named(store.messages(business=business, to=to, limit=SHOWN)),
        "portals": _names(),
        "people": _people(everything, business),
        "wanted": {"business": business, "to": to},
    }
    return render(request, "dev/outbox.html", context)


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """Give the messages, newest first, to whoever would rather read JSON."""
    business, to = _wanted(request)
    return JsonResponse([message.as_record() for message in store.messages(business=business, to=to)], safe=False)


@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its type forgets that views take more than a request
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Give one mail's HTML as it would be shown, locked into a frame that can do nothing."""
    message = store.one(name)
    if message is None or not message.html:
        raise Http404
    return HttpResponse(message.html.replace("<head>", '<head><base target="_blank">', 1))


def _wanted(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("business", "").strip(), request.GET.get("to", "").strip()


def _names() -> dict[str, str]:
    """Return the name behind each portal's slug, for those that exist now."""
    current = Hostname.objects.filter(is_current=True, slug__isnull=False).order_by("business__name")
    portals = {slug: name for slug, name in current.values_list("slug", "business__name") if slug}
    # Codes for staff belong to no business.
    return portals | {settings.PLATFORM_HOST: "Portico"}


def _named(letters: list[store.Message]) -> list[tuple[store.Message, str]]:
    names = _names()
    return [(letter, names.get(letter.business, letter.business)) for letter in letters]


def _people(everything: list[store.Message], business: str) -> list[str]:
    """Return who got something lately, the last one first, each once."""
    return list(dict.fromkeys(message.to for message in everything if business in ("", message.business)))[:12]
