"""The Django app of scheduling, and what it adds elsewhere."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.scheduling.kinds import SchedulingClientSource, SchedulingEvent, SchedulingJob, SchedulingNotification
from portal.scheduling.message_kinds import MESSAGE_KINDS
from portal.scheduling.waiting_list_message_kinds import WAITING_LIST_MESSAGE_KINDS
from portal.scheduling.webhook_event_types import WEBHOOK_EVENT_TYPES
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    MANAGING_ROLES,
    CardTab,
    HomeSection,
    NavItem,
    Permission,
    PortalNavItem,
    PortalSection,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.message_declarations import NotificationKind
from tenants.nouns.platform_events import PlatformEvent
from tenants.queues import Queue


class SchedulingConfig(NounConfig):
    """Services that clients book, the hours of those who give them, and appointments."""

    name = "portal.scheduling"

    permissions = (
        Permission("appointments.view", EVERY_ROLE),
        Permission("appointments.edit", EDITING_ROLES),
        Permission("scheduling.view", EVERY_ROLE),
        Permission("scheduling.edit", MANAGING_ROLES),
    )
    business_api_urls = (
        UrlInclude("appointments/", "api.scheduling.appointments.urls"),
        UrlInclude("availability/", "api.scheduling.availability.urls"),
        UrlInclude("client-packages/", "api.scheduling.client_packages.urls"),
        UrlInclude("blocked-times/", "api.scheduling.blocked_times.urls"),
        UrlInclude("hours-exceptions/", "api.scheduling.hours_exceptions.urls"),
        UrlInclude("outside-calendars/", "api.scheduling.outside_calendars.urls"),
        UrlInclude("resources/", "api.scheduling.resources.urls"),
        UrlInclude("scheduling-settings/", "api.scheduling.settings.urls"),
        UrlInclude("services/", "api.scheduling.services.urls"),
        UrlInclude("session-packages/", "api.scheduling.session_packages.urls"),
        UrlInclude("staff-calendars/", "api.scheduling.staff_calendars.urls"),
        UrlInclude("waiting-list-entries/", "api.scheduling.waiting_list.urls"),
    )
    client_api_urls = (
        UrlInclude("appointments/", "api.portal.appointments.urls"),
        UrlInclude("session-packages/", "api.portal.session_packages.urls"),
        UrlInclude("services/", "api.portal.services.urls"),
        UrlInclude("slots/", "api.portal.slots.urls"),
        UrlInclude("waiting-list-entries/", "api.portal.waiting_list.urls"),
        UrlInclude("waiting-list-offers/", "api.portal.waiting_list.offer_urls"),
    )
    api_scopes = (
        ApiScope("appointments:read", _("Read appointments"), ("appointments.view",)),
        ApiScope("appointments:write", _("Book, answer, move and cancel appointments"), ("appointments.edit",)),
        ApiScope("scheduling:read", _("Read services, hours and free times"), ("scheduling.view",)),
        ApiScope("scheduling:write", _("Change services, hours and the rules of booking"), ("scheduling.edit",)),
    )
    webhook_events = WEBHOOK_EVENT_TYPES
    portal_urls = (UrlInclude("", "portal.scheduling.urls"),)
    portal_nav_items = (
        PortalNavItem(_("Appointments"), url_name="scheduling:appointments", position=20, section="appointments"),
    )
    portal_sections = (
        PortalSection(
            "appointments",
            _("Appointments"),
            build="portal.scheduling.home_sections.build_appointments_home_section",
            position=10,
        ),
    )
    console_urls = (UrlInclude("", "portal.scheduling.console_urls"),)
    settings_pages = (
        NavItem(
            label=_("Your calendar feed"),
            url_name="calendar-feed",
            icon="rss",
            permission="appointments.view",
            position=47,
            about=_("A secret address at which your own calendar program reads your appointments."),
        ),
        NavItem(
            label=_("Services and hours"),
            url_name="scheduling-setup",
            icon="calendar-days",
            permission="scheduling.edit",
            position=35,
            about=_("What clients can book, who gives it and when, and the rules of booking."),
        ),
    )
    nav_items = (
        NavItem(label=_("Calendar"), url_name="calendar", icon="calendar", permission="appointments.view", position=5),
    )
    card_tabs = (
        CardTab(
            label=_("Appointments"),
            url_name="client-appointments",
            permission="appointments.view",
            position=22,
            count="portal.scheduling.console.appointments_tab.query_coming_appointments",
        ),
        CardTab(
            label=_("Packages"),
            url_name="client-packages",
            permission="appointments.view",
            position=23,
            count="portal.scheduling.console.client_packages.query_current_packages",
        ),
    )
    search_sources = (
        SearchSource(
            label=_("Appointments"),
            permission="appointments.view",
            find="portal.scheduling.console.search.find_appointments",
            position=20,
        ),
    )
    home_sections = (
        HomeSection(
            "appointments.view",
            "console/scheduling/_today.html",
            "portal.scheduling.console.home_section.build_today",
            position=10,
        ),
    )
    notification_kinds = (
        NotificationKind(SchedulingNotification.BOOKED, _("New booking"), permission="appointments.view", position=12),
        NotificationKind(
            SchedulingNotification.REQUESTED,
            _("New appointment request"),
            permission="appointments.view",
            is_obsolete="portal.scheduling.services.staff_notifications.is_request_answered",
            position=13,
        ),
        NotificationKind(
            SchedulingNotification.CHANGED,
            _("Appointment moved or cancelled by the client"),
            permission="appointments.view",
            position=14,
        ),
        NotificationKind(
            SchedulingNotification.OUTSIDE_CALENDAR_FAILING,
            _("Outside calendar can’t be read"),
            permission="scheduling.edit",
            is_obsolete="portal.scheduling.services.outside_calendar_fetches.is_read_again",
            position=15,
        ),
    )
    client_sources = SchedulingClientSource
    event_types = SchedulingEvent
    event_areas = {"scheduling": _("Scheduling")}
    event_presenter = "portal.scheduling.presenters.SchedulingEventPresenter"

    message_kinds = (*MESSAGE_KINDS, *WAITING_LIST_MESSAGE_KINDS)
    personal_data = "portal.scheduling.personal_data.POLICIES"
    periodic_jobs = (
        PeriodicJob(
            name="release-expired-holds",
            run="portal.scheduling.services.release_expired_holds",
            interval=timedelta(minutes=10),
        ),
        PeriodicJob(
            name="expire-appointment-requests",
            run="portal.scheduling.services.expire_requests",
            interval=timedelta(minutes=5),
        ),
        PeriodicJob(
            name="enqueue-due-reminders",
            run="portal.scheduling.services.enqueue_due_reminders",
            interval=timedelta(minutes=5),
            is_quick=True,
        ),
        PeriodicJob(
            name="use-past-sessions",
            run="portal.scheduling.services.use_past_sessions",
            interval=timedelta(minutes=10),
        ),
        PeriodicJob(
            name="requeue-pending-appointments",
            run="portal.scheduling.services.requeue_pending_appointments",
            interval=timedelta(minutes=10),
        ),
        PeriodicJob(
            name="enqueue-due-outside-calendars",
            run="portal.scheduling.services.enqueue_due_outside_calendars",
            interval=timedelta(minutes=5),
            is_quick=True,
        ),
        PeriodicJob(
            name="refresh-waiting-list",
            run="portal.scheduling.services.waiting_list.answers.refresh_waiting_list",
            interval=timedelta(minutes=5),
        ),
    )
    row_jobs = (
        # The periodic job matches the appointments whose own job exhausts these limits.
        RowJob(
            SchedulingJob.MATCH_APPOINTMENT,
            run="portal.scheduling.jobs.match_appointment",
            queue=Queue.NOTICES,
            max_age=timedelta(minutes=10),
            time_limit=timedelta(seconds=20),
            on_stop="portal.scheduling.jobs.stop_matching",
            on_resume="portal.scheduling.jobs.resume_matching",
        ),
        RowJob(
            SchedulingJob.FETCH_OUTSIDE_CALENDAR,
            run="portal.scheduling.jobs.fetch_outside_calendar",
            queue=Queue.BULK,
            max_age=timedelta(minutes=10),
            time_limit=timedelta(seconds=90),
            on_stop="portal.scheduling.jobs.stop_fetching",
        ),
        # The periodic job offers what is free where this one was lost.
        RowJob(
            SchedulingJob.OFFER_FREE_TIMES,
            run="portal.scheduling.jobs.offer_free_times",
            queue=Queue.NOTICES,
            max_age=timedelta(minutes=10),
            time_limit=timedelta(minutes=1),
        ),
    )
    purges = (
        "portal.scheduling.purges.purge_reminders",
        "portal.scheduling.purges.purge_outside_busy_times",
        "portal.scheduling.purges.purge_waiting_list_entries",
    )
    event_handlers = {
        PlatformEvent.MEMBER_REMOVED: (
            "portal.scheduling.services.outside_calendars.delete_outside_calendars_of_member"
        ),
    }
    demo_client_seeder = "portal.scheduling.demo.seed_demo_client"
    demo_business_seeder = "portal.scheduling.demo.seed_demo_business"
