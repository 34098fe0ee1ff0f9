"""What does every portal have, whatever the business offers: a home, its colours, its logo, its languages?"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.profile.models import Logo
from portal.ui.colour import EDITION, palette
from portal.ui.language import COOKIE, offered
from portal.ui.pages import client_page
from portal.ui.sections import sections_for

A_YEAR = 31_536_000
KEEP = f"public, max-age={A_YEAR}, immutable"
ASK_AGAIN = "no-cache"


@require_safe
@client_page
def home(request: HttpRequest) -> HttpResponse:
    """Greet the client and show everything the business offers here."""
    now = timezone.now()
    sections = sections_for(client=request.client, profile=request.profile, now=now)
    return render(request, "portal/home.html", {"sections": sections, "hour": timezone.localtime(now).hour})


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """Give the business's colours as CSS variables, to be kept for as long as they stay what they are."""
    colour = request.profile.colour
    response = render(request, "portal/theme.css", {"palette": palette(colour)}, content_type="text/css")
    is_current = request.GET.get("v") == f"{colour[1:]}-{EDITION}"
    response["Cache-Control"] = KEEP if is_current else ASK_AGAIN
    return response


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """Give the business's logo as we re-encoded it."""
    picture = Logo.objects.filter(pk=1).first()
    if picture is None:
        raise Http404
    response = HttpResponse(bytes(picture.image), content_type=picture.media_type)
    is_current = request.GET.get("v") == request.profile.logo_digest
    response["Cache-Control"] = KEEP if is_current else ASK_AGAIN
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language a person chose in this browser, and go back to where they were."""
    where = request.POST.get("next", "/")
    # Not `redirect()`, which takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(where if url_has_allowed_host_and_scheme(where, allowed_hosts=None) else "/")
    code = request.POST.get("language", "")
    if code in dict(offered(request)):
        response.set_cookie(COOKIE, code, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response
