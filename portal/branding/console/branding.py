"""Console pages to change the portal's appearance, texts and logo."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.branding.console.forms import BrandingForm
from portal.branding.logos import InvalidLogo
from portal.branding.models import Logo, PortalSettings
from portal.branding.portal_settings_changes import change_settings, set_logo
from portal.branding.services import get_portal_settings
from portal.branding.setting_rules import is_hex_colour
from portal.ui import palettes
from portal.ui.formatting import format_megabytes
from tenants import database_clock
from tenants.body_limits import limit_upload_size
from tenants.limits import LOGO_BYTES
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("portal.edit", methods=("GET", "POST"))
def edit_branding(request: StaffRequest) -> HttpResponse:
    """Show or save the form for name, colour, welcome text, contact details, languages and visible sections."""
    portal_settings = get_portal_settings()
    form = BrandingForm.from_portal_settings(request.business, portal_settings, request.POST or None)
    if not form.is_valid():
        return _render_form(request, form, portal_settings)
    values, now = form.cleaned_settings, database_clock.now()
    if change_settings(business=request.business, staff=request.staff, now=now, **values):
        messages.success(request, _("Saved. Your portal is updated."))
    return redirect("console:portal-branding", business=request.slug)


@membership_required("portal.edit")
def check_contrast(request: StaffRequest) -> HttpResponse:
    """Show the shades derived from a colour and its contrast, while it is being chosen."""
    return render(
        request, "console/branding/_contrast.html", _build_palette_context(request.GET.get("colour", "").lower())
    )


@limit_upload_size(LOGO_BYTES)
@membership_required("portal.edit", methods=("POST",))
def change_logo(request: StaffRequest) -> HttpResponse:
    """Store an uploaded picture as the logo, or remove the logo."""
    try:
        upload = None if "remove" in request.POST else _read_uploaded_logo(request)
        set_logo(business=request.business, upload=upload, staff=request.staff, now=database_clock.now())
    except InvalidLogo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved. Your portal is updated."))
    return redirect("console:portal-branding", business=request.slug)


@membership_required("portal.view")
def serve_logo(request: StaffRequest) -> HttpResponse:
    """Return the image of the logo that the portal shows."""
    stored = Logo.objects.filter(pk=1).first()
    if stored is None:
        raise Http404
    return HttpResponse(bytes(stored.image), content_type=stored.media_type)


def _read_uploaded_logo(request: StaffRequest) -> bytes:
    """Return the uploaded picture. Raises InvalidLogo if there is none."""
    file = request.FILES.get("logo")
    if file is None:
        raise InvalidLogo(_("Choose an image first."))
    # One byte beyond the limit is enough to refuse the file.
    return file.read(LOGO_BYTES + 1)


def _render_form(request: StaffRequest, form: BrandingForm, portal_settings: PortalSettings) -> HttpResponse:
    entered = str(form["colour"].value() or "").lower()
    context = {"form": form, "portal_settings": portal_settings, "logo_size": format_megabytes(LOGO_BYTES)}
    context |= _build_palette_context(entered if is_hex_colour(entered) else portal_settings.colour)
    return render(request, "console/branding/branding.html", context, status=422 if form.is_bound else 200)


def _build_palette_context(brand: str) -> dict[str, object]:
    """Return a colour's palette and its contrast to white; an empty palette for what is not a colour.

    WCAG asks for a contrast of 3 where a colour has to be told from its background.
    """
    if not is_hex_colour(brand):
        return {"palette": None}
    contrast = palettes.compute_contrast_ratio(brand, palettes.WHITE)
    return {"palette": palettes.build_palette(brand), "contrast": round(contrast, 1), "is_faint": contrast < 3}
