"""How is support asked, told apart, answered and let go? Nobody's address and no code leave the business."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.clients.models import Client
from portal.clients.services import fold
from portal.messaging.models import NoticeKind
from portal.messaging.notices import services as notices
from portal.signin_support.attempts import Attempt
from portal.signin_support.finding import Finding
from portal.signin_support.models import Riddle
from portal.signin_support.sheets import Sheet
from portal.signin_support.snapshots import snapshot_of, snapshot_of_nobody
from tenants import tickets
from tenants.models import Business, Ticket
from tenants.staff.actor import Staff

ANSWERED = gettext_lazy("Answered: the ticket of %(when)s")
CLOSED = gettext_lazy("Closed: the ticket of %(when)s")


class NotYours(Exception):
    """A colleague asked support, so they or support say when that is over."""


@transaction.atomic
def call_support(*, business: Business, sheet: Sheet, staff: Staff, now: datetime) -> tuple[Ticket, bool]:
    """Open a ticket about a client with their timeline attached; return it, and whether it is a new one."""
    with translation.override("en"):
        snapshot, subject = snapshot_of(sheet), _("Code missing: %(what)s") % {"what": sheet.verdict.title}
    tickets.hold(business)
    facts: dict[str, Any] = {"about_id": sheet.client.pk, "snapshot": snapshot, "person_id": staff.person_id}
    ticket, is_new = tickets.open_ticket(business=business, subject=subject[:160], now=now, **facts)
    if is_new:
        about = {"client": sheet.client, "subject_id": ticket.pk}
        activity.record(EventType.TICKET_OPENED, at=now, **about, **activity.actor_fields(staff))
    return ticket, is_new


@transaction.atomic
def ask_about_nobody(
    *, business: Business, finding: Finding, attempts: list[Attempt], staff: Staff, now: datetime
) -> tuple[Ticket, bool]:
    """Open a ticket about what somebody typed whom nobody on file fits; what it was stays at the business."""
    value = finding.identifier.value if finding.identifier else fold(finding.typed)
    tickets.hold(business)
    if same := _same_call(value, now=now):
        return same, False
    with translation.override("en"):
        facts: dict[str, Any] = {"snapshot": snapshot_of_nobody(finding, attempts, now=now), "about_id": None}
        facts["subject"] = _("Nobody on file: somebody typed an address or a name")
    ticket, _is_new = tickets.open_ticket(business=business, person_id=staff.person_id, now=now, **facts)
    Riddle.objects.create(ticket_id=ticket.pk, typed=finding.typed, value=value[:254], created_at=now)
    activity.record(EventType.TICKET_OPENED, at=now, subject_id=ticket.pk, **activity.actor_fields(staff))
    return ticket, True


@transaction.atomic
def close(*, ticket: Ticket, ending: Ticket.Ending, staff: Staff, now: datetime) -> bool:
    """Close a ticket that this member of staff opened; False when it was closed already. Raises NotYours."""
    if ticket.opened_by_id != staff.person_id:
        raise NotYours
    if not tickets.close(ticket=ticket, ending=ending, now=now):
        return False
    about = {"client": _whom(ticket), "subject_id": ticket.pk}
    activity.record(EventType.TICKET_CLOSED, at=now, **about, **activity.actor_fields(staff))
    _tell(ticket, CLOSED, now=now)
    # Whoever closed it knows.
    notices.mark_read(notices.notices_of(staff.person_id).filter(about_id=ticket.pk), now=now)
    return True


@transaction.atomic
def answer_as_support(*, ticket: Ticket, text: str, now: datetime) -> bool:
    """Answer a ticket for the platform and tell the business's staff; call it inside the business."""
    return tickets.answer(ticket=ticket, text=text, now=now) and _tell(ticket, ANSWERED, now=now)


@transaction.atomic
def close_as_support(*, ticket: Ticket, now: datetime) -> bool:
    """Close a ticket for the platform and tell the business's staff; call it inside the business."""
    return tickets.close(ticket=ticket, ending=Ticket.Ending.SUPPORT, now=now) and _tell(ticket, CLOSED, now=now)


def _whom(ticket: Ticket) -> Client | None:
    return Client.objects.filter(pk=ticket.about_id).first() if ticket.about_id else None


def _same_call(value: str, *, now: datetime) -> Ticket | None:
    known = Riddle.objects.filter(value=value[:254], created_at__gt=now - tickets.SAME_CALL).values_list("ticket_id")
    return Ticket.objects.filter(pk__in=[pk for (pk,) in known], state=Ticket.State.OPEN).first()


def _tell(ticket: Ticket, words: Promise, *, now: datetime) -> bool:
    """Ring for those who may see it. The ticket is named by when it was opened: a name here would outlive its card."""
    opened = timezone.localtime(ticket.opened_at, ZoneInfo(ticket.business.time_zone))
    with translation.override(ticket.business.language):
        day = date_format(opened, pgettext("date format", "j F Y"))
        subject = str(words) % {"when": f"{day}, {opened:%H:%M}"}
    notices.tell(NoticeKind.TICKET, subject=subject, page="ticket", pk=ticket.pk, now=now)
    return True
