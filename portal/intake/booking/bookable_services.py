"""The services that a visitor can book."""

from django.conf import settings
from django.core.cache import cache

from portal.scheduling.models import SchedulingSettings, Service
from portal.scheduling.services import get_scheduling_settings, query_services_with_needs
from tenants.models import Business


def list_bookable_services(rules: SchedulingSettings, *, is_client: bool) -> list[Service]:
    """Return the services that a visitor can book, in order; one that nobody gives has no times."""
    if not rules.is_on:
        return []
    bookable = Service.objects.bookable_by(is_client=is_client)
    found = query_services_with_needs().filter(pk__in=bookable.values("pk")).order_by("position", "name", "pk")
    return [service for service in found if service.calendar_ids]


def has_public_booking(business: Business) -> bool:
    """Return whether anybody can book something; a change shows within HOST_CACHE_SECONDS."""
    return has_bookable_service(business, is_client=False)


def has_client_booking(business: Business) -> bool:
    """Return whether clients who have signed in can book something; a change shows within HOST_CACHE_SECONDS."""
    return has_bookable_service(business, is_client=True)


def has_bookable_service(business: Business, *, is_client: bool) -> bool:
    """Return whether clients, or anybody, can book something; a change shows within HOST_CACHE_SECONDS.

    It is cached because the sign-in page needs it too, to know whether to link to the booking page.
    """
    return get_scheduling_settings(business).is_on and bool(
        cache.get_or_set(
            f"bookable-services/{business.pk}/{is_client}",
            lambda: Service.objects.bookable_by(is_client=is_client).filter(calendars__is_active=True).exists(),
            settings.HOST_CACHE_SECONDS,
        )
    )
