"""A request to each write of scheduling that does all that the operation can do."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.scheduling.models import Appointment, AppointmentState, Service
from tests.api.example import Example, Ids
from tests.api.scheduling.package_examples import PACKAGE_EXAMPLES


def get_start(*, days: int) -> str:
    """Return a full hour in so many days."""
    return (timezone.now() + timedelta(days=days)).replace(minute=0, second=0, microsecond=0).isoformat()


def get_noon(*, days: int) -> str:
    """Return noon in so many days, at which calendars are open."""
    return (timezone.now() + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0).isoformat()


def let_appointment_begin(ids: Ids) -> None:
    """Let the appointment be confirmed, and have begun."""
    starts_at = timezone.now() - timedelta(minutes=5)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    Appointment.objects.filter(pk=ids["appointment_id"]).update(state=AppointmentState.CONFIRMED, **times)


def archive_service(ids: Ids) -> None:
    """Archive the service."""
    Service.objects.filter(pk=ids["service_id"]).update(archived_at=timezone.now())


def describe_service(ids: Ids) -> dict[str, Any]:
    """Return a body with everything that a service has."""
    return {
        "name": "Pilates",
        "duration": 45,
        "price": {"amount": 2500},
        "deposit": {"kind": "percent", "value": 20},
        "staff": [ids["calendar_id"]],
        "resources": [ids["resource_id"]],
        "questions": [{"label": "Size?", "kind": "choice", "choices": ["S", "M"], "is_required": True}],
    }


SCHEDULING_EXAMPLES: dict[str, Example] = {
    "create_service": Example(describe_service),
    "update_service": Example(describe_service),
    "archive_service": Example(),
    "restore_service": Example(prepare=archive_service),
    "create_staff_calendar": Example(lambda ids: {"name": "Kim", "person": ids["person_id"]}),
    "update_staff_calendar": Example(lambda ids: {"name": "Kim", "person": ids["person_id"]}),
    "set_opening_hours": Example(lambda ids: {"items": [{"weekday": "friday", "starts": "22:00", "ends": "26:00"}]}),
    "create_hours_exception": Example(
        lambda ids: {"staff": ids["calendar_id"], "starts_on": "2027-05-01", "starts": "10:00", "ends": "12:00"}
    ),
    "delete_hours_exception": Example(),
    "add_public_holidays": Example(lambda ids: {"country": "DE", "subdivision": "BY", "year": timezone.now().year + 1}),
    "create_outside_calendar": Example(
        lambda ids: {"staff": ids["calendar_id"], "name": "Home", "address": "https://calendar.example.com/a.ics"}
    ),
    "update_outside_calendar": Example(
        lambda ids: {"name": "Home", "address": "https://calendar.example.com/new.ics", "is_active": False}
    ),
    "delete_outside_calendar": Example(),
    "fetch_outside_calendar": Example(),
    "create_blocked_time": Example(
        lambda ids: {
            "staff": ids["calendar_id"],
            "title": "Training",
            "starts_at": get_start(days=2),
            "ends_at": get_start(days=3),
        }
    ),
    "delete_blocked_time": Example(),
    "create_resource": Example(lambda ids: {"name": "Room 2"}),
    "update_resource": Example(lambda ids: {"name": "Room 3"}),
    "update_scheduling_settings": Example(lambda ids: {"notice": 60, "holiday_country": "GB"}),
    "create_waiting_list_entry": Example(
        lambda ids: {
            "client": ids["client_id"],
            "service": ids["service_id"],
            "from_on": get_noon(days=1)[:10],
            "until_on": get_noon(days=14)[:10],
            "part_of_day": "morning",
        }
    ),
    "withdraw_waiting_list_entry": Example(),
    "offer_time": Example(lambda ids: {"starts_at": get_noon(days=3)}),
    **PACKAGE_EXAMPLES,
    "create_appointment": Example(
        lambda ids: {
            "client": ids["client_id"],
            "service": ids["service_id"],
            "staff": ids["calendar_id"],
            "starts_at": get_start(days=2),
            "ignore_warnings": True,
        }
    ),
    "reschedule_appointment": Example(lambda ids: {"starts_at": get_start(days=3), "ignore_warnings": True}),
    "confirm_appointment": Example(),
    "decline_appointment": Example(lambda ids: {"reason": "Full.", "proposed_starts_at": get_noon(days=3)}),
    "cancel_appointment": Example(lambda ids: {"reason": "Ill."}),
    "mark_attendance": Example(lambda ids: {"state": "no-show"}, let_appointment_begin),
}
