"""How do a business's text messages read, what do they cost, and who may put them otherwise?"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.messaging.wordings import placeholders, services
from portal.messaging.wordings.forms import TextForm
from portal.messaging.wordings.kinds import MEANINGS, NAMES
from portal.messaging.wordings.segments import weigh
from portal.ui.language import available_languages
from tenants.hostnames import absolute_url, portal_host_for
from tenants.models import Channel
from tenants.staff.decorators import membership_required

PAGE, PREVIEW = "console/wordings/text.html", "console/wordings/_text_preview.html"


@membership_required("templates.edit", methods=("GET", "POST"))
def text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Show a text as it would arrive and what it costs, and let it be put into other words."""
    _known(kind, language)
    form = TextForm(request.POST or None, kind=kind, initial={"body": _words(kind, language)})
    if form.is_valid() and "look" not in request.POST:
        facts = {"kind": kind, "language": language, "staff": request.staff, "now": timezone.now()}
        services.change(**facts, channel=Channel.SMS, body=form.cleaned_data["body"])
        messages.success(request, _("Saved. From now on this text message says it in your words."))
        return redirect("console:wording-text", business=request.slug, kind=kind, language=language)
    words = form["body"].value() or ""
    context = {"form": form, "kind": kind, "language": language, **_seen(request, kind, words)}
    context |= {"name": NAMES[kind], "language_name": dict(available_languages(request)).get(language, language)}
    context["placeholders"] = [(f"{{{name}}}", MEANINGS[name]) for name in placeholders.OFFERED[kind]]
    context["is_own"] = services.own(kind, language, Channel.SMS) is not None
    status = 422 if form.errors and not request.htmx else 200
    return render(request, PREVIEW if request.htmx else PAGE, context, status=status)


@membership_required("templates.edit", methods=("POST",))
def reset(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Go back to the standard words."""
    _known(kind, language)
    services.reset(kind=kind, language=language, channel=Channel.SMS, staff=request.staff, now=timezone.now())
    messages.success(request, _("This text message has its standard wording again."))
    return redirect("console:wording-text", business=request.slug, kind=kind, language=language)


def _seen(request: HttpRequest, kind: str, words: str) -> dict[str, object]:
    """Return a text as it would arrive, filled with made-up facts, and what it costs."""
    context = {
        **services.SAMPLE,
        "business": request.business,
        "portal_url": absolute_url(portal_host_for(request.slug)),
        "sent_at": timezone.now(),
    }
    arrives = placeholders.fill(words.replace("\r\n", "\n").strip(), context, kind=kind)
    return {"arrives": arrives, "weight": weigh(arrives)}


def _words(kind: str, language: str) -> str:
    own = services.own(kind, language, Channel.SMS)
    return own.body if own else services.standard_text(kind, language, now=timezone.now())


def _known(kind: str, language: str) -> None:
    if kind not in services.TEXTS or language not in services.LANGUAGES:
        raise Http404
