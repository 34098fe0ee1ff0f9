"""The page on which a person selects the business to work at."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from tenants import database_clock
from tenants.staff import mfa
from tenants.staff.decorators import staff_login_required
from tenants.staff.invitations import query_invitations_to
from tenants.staff.memberships import list_memberships
from tenants.staff.request_types import PersonRequest


@staff_login_required()
def select_business(request: PersonRequest) -> HttpResponse:
    """Redirect to the requested page, or to the only business; otherwise list the businesses and invitations."""
    if (next_url := mfa.pop_next_url(request)) and next_url != request.path:
        return redirect(next_url)
    memberships = list(list_memberships(request.person.pk))
    invitations = list(query_invitations_to(request.person.email, now=database_clock.now()))
    if len(memberships) == 1 and not invitations:
        return redirect("console:home", business=memberships[0].slug)
    return render(request, "staff/select_business.html", {"memberships": memberships, "invitations": invitations})
