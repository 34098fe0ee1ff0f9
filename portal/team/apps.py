"""A business’s team."""

from django.utils.translation import gettext_lazy as _

from portal.team.kinds import TeamEvent
from tenants.nouns.config import NounConfig


class TeamConfig(NounConfig):
    """The members of staff of a business, their roles and invitations. Its tables are in the public schema."""

    name = "portal.team"

    event_types = TeamEvent
    event_areas = {"team": _("Team")}
    event_presenter = "portal.team.presenters.TeamEventPresenter"
