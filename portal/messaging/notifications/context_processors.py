"""The template context processor that counts unread notifications for the console's header."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.messaging.models import Notification
from tenants.staff.request_types import is_staff_request

# The header shows "99+" for more.
MAX_COUNT = 99


def unread_notifications(request: HttpRequest) -> dict[str, Any]:
    """Return the number of the staff member's unread notifications, counted lazily and only up to `MAX_COUNT` + 1."""
    if not is_staff_request(request):
        return {}
    unread = Notification.objects.filter(person_id=request.person.pk, read_at=None)
    return {"unread_notifications": SimpleLazyObject(lambda: unread[: MAX_COUNT + 1].count())}
