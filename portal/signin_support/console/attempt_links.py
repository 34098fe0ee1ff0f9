"""The page on which staff get a link that starts a sign-in attempt in a client's browser."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.access.services import get_contact_identifier
from portal.access.services.attempt_links import InvalidAttemptLink, create_attempt_link
from portal.branding import services as branding
from portal.clients.models import Client, Contact
from portal.signin_support.client_lookup import SignInEligibility, check_sign_in_eligibility
from tenants import database_clock, hostnames
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("support.send", methods=("POST",))
def create_link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Create a link for one address of a client, and show it this once."""
    client = get_object_or_404(Client.objects.exclude_unlisted(), pk=pk)
    contact = _find_contact(client, request.POST.get("contact", ""))
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
        "link_url": _build_link_url(request.slug, signed_link),
        "expires_at": expires_at,
    }
    return render(request, "console/signin_support/attempt_link.html", context)


def _find_contact(client: Client, contact_id: str) -> Contact | None:
    """Return the contact of a client with this id, if codes can be sent to it."""
    portal_settings = branding.get_portal_settings()
    for contact in client.contacts.all():
        contact.client = client
        eligibility = check_sign_in_eligibility(contact, portal_settings)
        if str(contact.pk) == contact_id and eligibility == SignInEligibility.ELIGIBLE:
            return contact
    return None


def _build_link_url(slug: str, signed_link: str) -> str:
    query = urlencode({"link": signed_link})
    return hostnames.build_absolute_url(hostnames.build_portal_host(slug), f"/sign-in/start/?{query}")
