"""Helpers that impersonate a client from the console."""

from urllib.parse import urlsplit

from django.test import Client

from tenants import hostnames
from tenants.models import Business


def portal_path(answer) -> str:
    """Return where at the portal a console's answer sends its reader, with the pass."""
    assert answer.status_code == 302, answer.content.decode()
    location = urlsplit(answer.headers["Location"])
    return f"{location.path}?{location.query}"


def follow_impersonation(console: Client, path: str, business: Business, **data) -> Client:
    """Press a button of the console that leads to a portal, and return the browser that came in there."""
    portal = Client(headers={"host": hostnames.get_portal_host(business)})
    entered = portal.get(portal_path(console.post(path, data)))
    assert entered.status_code == 302, entered.content.decode()
    return portal
