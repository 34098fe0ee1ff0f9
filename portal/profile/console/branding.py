"""How does a member of staff change what the portal looks like?"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity.event_types import EventType
from portal.profile.branding import change, change_logo
from portal.profile.console.forms import BrandingForm, is_colour
from portal.profile.logos import MOST_BYTES, LogoRefused
from portal.profile.models import Logo
from portal.ui import colour
from tenants.body_limits import allow_uploads
from tenants.staff.decorators import membership_required


@membership_required("portal.edit", methods=("GET", "POST"))
def branding(request: HttpRequest) -> HttpResponse:
    """Change name, colour, words, contact details, languages and sections."""
    form = BrandingForm.of(request.business, request.profile, request.POST or None)
    if not form.is_valid():
        return _page(request, form)
    facts = {"event_type": EventType.BRANDING_CHANGED, "staff": request.staff, "now": timezone.now()}
    if change(business=request.business, **facts, **form.choices):
        messages.success(request, _("Saved. Your portal shows it already."))
    return redirect("console:portal-branding", business=request.slug)


@membership_required("portal.edit")
def contrast(request: HttpRequest) -> HttpResponse:
    """Say what becomes of a colour, while it is chosen: what stands on it, and whether it can be read."""
    return render(request, "console/portal/_contrast.html", _shades(request.GET.get("colour", "").lower()))


@allow_uploads(MOST_BYTES)
@membership_required("portal.edit", methods=("POST",))
def logo(request: HttpRequest) -> HttpResponse:
    """Take a picture as the logo, or have none."""
    facts = {"business": request.business, "staff": request.staff, "now": timezone.now()}
    file = request.FILES.get("logo")
    try:
        if "remove" in request.POST:
            change_logo(upload=None, **facts)
        elif file is None:
            raise LogoRefused(_("Choose a picture first."))
        else:
            # One byte more than it may have is enough to refuse it.
            change_logo(upload=file.read(MOST_BYTES + 1), **facts)
    except LogoRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved. Your portal shows it already."))
    return redirect("console:portal-branding", business=request.slug)


@membership_required("portal.view")
def picture(request: HttpRequest) -> HttpResponse:
    """Give the logo as the portal shows it."""
    kept = Logo.objects.filter(pk=1).first()
    if kept is None:
        raise Http404
    return HttpResponse(bytes(kept.image), content_type=kept.media_type)


def _page(request: HttpRequest, form: BrandingForm) -> HttpResponse:
    chosen = str(form["colour"].value() or "").lower()
    context = {"form": form} | _shades(chosen if is_colour(chosen) else request.profile.colour)
    return render(request, "console/portal/branding.html", context, status=422 if form.is_bound else 200)


def _shades(brand: str) -> dict[str, object]:
    """Return the palette of a colour and how well it can be told from white paper; nothing for what is no colour."""
    if not is_colour(brand):
        return {"palette": None}
    contrast = colour.contrast_ratio(brand, colour.WHITE)
    return {"palette": colour.build_palette(brand), "contrast": round(contrast, 1), "is_faint": contrast < 3}
