"""The Django app of a business's team, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.team.kinds import TeamEmail, TeamEvent
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import EVERY_ROLE, MANAGING_ROLES, NavItem, Permission, UrlInclude
from tenants.nouns.message_declarations import StaffEmailKind


class TeamConfig(NounConfig):
    """The members of staff of a business, their roles and invitations. Its tables are in the public schema."""

    name = "portal.team"

    permissions = (Permission("team.view", EVERY_ROLE), Permission("team.manage", MANAGING_ROLES))
    console_urls = (UrlInclude("settings/team/", "portal.team.console_urls"),)
    platform_urls = (UrlInclude("staff/", "portal.team.urls"),)
    business_api_urls = (UrlInclude("team/", "api.team.urls"),)
    api_scopes = (
        ApiScope("team:read", _("Read who is on your team"), ("team.view",)),
        ApiScope("team:manage", _("Invite, change and remove colleagues"), ("team.manage",)),
    )
    settings_pages = (
        NavItem(
            label=_("Team"),
            url_name="team",
            icon="user-group",
            permission="team.view",
            position=10,
            about=_("Team members and their permissions."),
        ),
    )

    staff_email_kinds = (
        StaffEmailKind(TeamEmail.CODE, "portal.team.staff_email_contexts.build_code_context", has_code=True),
        StaffEmailKind(TeamEmail.INVITATION, "portal.team.staff_email_contexts.build_invitation_context"),
        StaffEmailKind(TeamEmail.NEW_BROWSER, "portal.team.staff_email_contexts.build_account_context"),
        StaffEmailKind(TeamEmail.FACTOR, "portal.team.staff_email_contexts.build_account_context"),
    )
    event_types = TeamEvent
    event_areas = {"team": _("Team")}
    event_presenter = "portal.team.presenters.TeamEventPresenter"
