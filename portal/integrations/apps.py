"""The Django app of what connects a business with other programs, and what it adds elsewhere."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.integrations.kinds import IntegrationEmail, IntegrationEvent, IntegrationNotification
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import MANAGING_ROLES, NavItem, Permission, UrlInclude
from tenants.nouns.job_declarations import PeriodicJob
from tenants.nouns.message_declarations import NotificationKind, StaffEmailKind


class IntegrationsConfig(NounConfig):
    """Programs that use the API, and those that are told of events."""

    name = "portal.integrations"

    permissions = (Permission("webhooks.manage", MANAGING_ROLES),)
    console_urls = (UrlInclude("settings/webhooks/", "portal.integrations.console_urls"),)
    business_api_urls = (UrlInclude("webhooks/", "api.webhooks.urls"),)
    api_scopes = (
        ApiScope("webhooks:manage", _("Manage webhooks, and with them be told of everything"), ("webhooks.manage",)),
    )
    settings_pages = (
        NavItem(
            label=_("Webhooks"),
            url_name="webhooks",
            icon="arrow-top-right-on-square",
            permission="webhooks.manage",
            position=95,
            about=_("Tell your other programs what happens here."),
        ),
    )

    event_types = IntegrationEvent
    event_areas = {"integrations": _("Integrations")}
    event_presenter = "portal.integrations.presenters.IntegrationEventPresenter"
    notification_kinds = (
        NotificationKind(
            IntegrationNotification.WEBHOOK_DISABLED,
            _("Webhook switched off"),
            permission="webhooks.manage",
            position=95,
        ),
    )

    staff_email_kinds = (
        StaffEmailKind(IntegrationEmail.WEBHOOK, "portal.integrations.staff_email_contexts.build_webhook_context"),
    )

    personal_data = "portal.integrations.personal_data.POLICIES"
    periodic_jobs = (
        PeriodicJob(
            name="refresh-webhooks",
            run="portal.integrations.webhooks.endpoints.refresh_endpoints",
            interval=timedelta(hours=12),
            is_quick=True,
        ),
    )
    purges = (
        "portal.integrations.purges.purge_idempotent_requests",
        "portal.integrations.purges.purge_webhook_attempts",
        "portal.integrations.purges.purge_webhook_events",
    )
