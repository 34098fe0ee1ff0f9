"""Which business does this person want to work at?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tenants.staff import factors
from tenants.staff.door import person_page
from tenants.staff.invitations import open_for
from tenants.staff.places import memberships_of


@person_page()
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to what was wanted, or straight in where there is one business; let people choose among several, help where there is none."""
    if (wanted := factors.take_wanted(request)) and wanted != request.path:
        return redirect(wanted)
    places = list(memberships_of(request.person.pk))
    invited = list(open_for(request.person.email, now=timezone.now()))
    if len(places) == 1 and not invited:
        return redirect("console:home", business=places[0].slug)
    return render(request, "staff/choose.html", {"places": places, "invitations": invited})
