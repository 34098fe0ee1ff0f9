"""Open, answer and close support tickets; no address and no code leave the business."""

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
from portal.clients.models import Client
from portal.messaging.notifications import services as notifications
from portal.signin_support.client_lookup import ClientLookupResult
from portal.signin_support.kinds import SupportEvent, SupportNotification
from portal.signin_support.lookups import look_up
from portal.signin_support.models import ReportedIdentifier
from portal.signin_support.sign_in_attempts import SignInAttempt
from portal.signin_support.sign_in_diagnostics import SignInDiagnostics
from portal.signin_support.ticket_snapshots import build_ticket_snapshot, build_ticket_snapshot_without_client
from portal.ui.text_folding import fold_text
from tenants import support_tickets
from tenants.business_locks import lock_business
from tenants.models import Business, SupportTicket, TicketResolution, TicketState
from tenants.staff.staff_actor import StaffActor

ANSWERED_SUBJECT = gettext_lazy("Answered: ticket of %(when)s")
# Support closes a ticket with a resolution of its own.
STAFF_RESOLUTIONS = [one for one in TicketResolution if one != TicketResolution.CLOSED_BY_SUPPORT]
CLOSED_SUBJECT = gettext_lazy("Closed: ticket of %(when)s")
TOO_MANY_TICKETS = gettext_lazy("Your business has opened as many tickets as it may in a day. Try again tomorrow.")


class ClientFound(Exception):
    """What was typed is the address of clients, about whom a ticket is opened instead."""

    def __init__(self, clients: list[Client]):
        super().__init__()
        self.clients = clients


class TicketClosureDenied(Exception):
    """Another member of staff opened the ticket, so only they or support may close it."""


@transaction.atomic
def open_ticket(
    *, business: Business, diagnostics: SignInDiagnostics, staff: StaffActor, now: datetime
) -> tuple[SupportTicket, bool]:
    """Open a ticket about a client with their timeline attached; return it, and whether it is new.

    Raises RateLimitExceeded.
    """
    with translation.override("en"):
        snapshot = build_ticket_snapshot(diagnostics)
        subject = _("Code missing: %(what)s") % {"what": diagnostics.diagnosis.title}
    # So that a double click opens one ticket.
    lock_business(business)
    fields: dict[str, Any] = {"client_id": diagnostics.client.pk, "snapshot": snapshot, "person_id": staff.person_id}
    ticket, is_new = support_tickets.open_ticket(business=business, subject=subject[:160], now=now, **fields)
    if is_new:
        about = {"client": diagnostics.client, "subject_id": ticket.pk}
        activity.record_event(SupportEvent.TICKET_OPENED, at=now, **about, **activity.get_actor_fields(staff))
    return ticket, is_new


def open_ticket_about_entry(
    *, business: Business, typed: str, staff: StaffActor, now: datetime
) -> tuple[SupportTicket, bool]:
    """Open a ticket about what somebody typed; return it, and whether it is new.

    Raises ClientFound and RateLimitExceeded.
    """
    lookup = look_up(typed=typed, business=business, now=now)
    if lookup.result.exact:
        raise ClientFound([match.client for match in lookup.result.exact])
    return open_support_ticket_without_client(
        business=business, result=lookup.result, attempts=lookup.attempts, staff=staff, now=now
    )


@transaction.atomic
def open_support_ticket_without_client(
    *, business: Business, result: ClientLookupResult, attempts: list[SignInAttempt], staff: StaffActor, now: datetime
) -> tuple[SupportTicket, bool]:
    """Open a ticket about what a client typed that matches no card; what it was stays at the business.

    Returns the ticket, and whether it is new. Raises RateLimitExceeded.
    """
    value = result.identifier.value if result.identifier else fold_text(result.typed)
    # So that a double click opens one ticket.
    lock_business(business)
    if duplicate := _find_duplicate_ticket(value, now=now):
        return duplicate, False
    with translation.override("en"):
        snapshot = build_ticket_snapshot_without_client(result, attempts, now=now)
        fields: dict[str, Any] = {"snapshot": snapshot, "client_id": None}
        fields["subject"] = _("No client: an address or a name that is not on file")
    ticket, _is_new = support_tickets.open_ticket(business=business, person_id=staff.person_id, now=now, **fields)
    ReportedIdentifier.objects.create(ticket_id=ticket.pk, typed=result.typed, value=value[:254], created_at=now)
    activity.record_event(SupportEvent.TICKET_OPENED, at=now, subject_id=ticket.pk, **activity.get_actor_fields(staff))
    return ticket, True


@transaction.atomic
def close_ticket(*, ticket: SupportTicket, resolution: TicketResolution, staff: StaffActor, now: datetime) -> bool:
    """Close a ticket that this member of staff opened; False when it was closed already. Raises TicketClosureDenied."""
    if ticket.opened_by_id != staff.person_id:
        raise TicketClosureDenied
    if not support_tickets.close_ticket(ticket=ticket, resolution=resolution, now=now):
        return False
    about = {"client": _find_ticket_client(ticket), "subject_id": ticket.pk}
    activity.record_event(SupportEvent.TICKET_CLOSED, at=now, **about, **activity.get_actor_fields(staff))
    _notify_staff(ticket, CLOSED_SUBJECT, now=now)
    # Whoever closed it needs no notification.
    notifications.mark_read(notifications.list_notifications(staff.person_id).filter(subject_id=ticket.pk), now=now)
    return True


@transaction.atomic
def answer_ticket_as_support(*, ticket: SupportTicket, text: str, now: datetime) -> bool:
    """Answer a ticket for the platform and notify the business's staff; False when it was closed already.

    Call it inside the business.
    """
    return support_tickets.save_ticket_answer(ticket=ticket, text=text, now=now) and _notify_staff(
        ticket, ANSWERED_SUBJECT, now=now
    )


@transaction.atomic
def close_ticket_as_support(*, ticket: SupportTicket, now: datetime) -> bool:
    """Close a ticket for the platform and notify the business's staff; False when it was closed already.

    Call it inside the business.
    """
    is_closed = support_tickets.close_ticket(ticket=ticket, resolution=TicketResolution.CLOSED_BY_SUPPORT, now=now)
    return is_closed and _notify_staff(ticket, CLOSED_SUBJECT, now=now)


def _find_ticket_client(ticket: SupportTicket) -> Client | None:
    return Client.objects.filter(pk=ticket.client_id).first() if ticket.client_id else None


def _find_duplicate_ticket(value: str, *, now: datetime) -> SupportTicket | None:
    reported = ReportedIdentifier.objects.filter(
        value=value[:254], created_at__gt=now - support_tickets.DUPLICATE_WINDOW
    )
    ids = list(reported.values_list("ticket_id", flat=True))
    return SupportTicket.objects.filter(pk__in=ids, state=TicketState.OPEN).first()


def _notify_staff(ticket: SupportTicket, text: Promise, *, now: datetime) -> bool:
    """Notify staff who may see tickets.

    The subject names the ticket by its time: a client's name would outlive their card.
    """
    opened = timezone.localtime(ticket.opened_at, ZoneInfo(ticket.business.time_zone))
    with translation.override(ticket.business.language):
        day = date_format(opened, pgettext("date format", "j F Y"))
        subject = str(text) % {"when": f"{day}, {opened:%H:%M}"}
    notifications.notify_staff(SupportNotification.TICKET, subject=subject, url_name="ticket", pk=ticket.pk, now=now)
    return True
