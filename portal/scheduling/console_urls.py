"""The console's URLs of scheduling."""

from django.urls import path

from portal.scheduling.console import (
    booking_rules,
    hours_exceptions,
    resources,
    service_pages,
    setup_overview,
    staff_calendars,
)

urlpatterns = [
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
    path("calendar/hours/", hours_exceptions.list_exceptions, name="hours-exceptions"),
    path("calendar/hours/<uuid:pk>/removal/", hours_exceptions.remove_exception, name="hours-exception-removal"),
    path("calendar/hours/public-holidays/", hours_exceptions.choose_public_holidays, name="public-holidays"),
    path("calendar/resources/", resources.list_resources, name="resources"),
    path("calendar/resources/<uuid:pk>/", resources.edit_resource, name="resource"),
    path("calendar/rules/", booking_rules.edit_booking_rules, name="booking-rules"),
]
