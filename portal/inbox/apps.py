"""The inbox of conversations in the console."""

from tenants.nouns.config import NounConfig


class InboxConfig(NounConfig):
    """The conversations of all clients, for staff. It has no tables."""

    name = "portal.inbox"
