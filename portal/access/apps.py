"""The Django app of signing in."""

from tenants.nouns.config import NounConfig


class AccessConfig(NounConfig):
    """Challenges, codes, client sessions and impersonation sessions."""

    name = "portal.access"
    label = "access"

    personal_data = "portal.access.personal_data.POLICIES"
