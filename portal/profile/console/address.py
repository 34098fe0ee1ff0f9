"""How does a member of staff change the portal's address, show it and hand it on?"""

import io

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.profile import address
from tenants import hostnames
from tenants.hostnames import SlugRejected
from tenants.staff.decorators import membership_required

FORM = "console/portal/address.html"


@membership_required("portal.edit", methods=("GET", "POST"))
def edit(request: HttpRequest) -> HttpResponse:
    """Give the portal another address."""
    if request.method != "POST":
        return _form(request, request.slug)
    slug = request.POST.get("slug", "").strip()
    facts = {"seen": request.POST.get("seen", ""), "slug": slug, "staff": request.staff, "now": timezone.now()}
    try:
        moved_to = address.move(business=request.business, **facts)
    except SlugRejected as refusal:
        return _form(request, slug, refusal=str(refusal), status=422)
    except address.Overtaken as overtaken:
        messages.warning(request, _("A colleague changed the address meanwhile. Here is what it is now."))
        return redirect("console:portal", business=overtaken.slug)
    if moved_to != request.slug:
        messages.success(request, _("Changed. The former address leads here for ever."))
    return redirect("console:portal", business=moved_to)


@membership_required("portal.edit")
def check(request: HttpRequest) -> HttpResponse:
    """Say, while it is typed, whether an address can be had."""
    slug = request.GET.get("slug", "").strip()
    context = {"slug": slug, "host": hostnames.portal_host_for(slug), "is_same": slug == request.slug}
    try:
        hostnames.validate_slug_available(business=request.business, slug=slug)
    except SlugRejected as refusal:
        context["refusal"] = str(refusal)
    return render(request, "console/portal/_check.html", context)


@membership_required("portal.view")
def qr_svg(request: HttpRequest) -> HttpResponse:
    """Draw the portal's address as a QR code that stays sharp at any size."""
    return _picture(request, "svg", "image/svg+xml", scale=8, border=4, svgclass=None, lineclass=None)


@membership_required("portal.view")
def qr_png(request: HttpRequest) -> HttpResponse:
    """Draw the portal's address as a QR code for programs that take no SVG."""
    return _picture(request, "png", "image/png", scale=16, border=4)


def _form(request: HttpRequest, slug: str, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {"typed": slug, "refusal": refusal, "domain": f".{settings.PORTAL_DOMAIN}{settings.PUBLIC_PORT}"}
    return render(request, FORM, context, status=status)


def _picture(request: HttpRequest, kind: str, media_type: str, **how: object) -> HttpResponse:
    file = io.BytesIO()
    segno.make(hostnames.absolute_url(hostnames.portal_host_for(request.slug)), error="m").save(file, kind=kind, **how)
    response = HttpResponse(file.getvalue(), content_type=media_type)
    if "save" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{request.slug}.{kind}"'
    return response
