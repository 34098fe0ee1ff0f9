"""The search source for appointments, by the name of the client or of the service."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from portal.scheduling.models import Appointment
from portal.ui.formatting import exact_datetime
from portal.ui.text_folding import fold_text
from tenants.nouns.search_types import RESULTS_PER_SOURCE, SearchParams, SearchResult

# One letter fits nearly everybody.
MIN_QUERY_LENGTH = 2
# Appointments of the past are found for so long; older ones are on the client's card.
PAST = timedelta(days=30)


def find_appointments(search: SearchParams) -> list[SearchResult]:
    """Return a few matching appointments: those to come first, by start, and then those of the last weeks."""
    text = fold_text(search.text)
    if len(text) < MIN_QUERY_LENGTH:
        return []
    matches = Q(client__search__contains=text) | Q(contact_name__icontains=search.text)
    matches |= Q(service__name__icontains=search.text)
    found = Appointment.objects.exclude_demo().booked().filter(matches).select_related("client", "service")
    coming = list(found.coming(search.now).order_by("starts_at", "pk")[:RESULTS_PER_SOURCE])
    recent = found.filter(starts_at__gt=search.now - PAST, starts_at__lte=search.now).exclude(
        pk__in=[each.pk for each in coming]
    )
    rest = recent.order_by("-starts_at", "-pk")[: RESULTS_PER_SOURCE - len(coming)]
    return [_build_result(appointment, search) for appointment in (*coming, *rest)]


def _build_result(appointment: Appointment, search: SearchParams) -> SearchResult:
    kwargs = {"business": search.http_request.slug, "pk": appointment.pk}
    details = (appointment.service.name, exact_datetime(appointment.starts_at), appointment.get_state_display())
    return SearchResult(
        appointment.client_name, reverse("console:appointment", kwargs=kwargs), "calendar", " · ".join(details)
    )
