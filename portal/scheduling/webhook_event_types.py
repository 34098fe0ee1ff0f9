"""The events of scheduling that a business's other programs are told of."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.scheduling.kinds import SchedulingEvent
from tenants.nouns.api_declarations import WebhookEventType


def _build_appointment_event(name: str, label: Promise, event_type: SchedulingEvent) -> WebhookEventType:
    build = "portal.scheduling.webhook_data.build_appointments"
    return WebhookEventType(f"appointment.{name}", label, (event_type,), build)


def _build_service_event(name: str, label: Promise, event_type: SchedulingEvent) -> WebhookEventType:
    return WebhookEventType(f"service.{name}", label, (event_type,), "portal.scheduling.webhook_data.build_services")


def _build_package_event(name: str, label: Promise, event_type: SchedulingEvent) -> WebhookEventType:
    build = "portal.scheduling.webhook_data.build_client_packages"
    return WebhookEventType(f"client_package.{name}", label, (event_type,), build)


def _build_waiting_list_event(name: str, label: Promise, event_type: SchedulingEvent) -> WebhookEventType:
    build = "portal.scheduling.webhook_data.build_waiting_list_entries"
    return WebhookEventType(f"waiting_list_entry.{name}", label, (event_type,), build)


WEBHOOK_EVENT_TYPES = (
    _build_appointment_event("requested", _("An appointment was requested"), SchedulingEvent.APPOINTMENT_REQUESTED),
    _build_appointment_event("confirmed", _("An appointment was confirmed"), SchedulingEvent.APPOINTMENT_CONFIRMED),
    _build_appointment_event(
        "declined", _("A request for an appointment was declined"), SchedulingEvent.APPOINTMENT_DECLINED
    ),
    _build_appointment_event(
        "expired", _("A request for an appointment was not answered in time"), SchedulingEvent.APPOINTMENT_EXPIRED
    ),
    _build_appointment_event("rescheduled", _("An appointment was moved"), SchedulingEvent.APPOINTMENT_RESCHEDULED),
    _build_appointment_event("cancelled", _("An appointment was cancelled"), SchedulingEvent.APPOINTMENT_CANCELLED),
    _build_appointment_event("done", _("An appointment took place"), SchedulingEvent.APPOINTMENT_DONE),
    _build_appointment_event("no_show", _("A client did not come"), SchedulingEvent.APPOINTMENT_NO_SHOW),
    _build_appointment_event(
        "assigned", _("An appointment was assigned to a client"), SchedulingEvent.APPOINTMENT_ASSIGNED
    ),
    _build_package_event("given", _("A client was given a package"), SchedulingEvent.PACKAGE_GIVEN),
    _build_package_event("updated", _("A client’s package was changed"), SchedulingEvent.CLIENT_PACKAGE_CHANGED),
    _build_package_event("withdrawn", _("A client’s package was withdrawn"), SchedulingEvent.CLIENT_PACKAGE_WITHDRAWN),
    _build_package_event(
        "session_reserved", _("A session of a package was reserved"), SchedulingEvent.SESSION_RESERVED
    ),
    _build_package_event("session_used", _("A session of a package was used"), SchedulingEvent.SESSION_USED),
    _build_package_event(
        "session_returned", _("A session of a package was returned"), SchedulingEvent.SESSION_RETURNED
    ),
    _build_waiting_list_event(
        "created", _("A client was put on the waiting list"), SchedulingEvent.WAITING_LIST_JOINED
    ),
    _build_waiting_list_event(
        "offered", _("A free time was offered to a client who waits"), SchedulingEvent.OFFER_MADE
    ),
    _build_waiting_list_event("declined", _("A client declined an offered time"), SchedulingEvent.OFFER_DECLINED),
    _build_waiting_list_event("expired", _("An offered time was not answered in time"), SchedulingEvent.OFFER_EXPIRED),
    _build_waiting_list_event("booked", _("A client who waited has booked"), SchedulingEvent.WAITING_LIST_BOOKED),
    _build_waiting_list_event(
        "withdrawn", _("A client was taken off the waiting list"), SchedulingEvent.WAITING_LIST_LEFT
    ),
    _build_waiting_list_event("ended", _("A client waited without a free time"), SchedulingEvent.WAITING_LIST_ENDED),
    _build_service_event("created", _("A service was added"), SchedulingEvent.SERVICE_ADDED),
    _build_service_event("updated", _("A service was changed"), SchedulingEvent.SERVICE_CHANGED),
    _build_service_event("archived", _("A service was archived"), SchedulingEvent.SERVICE_ARCHIVED),
    _build_service_event("restored", _("A service was offered again"), SchedulingEvent.SERVICE_RESTORED),
)
