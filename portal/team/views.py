"""Pages on which an invited person opens and accepts an invitation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.team import services
from tenants import database_clock
from tenants.client_ip import get_client_ip
from tenants.context import use_business
from tenants.staff import invitations
from tenants.staff.decorators import staff_login_required
from tenants.staff.invitations import InvalidInvitation
from tenants.staff.people import is_same_address
from tenants.staff.request_types import PersonRequest
from tenants.staff.staff_actor import StaffActor


@require_safe
def show_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation behind the link in the mail. It changes nothing, since mail scanners open links too."""
    invitation = invitations.find_invitation_by_token(token, now=database_clock.now())
    user = request.user
    is_theirs = bool(invitation and user.is_authenticated and is_same_address(user.email, invitation.email))
    context = {"invitation": invitation, "is_theirs": is_theirs}
    return render(request, "staff/invitation/page.html", context, status=200 if invitation else 404)


@staff_login_required(methods=("POST",))
def accept_invitation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Join the team. The person has signed in by a code sent to the invited address."""
    now, person = database_clock.now(), request.person
    invitation = get_object_or_404(invitations.query_invitations_to(person.email, now=now), pk=pk)
    ip = get_client_ip(request)
    staff = StaffActor(person_id=person.pk, name=person.name or person.email, ip=str(ip) if ip else None)
    try:
        with use_business(invitation.business):
            services.accept_invitation(invitation=invitation, person=person, staff=staff, now=now)
    except InvalidInvitation as error:
        messages.error(request, str(error))
    return redirect("console:select-business")
