"""Services, the calendars of those who give them, rooms and equipment, and the appointments of clients."""

from portal.scheduling.models.appointment import (
    Appointment,
    AppointmentQuerySet,
    AppointmentSource,
    AppointmentState,
    MatchResult,
)
from portal.scheduling.models.appointment_reminder import AppointmentReminder, ReminderKind
from portal.scheduling.models.appointment_series import AppointmentSeries
from portal.scheduling.models.calendar_entry import CalendarEntry, ResourceReservation
from portal.scheduling.models.calendar_feed import CalendarFeed
from portal.scheduling.models.client_package import (
    TAKEN_STATES,
    ClientPackage,
    ClientPackageQuerySet,
    PackageSession,
    SessionState,
)
from portal.scheduling.models.hours import HoursException, OpeningHours
from portal.scheduling.models.outside_calendar import FetchError, OutsideBusyTime, OutsideCalendar
from portal.scheduling.models.resource import Resource, ResourceKind
from portal.scheduling.models.scheduling_settings import Acceptance, SchedulingSettings
from portal.scheduling.models.service import DepositKind, LocationKind, Service, Visibility
from portal.scheduling.models.service_question import QuestionKind, ServiceQuestion
from portal.scheduling.models.session_package import MAX_SESSIONS, MAX_VALIDITY_DAYS, SessionPackage
from portal.scheduling.models.staff_calendar import StaffCalendar
from portal.scheduling.models.waiting_list import (
    OfferState,
    PartOfDay,
    WaitingListEntry,
    WaitingListOffer,
    WaitingState,
)

__all__ = [
    "MAX_SESSIONS",
    "MAX_VALIDITY_DAYS",
    "TAKEN_STATES",
    "Acceptance",
    "Appointment",
    "AppointmentQuerySet",
    "AppointmentReminder",
    "AppointmentSeries",
    "AppointmentSource",
    "AppointmentState",
    "CalendarEntry",
    "CalendarFeed",
    "ClientPackage",
    "ClientPackageQuerySet",
    "DepositKind",
    "FetchError",
    "HoursException",
    "LocationKind",
    "MatchResult",
    "OfferState",
    "OpeningHours",
    "OutsideBusyTime",
    "OutsideCalendar",
    "PackageSession",
    "PartOfDay",
    "QuestionKind",
    "ReminderKind",
    "Resource",
    "ResourceKind",
    "ResourceReservation",
    "SchedulingSettings",
    "Service",
    "ServiceQuestion",
    "SessionPackage",
    "SessionState",
    "StaffCalendar",
    "Visibility",
    "WaitingListEntry",
    "WaitingListOffer",
    "WaitingState",
]
