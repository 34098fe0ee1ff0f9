"""What a visitor does on the booking pages, and a business whose services are booked there."""

import re
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from portal.scheduling import services
from portal.scheduling.models import Appointment, Service
from tenants.context import use_business
from tenants.models import Business
from tests.portal.scheduling.scheduling_rows import create_calendar, create_service

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
TIME = re.compile(r'name="starts_at" value="([^"]+)"')
POLICY = re.compile(r'name="accepts_policy" value="([^"]+)"')
NORA = {"name": "Nora Neu", "email": " Nora@Example.com ", "mobile": ""}


def add_service(business: Business, *names: str, **fields: Any) -> Service:
    """Add a service of an hour that the calendars of these names give from nine to five in Berlin."""
    with use_business(business):
        return create_service(*(create_calendar(name) for name in names or ("Mona",)), **fields)


def read_times(browser: Browser, path: str) -> tuple[str, list[str]]:
    """Open a page with times and return its form's token and the times as it sends them."""
    page = browser.get(path).content.decode()
    token = FORM_TOKEN.search(page)
    return (token[1] if token else "", TIME.findall(page))


def hold_time(browser: Browser, service: Service, *, prefix: str = "/book/", at: int = 0, **fields: str):
    """Open the times of a service, press one of those shown, and return the answer."""
    form_token, times = read_times(browser, f"{prefix}{service.pk}/")
    chosen = {"form_token": form_token, "starts_at": times[at]} | fields
    return browser.post(f"{prefix}{service.pk}/holds/", chosen)


def hold_and_fill_in(browser: Browser, service: Service, advance_clock, *, prefix: str = "/book/", **typed: str):
    """Hold the first time, take ten seconds to fill in the form, send it, and return its address and the answer."""
    path = hold_time(browser, service, prefix=prefix).headers["Location"]
    advance_clock(10)
    return path, browser.post(path, NORA | typed)


def read_policy(page) -> str:
    """Return what the tick box of a page sends when the policy beside it is accepted."""
    return POLICY.search(page.content.decode())[1]


def match_appointments(business: Business) -> None:
    """Match every pending appointment of a business, as a worker does."""
    with use_business(business):
        for pk in Appointment.objects.awaiting_match().values_list("pk", flat=True):
            services.match_appointment(appointment_id=pk, now=timezone.now())


def list_appointments(business: Business) -> list[Appointment]:
    """Return the appointments of a business, holds included."""
    with use_business(business):
        return list(Appointment.objects.select_related("client", "service").order_by("created_at"))
