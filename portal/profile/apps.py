"""The configuration of the `profile` app."""

from tenants.nouns.config import NounConfig


class ProfileConfig(NounConfig):
    """A business's settings for its portal, and the clients' own details."""

    name = "portal.profile"
    label = "profile"

    demo_business_seeder = "portal.profile.demo.seed_demo_business"
