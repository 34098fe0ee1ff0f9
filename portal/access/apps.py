"""The Django app of signing in."""

from tenants.nouns.config import NounConfig


class AccessConfig(NounConfig):
    """Challenges, codes, client sessions and impersonation sessions."""

    name = "portal.access"
    label = "access"

    personal_data = "portal.access.personal_data.POLICIES"
    purges = (
        "portal.access.purges.purge_challenges",
        "portal.access.purges.purge_expired_browsers",
        "portal.access.purges.purge_impersonation_sessions",
    )

    demo_client_seeder = "portal.access.demo.seed_demo_client"
    demo_business_seeder = "portal.access.demo.seed_demo_business"
