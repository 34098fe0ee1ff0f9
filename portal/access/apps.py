"""The Django app of signing in, and what it adds elsewhere."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.messaging.message_templates.common_placeholders import SENT_AT
from tenants.nouns.api_declarations import WebhookEventType
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import PortalNavItem, PortalSection, UrlInclude
from tenants.nouns.job_declarations import PeriodicJob
from tenants.nouns.message_declarations import MessageKind, Placeholder
from tenants.nouns.platform_events import PlatformEvent

CODE_CONTEXT = "portal.access.services.build_code_message_context"
DEVICE = Placeholder(
    "device",
    _("the browser and the device"),
    value="portal.access.placeholder_values.format_device",
    sample="Firefox on Windows",
)


class AccessConfig(NounConfig):
    """Challenges, codes, client sessions and impersonation sessions."""

    name = "portal.access"

    portal_urls = (UrlInclude("", "portal.access.urls"),)
    client_api_urls = (
        UrlInclude("sign-in/", "api.portal.sign_in.urls"),
        UrlInclude("tokens/", "api.portal.tokens.urls"),
        UrlInclude("me/sessions/", "api.portal.sessions.urls"),
    )
    portal_nav_items = (PortalNavItem(_("Devices"), url_name="access:sessions", position=90),)
    portal_sections = (
        PortalSection(
            "devices",
            _("Devices of the client"),
            build="portal.access.home_sections.build_devices_home_section",
            position=90,
        ),
    )

    webhook_events = (
        WebhookEventType(
            "sign_in.succeeded",
            _("A client signed in"),
            (AccessEvent.SIGNED_IN,),
            "portal.access.webhook_data.build_sign_ins",
        ),
        WebhookEventType(
            "sign_in.locked",
            _("A sign-in ended after too many wrong codes"),
            (AccessEvent.CHALLENGE_LOCKED,),
            "portal.access.webhook_data.build_locked_sign_ins",
        ),
    )

    event_types = AccessEvent
    event_areas = {"access": _("Sign-in")}
    non_personal_event_keys = (
        "channel",
        "kind",
        "provider",
        "reason",
        "known",
        "sendable",
        "guesses_left",
        "new_browser",
        "count",
        "method",
    )
    event_presenter = "portal.access.presenters.AccessEventPresenter"
    routine_event_types = (
        AccessEvent.CODE_REQUESTED,
        AccessEvent.CODE_RESENT,
        AccessEvent.CODE_SENT,
        AccessEvent.CODE_REJECTED,
        AccessEvent.OLD_CODE_ENTERED,
    )

    message_kinds = (
        MessageKind(
            AccessMessageKind.SIGN_IN_CODE,
            is_sent_as_text=True,
            has_code=True,
            accepted_event_type=AccessEvent.CODE_SENT,
            build_context=CODE_CONTEXT,
        ),
        MessageKind(
            AccessMessageKind.CONFIRM_CODE,
            is_sent_as_text=True,
            has_code=True,
            accepted_event_type=AccessEvent.CODE_SENT,
            build_context=CODE_CONTEXT,
        ),
        MessageKind(
            AccessMessageKind.NEW_BROWSER,
            label=_("A client signed in on a new device"),
            placeholders=(DEVICE, SENT_AT),
            is_about_access=True,
        ),
        MessageKind(
            AccessMessageKind.CONTACT_CHANGED,
            label=_("A client’s contact details were changed"),
            placeholders=(SENT_AT,),
            is_sent_as_text=True,
            is_about_access=True,
        ),
        MessageKind(
            AccessMessageKind.ACCESS_ENDED,
            label=_("A client’s access has ended"),
            is_sent_as_text=True,
            is_about_access=True,
        ),
        MessageKind(AccessMessageKind.INVITATION, label=_("A client is invited to the portal")),
        MessageKind(AccessMessageKind.CODE_ISSUED, is_sent_as_text=True, is_about_access=True),
    )

    periodic_jobs = (
        PeriodicJob(
            name="notify-of-imported-addresses",
            run="portal.access.services.import_notices.notify_of_imported_addresses",
            interval=timedelta(minutes=1),
        ),
    )
    sms_priority = "portal.access.sms_priorities.get_sms_priority"
    personal_data = "portal.access.personal_data.POLICIES"
    purges = (
        "portal.access.purges.purge_challenges",
        "portal.access.purges.purge_expired_browsers",
        "portal.access.purges.purge_impersonation_sessions",
        "portal.access.purges.purge_used_token_grants",
    )

    event_handlers = {
        PlatformEvent.ADDRESSES_WITHDRAWN: "portal.access.services.withdrawn_addresses.end_withdrawn_access",
        PlatformEvent.MEMBER_REMOVED: "portal.access.services.impersonation.end_impersonations_of_member",
    }

    demo_client_seeder = "portal.access.demo.seed_demo_client"
    demo_business_seeder = "portal.access.demo.seed_demo_business"
