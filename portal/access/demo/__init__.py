"""Past sign-ins of the demo's clients, successful and failed."""

from portal.access.demo.demo_business import seed_demo_business
from portal.access.demo.demo_client import seed_demo_client

__all__ = ["seed_demo_business", "seed_demo_client"]
