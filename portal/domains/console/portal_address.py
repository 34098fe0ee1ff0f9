"""Console pages to change the portal's address and to download its QR code."""

import io

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.domains import services as domains
from tenants import database_clock, hostnames
from tenants.hostnames import SlugRejected
from tenants.slug_limits import find_new_slug_refusal
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

FORM_TEMPLATE = "console/domains/address.html"


@membership_required("portal.edit", methods=("GET", "POST"))
def edit_portal_address(request: StaffRequest) -> HttpResponse:
    """Show the form for another address, or save it."""
    if request.method != "POST":
        return _render_form(request, request.slug)
    slug = request.POST.get("slug", "").strip()
    expected_slug = request.POST.get("expected_slug", "")
    try:
        new_slug = domains.change_slug(
            business=request.business,
            expected_slug=expected_slug,
            slug=slug,
            staff=request.staff,
            now=database_clock.now(),
        )
    except SlugRejected as error:
        return _render_form(request, slug, error=str(error), status=422)
    except domains.SlugChanged as changed:
        messages.warning(request, _("A colleague has changed the address. This is the current one."))
        return redirect("console:portal", business=changed.slug)
    if new_slug != request.slug:
        messages.success(request, _("Changed. The previous address redirects here permanently."))
    return redirect("console:portal", business=new_slug)


@membership_required("portal.edit")
def check_portal_address(request: StaffRequest) -> HttpResponse:
    """Say whether an address is available, while it is being typed."""
    slug = request.GET.get("slug", "").strip()
    context = {"slug": slug, "host": hostnames.build_portal_host(slug), "is_same": slug == request.slug}
    try:
        hostnames.validate_slug_available(business=request.business, slug=slug, now=database_clock.now())
    except SlugRejected as error:
        context["error"] = str(error)
    return render(request, "console/domains/_address_check.html", context)


@membership_required("portal.view")
def download_qr_svg(request: StaffRequest) -> HttpResponse:
    """Return the portal's address as a QR code in SVG, which is sharp at any size."""
    return _build_qr_response(request, "svg", "image/svg+xml", scale=8, border=4, svgclass=None, lineclass=None)


@membership_required("portal.view")
def download_qr_png(request: StaffRequest) -> HttpResponse:
    """Return the portal's address as a QR code in PNG, for programs that can't open SVG."""
    return _build_qr_response(request, "png", "image/png", scale=16, border=4)


def _render_form(request: StaffRequest, slug: str, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "entered_slug": slug,
        "error": error,
        "domain": f".{settings.PORTAL_DOMAIN}{settings.PUBLIC_PORT}",
        "refusal": find_new_slug_refusal(request.business, now=database_clock.now()),
        "former_slugs": hostnames.list_former_slugs(request.business),
    }
    return render(request, FORM_TEMPLATE, context, status=status)


def _build_qr_response(request: StaffRequest, kind: str, media_type: str, **options: object) -> HttpResponse:
    file = io.BytesIO()
    segno.make(hostnames.build_absolute_url(hostnames.build_portal_host(request.slug)), error="m").save(
        file, kind=kind, **options
    )
    response = HttpResponse(file.getvalue(), content_type=media_type)
    if "save" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{request.slug}.{kind}"'
    return response
