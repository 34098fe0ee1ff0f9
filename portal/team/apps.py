"""A business’s team."""

from tenants.nouns.config import NounConfig


class TeamConfig(NounConfig):
    """The members of staff of a business, their roles and invitations. Its tables are in the public schema."""

    name = "portal.team"
