"""How many notices wait for whoever looks at this page of the console?"""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.messaging.models import Notice

MOST = 99


def bell(request: HttpRequest) -> dict[str, Any]:
    """Give templates of the console the number of unread notices, counted when it is shown and no further than needed."""
    if getattr(request, "membership", None) is None:
        return {}
    unread = Notice.objects.filter(person_id=request.membership.person_id, read_at=None)  # type: ignore[attr-defined]
    return {"unread": SimpleLazyObject(lambda: unread[: MOST + 1].count())}
