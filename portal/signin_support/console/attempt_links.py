"""The page on which staff get a link that starts a sign-in attempt in a client's browser."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.access.services import get_contact_identifier
from portal.access.services.attempt_links import InvalidAttemptLink, build_attempt_link_url, create_attempt_link
from portal.branding import services as branding
from portal.clients.models import Client
from portal.signin_support.client_lookup import find_eligible_contact
from portal.ui.input_cleaning import parse_uuid
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("support.send", methods=("POST",))
def create_link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Create a link for one address of a client, and show it this once."""
    client = get_object_or_404(Client.objects.exclude_unlisted(), pk=pk)
    contact = find_eligible_contact(
        client, parse_uuid(request.POST.get("contact", "")), portal_settings=branding.get_portal_settings()
    )
    try:
        if contact is None:
            raise InvalidAttemptLink
        signed_link, expires_at = create_attempt_link(
            business=request.business, client=client, contact=contact, staff=request.staff, now=database_clock.now()
        )
    except InvalidAttemptLink:
        messages.error(request, _("This client can’t sign in with that address."))
        return redirect("console:signin-support-client", business=request.slug, pk=pk)
    context = {
        "client": client,
        "identifier_masked": get_contact_identifier(contact).masked,
        "link_url": build_attempt_link_url(request.slug, signed_link),
        "expires_at": expires_at,
    }
    return render(request, "console/signin_support/attempt_link.html", context)
