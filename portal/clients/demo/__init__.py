"""The clients of the demo's businesses, and the contacts of the demo client."""

from portal.clients.demo.demo_business import seed_demo_business
from portal.clients.demo.demo_client import seed_demo_client

__all__ = ["seed_demo_business", "seed_demo_client"]
