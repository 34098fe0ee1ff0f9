"""The console's URLs of scheduling."""

from django.urls import path

from portal.scheduling.console import (
    appointment_actions,
    appointments,
    appointments_tab,
    booking_rules,
    calendar,
    calendar_entries,
    calendar_feed,
    free_times,
    hours_exceptions,
    new_appointments,
    outside_calendars,
    requests,
    rescheduling,
    resources,
    service_pages,
    setup_overview,
    staff_calendars,
)

OUTSIDE_CALENDAR = "calendar/outside-calendars/<uuid:pk>/"
APPOINTMENT = "calendar/appointments/<uuid:pk>/"

urlpatterns = [
    path("calendar/", calendar.show_calendar, name="calendar"),
    path("calendar/free-times/", free_times.find_free_times, name="free-times"),
    path("calendar/requests/", requests.list_requests, name="appointment-requests"),
    path("calendar/appointments/new/", new_appointments.book_appointment, name="appointment-new"),
    path(APPOINTMENT, appointments.show_appointment, name="appointment"),
    path(f"{APPOINTMENT}confirmation/", appointment_actions.confirm_appointment, name="appointment-confirmation"),
    path(f"{APPOINTMENT}refusal/", appointment_actions.decline_appointment, name="appointment-refusal"),
    path(f"{APPOINTMENT}cancellation/", appointment_actions.cancel_appointment, name="appointment-cancellation"),
    path(f"{APPOINTMENT}attendance/", appointment_actions.mark_attendance, name="appointment-attendance"),
    path(f"{APPOINTMENT}time/", rescheduling.reschedule_appointment, name="appointment-time"),
    path("calendar/blocked-times/new/", calendar_entries.block_time, name="blocked-time-new"),
    path("calendar/blocked-times/<uuid:pk>/removal/", calendar_entries.unblock_time, name="blocked-time-removal"),
    path("calendar/entries/<uuid:pk>/", calendar_entries.show_entry, name="calendar-entry"),
    path("clients/<uuid:pk>/appointments/", appointments_tab.list_client_appointments, name="client-appointments"),
    path("calendar/setup/", setup_overview.show_setup, name="scheduling-setup"),
    path("calendar/services/", service_pages.list_services, name="services"),
    path("calendar/services/new/", service_pages.add_service, name="service-new"),
    path("calendar/services/<uuid:pk>/", service_pages.edit_service, name="service"),
    path("calendar/services/<uuid:pk>/archival/", service_pages.archive_service, name="service-archival"),
    path("calendar/services/<uuid:pk>/restoration/", service_pages.restore_service, name="service-restoration"),
    path("calendar/staff/", staff_calendars.list_calendars, name="staff-calendars"),
    path("calendar/staff/new/", staff_calendars.add_calendar, name="staff-calendar-new"),
    path("calendar/staff/<uuid:pk>/", staff_calendars.edit_calendar, name="staff-calendar"),
    path("calendar/staff/<uuid:pk>/hours/", staff_calendars.edit_weekly_hours, name="staff-calendar-hours"),
    path(
        "calendar/staff/<uuid:pk>/outside-calendars/new/",
        outside_calendars.add_outside_calendar,
        name="outside-calendar-new",
    ),
    path(OUTSIDE_CALENDAR, outside_calendars.edit_outside_calendar, name="outside-calendar"),
    path(f"{OUTSIDE_CALENDAR}fetch/", outside_calendars.fetch_outside_calendar, name="outside-calendar-fetch"),
    path(f"{OUTSIDE_CALENDAR}removal/", outside_calendars.remove_outside_calendar, name="outside-calendar-removal"),
    path("calendar/hours/", hours_exceptions.list_exceptions, name="hours-exceptions"),
    path("calendar/hours/<uuid:pk>/removal/", hours_exceptions.remove_exception, name="hours-exception-removal"),
    path("calendar/hours/public-holidays/", hours_exceptions.choose_public_holidays, name="public-holidays"),
    path("calendar/resources/", resources.list_resources, name="resources"),
    path("calendar/resources/<uuid:pk>/", resources.edit_resource, name="resource"),
    path("calendar/rules/", booking_rules.edit_booking_rules, name="booking-rules"),
    path("calendar/feed/", calendar_feed.edit_calendar_feed, name="calendar-feed"),
    path("calendar/feed/revocation/", calendar_feed.revoke_calendar_feed, name="calendar-feed-revocation"),
]
