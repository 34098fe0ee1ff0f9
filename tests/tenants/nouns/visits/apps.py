"""The Django app of visits, and what it adds elsewhere."""

from datetime import timedelta

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EVERY_ROLE,
    MANAGING_ROLES,
    CardTab,
    ConsoleTool,
    HomeSection,
    HomeStatistic,
    NavItem,
    Permission,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    RestrictedArea,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.message_declarations import MessageKind, NotificationKind, Placeholder, StaffEmailKind
from tenants.nouns.platform_events import PlatformEvent
from tenants.queues import Queue
from tests.tenants.nouns.visits.kinds import (
    VisitClientSource,
    VisitEvent,
    VisitJob,
    VisitMail,
    VisitNotification,
    VisitStaffEmail,
)


class VisitsConfig(NounConfig):
    """The visits of clients to the business."""

    name = "tests.tenants.nouns.visits"

    permissions = (
        Permission("visits.view", EVERY_ROLE),
        Permission("visits.edit", MANAGING_ROLES),
        Permission("fees.view", EVERY_ROLE),
    )
    restricted_areas = (RestrictedArea("fees", "Fees for visits"),)
    portal_urls = (UrlInclude("visits/", "tests.tenants.nouns.visits.urls"),)
    console_urls = (UrlInclude("", "tests.tenants.nouns.visits.console_urls"),)
    nav_items = (NavItem("Visits", url_name="visits", icon="calendar", permission="visits.view", position=55),)
    settings_pages = (
        NavItem(
            "Visit rules", url_name="visit-rules", icon="calendar", permission="visits.edit", about="Opening hours."
        ),
    )
    card_tabs = (
        CardTab(
            "Visits",
            "client-visits",
            "visits.view",
            position=70,
            count="tests.tenants.nouns.visits.services.query_client_visits",
        ),
    )
    search_sources = (SearchSource("Visits", "visits.view", find="tests.tenants.nouns.visits.services.search_visits"),)
    home_statistics = (HomeStatistic("visits.view", "tests.tenants.nouns.visits.services.build_statistic"),)
    home_sections = (
        HomeSection(
            "visits.view", "visits/_home_section.html", "tests.tenants.nouns.visits.console.build_home_section"
        ),
    )
    context_processors = ("tests.tenants.nouns.visits.context_processors.visiting_room",)
    console_tools = (ConsoleTool("visits/_tool.html", position=90),)
    portal_nav_items = (PortalNavItem("Visits", url_name="visits:hours", position=50),)
    portal_overview_cards = (
        PortalOverviewCard("visits/_overview_card.html", "tests.tenants.nouns.visits.console.build_overview_context"),
    )
    portal_sections = (
        PortalSection("visits", "Visits", build="tests.tenants.nouns.visits.services.build_visits_section"),
    )
    sign_in_page_links = ("tests.tenants.nouns.visits.services.build_visiting_hours_link",)
    client_sources = VisitClientSource
    event_types = VisitEvent
    event_areas = {"visits": "Visits"}
    non_personal_event_keys = ("room",)
    event_presenter = "tests.tenants.nouns.visits.presenters.VisitEventPresenter"
    message_kinds = (
        MessageKind(
            VisitMail.CONFIRMED,
            label="A visit is confirmed",
            accepted_event_type=VisitEvent.CONFIRMATION_SENT,
            placeholders=(Placeholder("room", "the room of the visit", sample="Blue"),),
            build_context="tests.tenants.nouns.visits.services.build_mail_context",
            build_attachments="tests.tenants.nouns.visits.services.build_mail_attachments",
        ),
    )
    message_variables = {"visiting_hours": "tests.tenants.nouns.visits.services.get_visiting_hours"}
    staff_email_kinds = (
        StaffEmailKind(VisitStaffEmail.REPORT, "tests.tenants.nouns.visits.services.build_report_context"),
    )
    notification_kinds = (NotificationKind(VisitNotification.BEGUN, "Visit", permission="visits.view"),)
    personal_data = "tests.tenants.nouns.visits.personal_data.POLICIES"
    purges = ("tests.tenants.nouns.visits.services.purge_visits",)
    periodic_jobs = (
        PeriodicJob(
            "close-visits", "tests.tenants.nouns.visits.services.close_old_visits", interval=timedelta(hours=1)
        ),
    )
    row_jobs = (
        RowJob(
            VisitJob.CLOSE,
            "tests.tenants.nouns.visits.services.close_visit",
            queue=Queue.NOTICES,
            max_age=timedelta(hours=1),
            time_limit=timedelta(minutes=1),
        ),
    )
    event_handlers = {PlatformEvent.OUTAGE_STARTED: "tests.tenants.nouns.visits.services.close_visits_in_outage"}
    demo_client_seeder = "tests.tenants.nouns.visits.services.seed_demo_client"
    demo_business_seeder = "tests.tenants.nouns.visits.services.seed_demo_business"
