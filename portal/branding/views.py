"""Views of a portal's style sheet and logo, and the choice of language."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.branding.language_selection import LANGUAGE_COOKIE, list_available_languages
from portal.branding.models import Logo
from portal.branding.request_types import BrandedRequest
from portal.ui.palettes import PALETTE_VERSION, build_palette

ONE_YEAR = 31_536_000
IMMUTABLE_CACHE = f"public, max-age={ONE_YEAR}, immutable"
REVALIDATE_CACHE = "no-cache"


@require_safe
def serve_theme(request: BrandedRequest) -> HttpResponse:
    """Return the business's colours as CSS variables, cached for good if the URL has the current version."""
    colour = request.portal_settings.colour
    response = render(request, "portal/branding/theme.css", {"palette": build_palette(colour)}, content_type="text/css")
    is_current = request.GET.get("v") == f"{colour[1:]}-{PALETTE_VERSION}"
    response["Cache-Control"] = IMMUTABLE_CACHE if is_current else REVALIDATE_CACHE
    return response


@require_safe
def serve_logo(request: BrandedRequest) -> HttpResponse:
    """Return the business's logo, cached for good if the URL has the current digest."""
    logo_row = Logo.objects.filter(pk=1).first()
    if logo_row is None:
        raise Http404
    response = HttpResponse(bytes(logo_row.image), content_type=logo_row.media_type)
    is_current = request.GET.get("v") == request.portal_settings.logo_digest
    response["Cache-Control"] = IMMUTABLE_CACHE if is_current else REVALIDATE_CACHE
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Save the chosen language in a cookie, and redirect back to the page."""
    next_url = request.POST.get("next", "/")
    # Not `redirect()`, which takes a text without a slash for the name of a view.
    response = HttpResponseRedirect(next_url if url_has_allowed_host_and_scheme(next_url, allowed_hosts=None) else "/")
    code = request.POST.get("language", "")
    if code in dict(list_available_languages(request)):
        response.set_cookie(
            LANGUAGE_COOKIE, code, max_age=ONE_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return response
