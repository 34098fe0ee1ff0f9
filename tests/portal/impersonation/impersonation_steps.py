"""Helpers that impersonate a client from the console."""

import re

from django.conf import settings
from django.test import Client

from tenants import hostnames
from tenants.models import Business

START = "/impersonation/start/"


def read_token(answer) -> str:
    """Return the token in the form with which a console's answer leads to the portal."""
    page = answer.content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def submit_token(portal: Client, token: str, *, origin: str | None = None):
    """Bring a token to a portal, as the form of the console does, or another site's."""
    sent_by = settings.PUBLIC_URL if origin is None else origin
    return portal.post(START, {"token": token}, headers={"origin": sent_by} if sent_by else {})


def follow_impersonation(console: Client, path: str, business: Business, **data) -> Client:
    """Press a button of the console that leads to a portal, and return the browser that came in there."""
    portal = Client(headers={"host": hostnames.get_portal_host(business)}, enforce_csrf_checks=True)
    entered = submit_token(portal, read_token(console.post(path, data)))
    assert entered.status_code == 302, entered.content.decode()
    portal.handler.enforce_csrf_checks = False
    return portal
