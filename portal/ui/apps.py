"""The Django app of what all pages share."""

from tenants.nouns.app_config import NounConfig


class UiConfig(NounConfig):
    """What all pages share: components, errors, colours and formats."""

    name = "portal.ui"
