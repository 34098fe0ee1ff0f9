"""The client card in the console."""

from tenants.nouns.config import NounConfig


class CardsConfig(NounConfig):
    """The card of one client: its tabs, merging, and requests for personal data. It has no tables."""

    name = "portal.cards"
