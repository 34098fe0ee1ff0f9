"""The conversations of a demo business, and the address that it can't send to."""

from portal.messaging.demo.demo_conversations import seed_conversations
from portal.messaging.demo.demo_suppressions import seed_suppression
from tenants.nouns.demo_business import DemoBusiness


def seed_demo_business(demo_business: DemoBusiness) -> None:
    """Create the conversations and the suppression of a demo business."""
    seed_conversations(demo_business)
    seed_suppression(demo_business)
