"""How do a business's mails read, and who may put them otherwise?"""

from collections.abc import Sequence
from typing import Any

from csp.decorators import csp, csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from portal.messaging import rendering
from portal.messaging.models import Kind, Message, OwnWording
from portal.messaging.wordings import placeholders, services
from portal.messaging.wordings.forms import WordingForm
from portal.messaging.wordings.kinds import MEANINGS, NAMES
from portal.profile import services as profiles
from portal.ui.language import available_languages
from tenants.hostnames import absolute_url, portal_host_for
from tenants.models import Channel
from tenants.staff.decorators import membership_required

# A mail brings its own styles and nothing else, in a frame that can do nothing at all.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [],
}


@membership_required("messages.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List the mails and texts that clients get, each in every language of the business."""
    own = {(wording.kind, wording.language, wording.channel) for wording in OwnWording.objects.all()}

    def rows(kinds: Sequence[str], channel: str) -> list[tuple]:
        spoken = available_languages(request)
        return [
            (kind, NAMES[kind], [(code, name, (kind, code, channel) in own) for code, name in spoken]) for kind in kinds
        ]

    context = {"mails": rows(services.EDITABLE, Channel.EMAIL), "texts": rows(services.TEXTS, Channel.SMS)}
    return render(request, "console/wordings/listing.html", context)


@csp_update({"frame-src": ["'self'"]})
@membership_required("templates.edit", methods=("GET", "POST"))
def wording(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Show a mail as it would arrive, and let it be put into other words."""
    _known(kind, language)
    form = WordingForm(request.POST or None, kind=kind, initial=_words(kind, language))
    if form.is_valid():
        facts = {"kind": kind, "language": language, "staff": request.staff, "now": timezone.now()}
        services.change(**facts, **form.cleaned_data)
        messages.success(request, _("Saved. From now on this mail says it in your words."))
        return _back(request, kind, language)
    return _page(request, kind, language, form)


@membership_required("templates.edit", methods=("POST",))
def reset(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Go back to the standard words."""
    _known(kind, language)
    services.reset(kind=kind, language=language, staff=request.staff, now=timezone.now())
    messages.success(request, _("This mail has its standard wording again."))
    return _back(request, kind, language)


@membership_required("templates.edit", methods=("POST",))
def sample(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Send the mail to whoever asks, as it is saved."""
    _known(kind, language)
    services.send_sample(kind=kind, language=language, to=request.person.email, now=timezone.now())
    messages.success(request, _("A sample is on its way to %(address)s.") % {"address": request.person.email})
    return _back(request, kind, language)


@xframe_options_sameorigin
@csp(MAIL_POLICY)
@membership_required("templates.edit", methods=("GET", "POST"))
def preview(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Give the mail as HTML: as it is saved or, for words being written, as they would look."""
    _known(kind, language)
    own = services.own(kind, language)
    if request.method == "POST":
        form = WordingForm(request.POST, kind=kind)
        if not form.is_valid():
            return render(request, "console/wordings/unreadable.html", {"form": form}, status=422)
        own = OwnWording(kind=kind, language=language, **form.cleaned_data)
    return HttpResponse(_rendered(request, kind, language, own))


def _rendered(request: HttpRequest, kind: str, language: str, own: OwnWording | None) -> str:
    host = portal_host_for(request.slug)
    context = {
        **services.SAMPLE,
        "business": request.business,
        "profile": profiles.current(),
        "host": host,
        "portal_url": absolute_url(host),
        "sent_at": timezone.now(),
    }
    message = Message(kind=kind, channel=Channel.EMAIL, language=language)
    return rendering.render(message, context, language=language, own=own).html


def _page(request: HttpRequest, kind: str, language: str, form: WordingForm) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "language": language,
        "name": NAMES[kind],
        "language_name": dict(available_languages(request)).get(language, language),
        "placeholders": [(f"{{{name}}}", MEANINGS[name]) for name in placeholders.OFFERED[kind]],
        "is_own": services.own(kind, language) is not None,
    }
    return render(request, "console/wordings/wording.html", context, status=422 if form.is_bound else 200)


def _words(kind: str, language: str) -> dict[str, str]:
    own = services.own(kind, language)
    return {"subject": own.subject, "body": own.body} if own else services.standard(kind, language, now=timezone.now())


def _known(kind: str, language: str) -> None:
    if kind not in services.EDITABLE or Kind(kind) not in NAMES or language not in services.LANGUAGES:
        raise Http404


def _back(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    return redirect("console:wording", business=request.slug, kind=kind, language=language)
