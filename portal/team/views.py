"""How does somebody take up an invitation?"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.team import services
from tenants.client_ip import client_address
from tenants.context import use_business
from tenants.staff import invitations
from tenants.staff.actor import Staff
from tenants.staff.decorators import staff_login_required
from tenants.staff.invitations import InvalidInvitation


@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link in the mail is about. Looking changes nothing: mail scanners look too."""
    found = invitations.find_by_token(token, now=timezone.now())
    is_theirs = bool(found and request.user.is_authenticated and request.user.email.lower() == found.email.lower())
    context = {"invitation": found, "is_theirs": is_theirs}
    return render(request, "staff/invitation/page.html", context, status=200 if found else 404)


@staff_login_required(methods=("POST",))
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Join the team, as somebody who has just read a code in the mailbox that was invited."""
    now, person = timezone.now(), request.person
    found = get_object_or_404(invitations.open_invitations_for(person.email, now=now), pk=pk)
    ip = client_address(request)
    staff = Staff(person_id=person.pk, name=person.name or person.email, ip=str(ip) if ip else None)
    try:
        with use_business(found.business):
            services.join(invitation=found, person=person, staff=staff, now=now)
    except InvalidInvitation as refusal:
        messages.error(request, str(refusal))
    return redirect("console:select-business")
