"""The Django app of a business's API keys, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.api_keys.kinds import ApiKeyEmail, ApiKeyEvent
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import MANAGING_ROLES, NavItem, Permission, UrlInclude
from tenants.nouns.message_declarations import StaffEmailKind


class ApiKeysConfig(NounConfig):
    """The keys with which programs use the business API. Their table is in the public schema."""

    name = "portal.api_keys"

    permissions = (Permission("api_keys.manage", MANAGING_ROLES),)
    console_urls = (UrlInclude("settings/api-keys/", "portal.api_keys.console_urls"),)
    settings_pages = (
        NavItem(
            label=_("API keys"),
            url_name="api-keys",
            icon="key",
            permission="api_keys.manage",
            position=80,
            about=_("Access for your own programs and other services."),
        ),
    )
    staff_email_kinds = (
        StaffEmailKind(ApiKeyEmail.CREATED, "portal.api_keys.staff_email_contexts.build_api_key_context"),
    )
    event_types = ApiKeyEvent
    event_areas = {"api-keys": _("API keys")}
    event_presenter = "portal.api_keys.presenters.ApiKeyEventPresenter"
