"""The Django app of sign-in support, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.signin_support.kinds import SupportEvent, SupportNotification
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    CardTab,
    HomeStatistic,
    NavItem,
    Permission,
    UrlInclude,
)
from tenants.nouns.message_declarations import NotificationKind
from tenants.nouns.platform_events import PlatformEvent
from tenants.roles import Role


class SigninSupportConfig(NounConfig):
    """Sign-in support: why a code did not arrive, and what staff do about it."""

    name = "portal.signin_support"

    permissions = (
        Permission("support.view", EVERY_ROLE),
        Permission("support.send", EDITING_ROLES),
        Permission("support.issue", (Role.OWNER,)),
    )
    console_urls = (
        UrlInclude("sign-in-help/", "portal.signin_support.console_urls"),
        UrlInclude("settings/text-messages/", "portal.signin_support.settings_urls"),
    )
    business_api_urls = (
        UrlInclude("sign-in-help/", "api.sign_in_help.urls"),
        UrlInclude("support-tickets/", "api.support_tickets.urls"),
        UrlInclude("text-messages/", "api.text_messages.urls"),
    )
    api_scopes = (
        ApiScope("sign-in-help:read", _("Find out why clients can’t sign in"), ("support.view",)),
        ApiScope("sign-in-help:send", _("Send codes and help clients sign in"), ("support.send",)),
    )
    nav_items = (
        NavItem(
            label=_("Sign-in help"), url_name="signin-support", icon="lifebuoy", permission="support.view", position=60
        ),
    )
    settings_pages = (
        NavItem(
            label=_("Text messages"),
            url_name="text-messages",
            icon="device-phone-mobile",
            permission="support.view",
            position=60,
            about=_("What was texted today, what it cost, and what is stopped."),
        ),
    )
    card_tabs = (
        CardTab(label=_("Sign-in help"), url_name="signin-support-client", permission="support.view", position=60),
    )
    home_statistics = (
        HomeStatistic("support.view", "portal.signin_support.home_statistics.build_statistic", position=20),
    )

    event_types = SupportEvent
    event_areas = {"support": _("Support")}

    notification_kinds = (
        NotificationKind(
            SupportNotification.OUTAGE,
            _("Codes are delayed"),
            permission="support.view",
            # During an outage the mail about it would be late as well.
            is_mailed_by_default=False,
            is_obsolete="portal.signin_support.outage_notifications.is_outage_over",
            position=30,
        ),
        NotificationKind(
            SupportNotification.SMS_STOPPED,
            _("Text messages are stopped"),
            permission="support.view",
            is_obsolete="portal.signin_support.sms_stop_notifications.is_sms_stop_lifted",
            position=35,
        ),
        NotificationKind(SupportNotification.TICKET, _("Support"), permission="support.view", position=40),
    )

    event_handlers = {
        PlatformEvent.OUTAGE_STARTED: "portal.signin_support.outage_notifications.notify_outage_started",
        PlatformEvent.OUTAGE_ENDED: "portal.signin_support.outage_notifications.notify_outage_ended",
        PlatformEvent.SMS_STOPPED: "portal.signin_support.sms_stop_notifications.notify_sms_stopped",
        PlatformEvent.SUPPRESSION_REMOVED: "portal.signin_support.code_resends.resend_code_after_removal",
    }

    personal_data = "portal.signin_support.personal_data.POLICIES"
    purges = ("portal.signin_support.purges.purge_reported_sign_in_identifiers",)
