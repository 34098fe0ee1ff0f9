"""Sends a client one mail of each kind about appointments."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.models import Acceptance, SchedulingSettings
from portal.scheduling.recurrence import RepeatRule
from portal.scheduling.services import series
from portal.scheduling.services.series import ChangeScope, NewWallTime, SeriesPlan
from tenants.context import use_business
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.notice_steps import deliver_at
from tests.portal.scheduling.waiting_list import waiting_steps

ALL_DAY = (0, 1440)


def send_every_notice(business: Business, client: Client, *, staff: StaffActor) -> None:
    """Book, move, cancel and the like, each time until the mail about it has been sent."""
    now = timezone.now()
    starts_at = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    with use_business(business):
        SchedulingSettings.objects.create(reminders=[60], has_follow_up=True)
        query = rows.build_query(rows.create_service(rows.create_calendar(hours=ALL_DAY)))
        by_hand = rows.build_query(query.service, rules=SchedulingSettings(acceptance=Acceptance.BY_HAND))
        _move_and_cancel(query, starts_at, client, now=now)
        _decline(by_hand, starts_at, client, staff, now=now)
        rows.book(by_hand, starts_at, client=client, now=now)
        services.expire_requests(now=starts_at)
        deliver_at(starts_at)
        _remind(query, starts_at, client, now=now)
        _repeat(query, starts_at, client, staff, now=now)
        _offer(query, starts_at, client, now=now)


def _move_and_cancel(query, starts_at: datetime, client: Client, *, now: datetime) -> None:
    booked = rows.book(query, starts_at, client=client, now=now)
    deliver_at(now)
    later = starts_at + timedelta(hours=2)
    services.reschedule_own_appointment(query, later, appointment_id=booked.pk, client=client, now=now)
    deliver_at(now)
    services.cancel_own_appointment(appointment_id=booked.pk, client=client, rules=query.rules, now=now)
    deliver_at(now)


def _decline(query, starts_at: datetime, client: Client, staff: StaffActor, *, now: datetime) -> None:
    requested = rows.book(query, starts_at, client=client, now=now)
    deliver_at(now)
    services.decline_appointment(appointment_id=requested.pk, staff=staff, now=now)
    deliver_at(now)


def _remind(query, starts_at: datetime, client: Client, *, now: datetime) -> None:
    tomorrow = starts_at + timedelta(days=1)
    booked = rows.book(query, tomorrow, client=client, now=now)
    for due_at in (tomorrow - timedelta(hours=1), booked.ends_at + timedelta(days=1)):
        services.enqueue_due_reminders(now=due_at)
        deliver_at(due_at)


def _repeat(query, starts_at: datetime, client: Client, staff: StaffActor, *, now: datetime) -> None:
    tomorrow = (starts_at + timedelta(days=1, hours=3)).astimezone(ZoneInfo(rows.BERLIN)).replace(tzinfo=None)
    query = replace(query, calendar_id=query.service.calendar_ids[0])
    plan = SeriesPlan(query, tomorrow, rows.BERLIN, RepeatRule(count=2))
    booked = series.book_series(plan, client=client, staff=staff, now=now)
    deliver_at(now)
    first = booked.appointments.earliest("series_position")
    change = {"appointment": first, "scope": ChangeScope.ALL, "staff": staff, "now": now}
    series.move_series_appointments(query, NewWallTime(tomorrow + timedelta(days=1), rows.BERLIN), **change)
    deliver_at(now)
    series.cancel_series_appointments(**change)
    deliver_at(now)


def _offer(query, starts_at: datetime, client: Client, *, now: datetime) -> None:
    """Put the client on the waiting list of a day with free times, of which the first is offered."""
    day = starts_at.astimezone(ZoneInfo(rows.BERLIN)).date()
    waiting_steps.wait_for(query.service, client, from_on=day, until_on=day, now=now)
    waiting_steps.offer(now=now)
    deliver_at(now)
