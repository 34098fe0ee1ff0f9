"""Sample conversations and a suppressed address for the demo."""

from portal.messaging.demo.demo_business import seed_demo_business
from portal.messaging.demo.demo_client import seed_demo_client

__all__ = ["seed_demo_business", "seed_demo_client"]
