"""How does a business call the platform's support, and what is waiting there?"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tenants.models import Business, Ticket

# Within this time a second call about the same client is the first one again.
SAME_CALL = timedelta(hours=1)


def open_ticket(
    *, business: Business, person_id: UUID, subject: str, about_id: UUID | None, snapshot: dict[str, Any], now: datetime
) -> tuple[Ticket, bool]:
    """Return the ticket for a call and whether it is new. `snapshot` must name neither addresses nor codes."""
    same = Ticket.objects.filter(business=business, about_id=about_id, opened_at__gt=now - SAME_CALL)
    if about_id and (earlier := same.filter(state=Ticket.State.OPEN).order_by("-opened_at").first()):
        return earlier, False
    facts: dict[str, Any] = {"opened_by_id": person_id, "about_id": about_id, "snapshot": snapshot}
    return Ticket.objects.create(business=business, subject=subject, opened_at=now, **facts), True


def latest_about(*, business: Business, about_id: UUID) -> Ticket | None:
    """Return a business's newest ticket about one client."""
    return Ticket.objects.filter(business=business, about_id=about_id).order_by("-opened_at").first()


def waiting() -> QuerySet[Ticket]:
    """Return the open tickets of every business, the oldest first."""
    return Ticket.objects.filter(state=Ticket.State.OPEN).select_related("business", "opened_by").order_by("opened_at")
