"""How does a business call the platform's support, and what is waiting there?"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When

from tenants.models import Business, Ticket

# Within this time a second call about the same client is the first one again.
SAME_CALL = timedelta(hours=1)


def hold(business: Business) -> None:
    """Let a business's calls in one by one until the transaction ends: who presses twice at once is to call once."""
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)


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


def of_business(business: Business) -> QuerySet[Ticket]:
    """Return everything a business asked, what is open first, then the newest."""
    own = Ticket.objects.filter(business=business).select_related("opened_by")
    return own.order_by(Case(When(state=Ticket.State.OPEN, then=0), default=1), "-opened_at", "pk")


def answer(*, ticket: Ticket, text: str, now: datetime) -> bool:
    """Write support's answer, in place of an earlier one; False for a ticket that is closed."""
    still_open = Ticket.objects.filter(pk=ticket.pk, state=Ticket.State.OPEN)
    return bool(still_open.update(answer=text, answered_at=now))


def close(*, ticket: Ticket, ending: Ticket.Ending, now: datetime) -> bool:
    """Close a ticket, once; False when somebody else has."""
    still_open = Ticket.objects.filter(pk=ticket.pk, state=Ticket.State.OPEN)
    return bool(still_open.update(state=Ticket.State.CLOSED, ending=ending, closed_at=now))


def waiting() -> QuerySet[Ticket]:
    """Return the open tickets of every business, the oldest first."""
    return Ticket.objects.filter(state=Ticket.State.OPEN).select_related("business", "opened_by").order_by("opened_at")
