"""The Django app of the contact form, and what it adds elsewhere."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.intake.kinds import IntakeClientSource, IntakeEvent, IntakeJob, IntakeNotification
from tenants.nouns.api_declarations import ApiScope, WebhookEventType
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    CardTab,
    NavItem,
    Permission,
    PortalNavItem,
    PortalSection,
    UrlInclude,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.message_declarations import NotificationKind
from tenants.queues import Queue


class IntakeConfig(NounConfig):
    """The public contact form, by which people who are not on the client list reach a business."""

    name = "portal.intake"

    permissions = (Permission("enquiries.view", EVERY_ROLE), Permission("enquiries.edit", EDITING_ROLES))
    portal_urls = (UrlInclude("", "portal.intake.urls"), UrlInclude("", "portal.intake.booking.urls"))
    client_api_urls = (UrlInclude("contact-form/", "api.portal.contact_form.urls"),)
    console_urls = (UrlInclude("", "portal.intake.console_urls"),)
    business_api_urls = (
        UrlInclude("enquiries/", "api.enquiries.urls"),
        UrlInclude("suggestions/", "api.suggestions.urls"),
        UrlInclude("portal/contact-form/", "api.contact_form_settings.urls"),
    )
    api_scopes = (
        ApiScope("enquiries:read", _("Read enquiries"), ("enquiries.view",)),
        ApiScope("enquiries:write", _("Mark and assign enquiries"), ("enquiries.edit",)),
    )
    nav_items = (
        NavItem(
            label=_("Enquiries"),
            url_name="enquiries",
            icon="inbox-arrow-down",
            permission="enquiries.view",
            position=15,
        ),
    )
    settings_pages = (
        NavItem(
            label=_("Contact form"),
            url_name="contact-form",
            icon="pencil-square",
            permission="portal.edit",
            position=40,
            about=_("What visitors fill in when they write to you."),
        ),
    )
    card_tabs = (
        CardTab(
            label=_("Enquiries"),
            url_name="client-enquiries",
            permission="clients.view",
            position=65,
            count="portal.intake.console.enquiries_tab.query_client_enquiries",
        ),
    )
    portal_nav_items = (
        PortalNavItem(
            _("Book"),
            url_name="booking:services",
            position=15,
            section="booking",
            is_available="portal.intake.booking.bookable_services.has_client_booking",
        ),
    )
    portal_sections = (
        PortalSection(
            "contact-form",
            _("Contact form"),
            build="portal.intake.home_sections.build_contact_form_home_section",
            position=85,
        ),
        PortalSection(
            "booking",
            _("Booking"),
            build="portal.intake.booking.home_sections.build_booking_home_section",
            position=20,
        ),
    )
    embeds = (
        Embed(
            "contact-form",
            _("Contact form"),
            url_name="intake:embedded-contact",
            page_url_name="intake:contact",
            is_available="portal.intake.services.has_contact_form",
            position=10,
        ),
        Embed(
            "booking",
            _("Book an appointment"),
            url_name="booking:embedded-services",
            page_url_name="booking:services",
            is_available="portal.intake.booking.bookable_services.has_public_booking",
            position=20,
        ),
    )
    sign_in_page_links = (
        "portal.intake.home_sections.build_contact_form_link",
        "portal.intake.booking.home_sections.build_booking_link",
    )

    webhook_events = (
        WebhookEventType(
            "enquiry.received",
            _("An enquiry was received"),
            (IntakeEvent.ENQUIRY_RECEIVED,),
            "portal.intake.webhook_data.build_enquiries",
        ),
        WebhookEventType(
            "enquiry.assigned",
            _("An enquiry was assigned to a client"),
            (IntakeEvent.ENQUIRY_ASSIGNED,),
            "portal.intake.webhook_data.build_enquiries",
        ),
    )

    client_sources = IntakeClientSource
    event_types = IntakeEvent
    event_areas = {"intake": _("Forms")}
    event_presenter = "portal.intake.presenters.IntakeEventPresenter"

    notification_kinds = (
        NotificationKind(IntakeNotification.ENQUIRY, _("New enquiry"), permission="enquiries.view", position=20),
        NotificationKind(IntakeNotification.FLOOD, _("Flood of enquiries"), permission="enquiries.view", position=25),
        NotificationKind(
            IntakeNotification.BOOKING_FLOOD, _("Flood of bookings"), permission="appointments.view", position=35
        ),
    )

    personal_data = "portal.intake.personal_data.POLICIES"
    periodic_jobs = (
        PeriodicJob(
            name="requeue-pending-enquiries",
            run="portal.intake.services.requeue_pending_enquiries",
            interval=timedelta(minutes=10),
        ),
    )
    row_jobs = (
        # The periodic job matches the enquiries whose own job exhausts these limits.
        RowJob(
            IntakeJob.MATCH_ENQUIRY,
            run="portal.intake.jobs.match_enquiry",
            queue=Queue.NOTICES,
            max_age=timedelta(minutes=10),
            time_limit=timedelta(seconds=20),
            on_stop="portal.intake.jobs.stop_matching",
            on_resume="portal.intake.jobs.resume_matching",
            url_name="enquiry",
        ),
    )

    demo_business_seeder = "portal.intake.demo.seed_demo_business"
