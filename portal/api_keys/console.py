"""Console pages of the API keys of a business."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.api_keys import services
from portal.api_keys.forms import ApiKeyForm, ApiKeyReplacementForm
from portal.api_keys.key_states import describe_api_key
from tenants import database_clock
from tenants.api_keys import NewApiKey
from tenants.hostnames import build_absolute_url
from tenants.models import ApiKey
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("api_keys.manage")
def list_api_keys(request: StaffRequest) -> HttpResponse:
    """List the keys that work, and those that no longer do."""
    now = database_clock.now()
    context = {
        "usable": [describe_api_key(key, now=now) for key in services.query_usable_keys(request.business, now=now)],
        "ended": [describe_api_key(key, now=now) for key in services.query_ended_keys(request.business, now=now)],
    }
    return render(request, "console/api_keys/listing.html", context)


@membership_required("api_keys.manage", methods=("GET", "POST"))
def create_api_key(request: StaffRequest) -> HttpResponse:
    """Make a key and show it, once."""
    form, now = ApiKeyForm(request.POST or None, membership=request.membership), database_clock.now()
    if form.is_valid():
        try:
            new = services.create_api_key(
                membership=request.membership, staff=request.staff, fields=form.build_fields(now), now=now
            )
            return _show_new_key(request, new)
        except services.ApiKeyExists:
            return _redirect_after_repeat(request)
        except services.ApiKeyRefused as error:
            form.add_error(None, _explain_refusal(error))
    return render(request, "console/api_keys/new.html", {"form": form}, status=422 if form.errors else 200)


@membership_required("api_keys.manage", methods=("GET", "POST"))
def replace_api_key(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make a key that takes the place of another, and show it, once."""
    key, form = _get_key(request, pk), ApiKeyReplacementForm(request.POST or None)
    if form.is_valid():
        try:
            new = services.replace_api_key(
                key_id=key.pk,
                new_id=form.cleaned_data["key_id"],
                membership=request.membership,
                staff=request.staff,
                overlap=form.cleaned_data["overlap"],
                now=database_clock.now(),
            )
            return _show_new_key(request, new, replaced=get_object_or_404(ApiKey, pk=key.pk))
        except services.ApiKeyExists:
            return _redirect_after_repeat(request)
        except services.ApiKeyRefused as error:
            form.add_error(None, _explain_refusal(error))
    context = {"form": form, "key": key}
    return render(request, "console/api_keys/replacement.html", context, status=422 if form.errors else 200)


@membership_required("api_keys.manage", methods=("GET", "POST"))
def revoke_api_key(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for confirmation, then end a key at once."""
    key = _get_key(request, pk)
    if request.method != "POST":
        return render(request, "console/api_keys/revocation.html", {"key": key})
    try:
        services.revoke_api_key(key_id=key.pk, business=request.business, staff=request.staff, now=database_clock.now())
        messages.success(request, _("Revoked. The key no longer works."))
    except services.ApiKeyEnded:
        messages.info(request, _("This key was revoked already."))
    return redirect("console:api-keys", business=request.slug)


def _get_key(request: StaffRequest, pk: UUID) -> ApiKey:
    """Return a key of the business that has not been revoked. Raises Http404."""
    key = ApiKey.objects.select_related("membership__person").filter(business=request.business, pk=pk).first()
    if key is None:
        raise Http404
    return key


def _show_new_key(request: StaffRequest, new: NewApiKey, *, replaced: ApiKey | None = None) -> HttpResponse:
    context: dict[str, Any] = {"key": new.key, "text": new.text, "replaced": replaced}
    if "clients:read" in new.key.scopes:
        context["example_url"] = build_absolute_url(settings.PLATFORM_HOST, "/api/v1/business/clients/")
    return render(request, "console/api_keys/created.html", context)


def _redirect_after_repeat(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("This key has been made already, and was shown once. If nobody copied it, replace it."))
    return redirect("console:api-keys", business=request.slug)


def _explain_refusal(error: services.ApiKeyRefused) -> str:
    if isinstance(error, services.ScopeNotAllowed):
        return _("This key may do things that you may not. Somebody who may has to do this.")
    if isinstance(error, services.TooManyApiKeys):
        return _("You have %(number)d keys that work, and there can’t be more. Revoke one that nobody needs.") % {
            "number": services.MAX_KEYS
        }
    return _("This key no longer works, so it can’t be replaced. Create a new one.")
