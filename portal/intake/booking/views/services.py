"""The page on which a visitor chooses a service."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from portal.access.request_types import SessionRequest
from portal.intake.booking.places import BookingPlace
from portal.intake.booking.views.visits import BookingVisit, build_visit


@require_safe
def list_services(request: SessionRequest, place: BookingPlace) -> HttpResponse:
    """List what can be booked; where it is one service only, go straight to its times."""
    visit = build_visit(request, place)
    services = visit.list_services()
    if len(services) == 1:
        return redirect(place.build_url("times", services[0].pk))
    return visit.render("services", services=services, status=200 if services else 404)


def render_missing_service(visit: BookingVisit, *, status: int = 404) -> HttpResponse:
    """Say that a service can't be booked, and list those that can."""
    return visit.render("services", services=visit.list_services(), is_missing=True, status=status)
