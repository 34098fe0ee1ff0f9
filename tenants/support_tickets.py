"""Opens, lists, answers and closes support tickets."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When

from tenants.models import Business, SupportTicket, TicketResolution, TicketState
from tenants.sliding_windows import RateLimitExceeded

# A second ticket about the same client within this time is not created: the first one is returned.
DUPLICATE_WINDOW = timedelta(hours=1)
# How many tickets a business opens in a day, so that none hides those of others from support.
MAX_TICKETS_PER_DAY = 50


def open_ticket(
    *,
    business: Business,
    person_id: UUID,
    subject: str,
    client_id: UUID | None,
    snapshot: dict[str, Any],
    now: datetime,
) -> tuple[SupportTicket, bool]:
    """Open a ticket, or find the recent one about the same client. `snapshot` must hold neither addresses nor codes.

    Returns the ticket and whether it is new. Raises RateLimitExceeded. Call it after `lock_business`.
    """
    same = SupportTicket.objects.filter(business=business, client_id=client_id, opened_at__gt=now - DUPLICATE_WINDOW)
    if client_id and (earlier := same.filter(state=TicketState.OPEN).order_by("-opened_at").first()):
        return earlier, False
    _check_ticket_limit(business, now=now)
    fields: dict[str, Any] = {"opened_by_id": person_id, "client_id": client_id, "snapshot": snapshot}
    return SupportTicket.objects.create(business=business, subject=subject, opened_at=now, **fields), True


def get_latest_ticket(*, business: Business, client_id: UUID) -> SupportTicket | None:
    """Return a business's newest ticket about one client."""
    return SupportTicket.objects.filter(business=business, client_id=client_id).order_by("-opened_at").first()


def list_business_tickets(business: Business) -> QuerySet[SupportTicket]:
    """Return a business's tickets, open ones first, then the newest."""
    tickets = SupportTicket.objects.filter(business=business).select_related("opened_by")
    return tickets.order_by(Case(When(state=TicketState.OPEN, then=0), default=1), "-opened_at", "pk")


def save_ticket_answer(*, ticket: SupportTicket, text: str, now: datetime) -> bool:
    """Save support's answer, replacing an earlier one; False if the ticket is closed."""
    still_open = SupportTicket.objects.filter(pk=ticket.pk, state=TicketState.OPEN)
    return bool(still_open.update(answer=text, answered_at=now))


def close_ticket(*, ticket: SupportTicket, resolution: TicketResolution, now: datetime) -> bool:
    """Close a ticket; False if it is closed already."""
    closure = {"state": TicketState.CLOSED, "resolution": resolution, "closed_at": now}
    if not SupportTicket.objects.filter(pk=ticket.pk, state=TicketState.OPEN).update(**closure):
        return False
    for name, value in closure.items():
        setattr(ticket, name, value)
    return True


def list_open_tickets() -> QuerySet[SupportTicket]:
    """Return the open tickets of every business, the oldest first."""
    return (
        SupportTicket.objects.filter(state=TicketState.OPEN)
        .select_related("business", "opened_by")
        .order_by("opened_at")
    )


def _check_ticket_limit(business: Business, *, now: datetime) -> None:
    """Raise RateLimitExceeded if a business has opened as many tickets as it may in a day."""
    day = timedelta(days=1)
    recent = SupportTicket.objects.filter(business=business, opened_at__gt=now - day).order_by("-opened_at")
    for opened_at in recent.values_list("opened_at", flat=True)[MAX_TICKETS_PER_DAY - 1 : MAX_TICKETS_PER_DAY]:
        raise RateLimitExceeded(retry_at=opened_at + day)
