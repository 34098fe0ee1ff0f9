"""The past sign-ins of a demo business."""

from portal.access.demo.demo_bounced_sign_ins import seed_bounced_sign_ins
from portal.access.demo.demo_sign_ins import seed_sign_in_history
from tenants.nouns.demo_business import DemoBusiness


def seed_demo_business(demo_business: DemoBusiness) -> None:
    """Create the sign-ins of a demo business's clients, and those whose mail bounced."""
    seed_sign_in_history(demo_business)
    seed_bounced_sign_ins(demo_business)
