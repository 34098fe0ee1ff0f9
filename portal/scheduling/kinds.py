"""The kinds of timeline events, messages and notifications about scheduling."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SchedulingEvent(TextChoices):
    """What became of an appointment, or a change to what can be booked."""

    APPOINTMENT_REQUESTED = "scheduling.appointment-requested", _("Appointment requested")
    APPOINTMENT_CONFIRMED = "scheduling.appointment-confirmed", _("Appointment confirmed")
    APPOINTMENT_DECLINED = "scheduling.appointment-declined", _("Appointment declined")
    APPOINTMENT_RESCHEDULED = "scheduling.appointment-rescheduled", _("Appointment moved")
    APPOINTMENT_CANCELLED = "scheduling.appointment-cancelled", _("Appointment cancelled")
    APPOINTMENT_EXPIRED = "scheduling.appointment-expired", _("Appointment request not answered in time")
    APPOINTMENT_DONE = "scheduling.appointment-done", _("Appointment took place")
    APPOINTMENT_NO_SHOW = "scheduling.appointment-no-show", _("Did not come to the appointment")
    APPOINTMENT_ASSIGNED = "scheduling.appointment-assigned", _("Appointment assigned to a client")
    WAITING_LIST_JOINED = "scheduling.waiting-list-joined", _("Added to the waiting list")
    WAITING_LIST_LEFT = "scheduling.waiting-list-left", _("Taken off the waiting list")
    WAITING_LIST_BOOKED = "scheduling.waiting-list-booked", _("Waited and booked")
    WAITING_LIST_ENDED = "scheduling.waiting-list-ended", _("Waited without a free time")
    OFFER_MADE = "scheduling.offer-made", _("Free time offered")
    OFFER_DECLINED = "scheduling.offer-declined", _("Offered time declined")
    OFFER_EXPIRED = "scheduling.offer-expired", _("Offered time not answered")
    OFFER_WITHDRAWN = "scheduling.offer-withdrawn", _("Offered time withdrawn")
    SERIES_BOOKED = "scheduling.series-booked", _("Repeating appointments booked")
    SERIES_CANCELLED = "scheduling.series-cancelled", _("Several repeating appointments cancelled")
    SERIES_RESCHEDULED = "scheduling.series-rescheduled", _("Several repeating appointments moved")
    SERVICE_ADDED = "scheduling.service-added", _("Service added")
    SERVICE_CHANGED = "scheduling.service-changed", _("Service changed")
    SERVICE_ARCHIVED = "scheduling.service-archived", _("Service archived")
    SERVICE_RESTORED = "scheduling.service-restored", _("Service restored")
    CALENDAR_ADDED = "scheduling.calendar-added", _("Staff calendar added")
    CALENDAR_CHANGED = "scheduling.calendar-changed", _("Staff calendar changed")
    HOURS_CHANGED = "scheduling.hours-changed", _("Hours changed")
    EXCEPTION_ADDED = "scheduling.exception-added", _("Exception to the hours added")
    EXCEPTION_REMOVED = "scheduling.exception-removed", _("Exception to the hours removed")
    RESOURCE_ADDED = "scheduling.resource-added", _("Room or equipment added")
    RESOURCE_CHANGED = "scheduling.resource-changed", _("Room or equipment changed")
    FEED_CREATED = "scheduling.feed-created", _("Calendar feed made")
    FEED_REVOKED = "scheduling.feed-revoked", _("Calendar feed ended")
    OUTSIDE_CALENDAR_ADDED = "scheduling.outside-calendar-added", _("Outside calendar added")
    OUTSIDE_CALENDAR_CHANGED = "scheduling.outside-calendar-changed", _("Outside calendar changed")
    OUTSIDE_CALENDAR_REMOVED = "scheduling.outside-calendar-removed", _("Outside calendar removed")
    SETTINGS_CHANGED = "scheduling.settings-changed", _("Booking rules changed")
    TIME_BLOCKED = "scheduling.time-blocked", _("Time blocked")
    BLOCKED_TIME_MOVED = "scheduling.blocked-time-moved", _("Blocked time moved")
    TIME_UNBLOCKED = "scheduling.time-unblocked", _("Blocked time freed")
    PACKAGE_ADDED = "scheduling.package-added", _("Package added")
    PACKAGE_CHANGED = "scheduling.package-changed", _("Package changed")
    PACKAGE_ARCHIVED = "scheduling.package-archived", _("Package archived")
    PACKAGE_RESTORED = "scheduling.package-restored", _("Package restored")
    PACKAGE_GIVEN = "scheduling.package-given", _("Package given to a client")
    CLIENT_PACKAGE_CHANGED = "scheduling.client-package-changed", _("Client’s package changed")
    CLIENT_PACKAGE_WITHDRAWN = "scheduling.client-package-withdrawn", _("Client’s package withdrawn")
    SESSION_RESERVED = "scheduling.session-reserved", _("Session of a package reserved")
    SESSION_USED = "scheduling.session-used", _("Session of a package used")
    SESSION_RETURNED = "scheduling.session-returned", _("Session of a package returned")


class AppointmentMessageKind(TextChoices):
    """What a client is sent about an appointment; each is a folder in templates/messages/."""

    REQUESTED = "booking-requested"
    CONFIRMED = "booking-confirmed"
    MOVED = "booking-moved"
    CANCELLED = "booking-cancelled"
    DECLINED = "booking-declined"
    EXPIRED = "booking-expired"
    REMINDER = "booking-reminder"
    FOLLOW_UP = "booking-follow-up"


class WaitingListMessageKind(TextChoices):
    """What a client on the waiting list is sent; each is a folder in templates/messages/."""

    OFFER = "waiting-list-offer"


class SeriesMessageKind(TextChoices):
    """What a client is sent about several appointments of a series at once."""

    CONFIRMED = "series-confirmed"
    MOVED = "series-moved"
    CANCELLED = "series-cancelled"


class SchedulingNotification(TextChoices):
    """A notification for staff: what a client did with an appointment, or that a calendar can't be read."""

    BOOKED = "appointment-booked"
    REQUESTED = "appointment-request"
    CHANGED = "appointment-changed"
    OUTSIDE_CALENDAR_FAILING = "outside-calendar"


class SchedulingClientSource(TextChoices):
    """A way onto the client list through this noun."""

    BOOKING_PAGE = "booking-page", _("Public booking page")


class SchedulingJob(TextChoices):
    """A job about one appointment, one outside calendar or one staff calendar."""

    MATCH_APPOINTMENT = "match-appointment"
    FETCH_OUTSIDE_CALENDAR = "fetch-outside-calendar"
    OFFER_FREE_TIMES = "offer-free-times"
