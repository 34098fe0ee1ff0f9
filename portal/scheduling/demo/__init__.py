"""Sample services, calendars and appointments for the demo."""

from portal.scheduling.demo.demo_business import seed_demo_business
from portal.scheduling.demo.demo_client import seed_demo_client

__all__ = ["seed_demo_business", "seed_demo_client"]
