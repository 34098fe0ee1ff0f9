"""Steps of a client who has signed in at Acme in the week before everything happens."""

from html import unescape
from typing import Any

from django.utils.html import strip_tags

from portal.scheduling.models import Appointment
from tenants.context import use_business


def read_page(response: Any) -> str:
    """Return the text of a page, with single spaces between its words."""
    return " ".join(unescape(strip_tags(response.content.decode().replace("<", " <"))).split())


def reload(business: Any, appointment: Appointment) -> Appointment:
    """Return an appointment as it is stored by now."""
    with use_business(business):
        return Appointment.objects.select_related("entry", "service").get(pk=appointment.pk)
