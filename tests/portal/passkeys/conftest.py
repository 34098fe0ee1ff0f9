"""Fixtures of passkeys: an authenticator, and Ana who has added one."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from tenants import hostnames
from tenants.hostnames import build_absolute_url
from tests.portal.access.sign_in_steps import ANA
from tests.portal.passkeys.passkey_steps import add_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator


@pytest.fixture
def noon(time_machine) -> datetime:
    """Noon, at which the clock stands still. A test names it first, so that its other fixtures are of that time too."""
    time_machine.move_to(datetime(2026, 3, 16, 12, tzinfo=UTC), tick=False)
    return timezone.now()


@pytest.fixture
def authenticator(acme) -> SoftwareAuthenticator:
    """Ana's phone, at Acme's portal."""
    return SoftwareAuthenticator(origin=build_absolute_url(hostnames.get_portal_host(acme), ""))


@pytest.fixture
def signed_in_browser(acme, ana, sign_in_client) -> Client:
    """Ana's browser, signed in by code."""
    return sign_in_client(acme, ANA)


@pytest.fixture
def browser_with_passkey(signed_in_browser, authenticator) -> Client:
    """Ana's browser, signed in; her phone has a passkey."""
    response = add_passkey(signed_in_browser, authenticator)
    assert response.status_code == 302, response.content.decode()
    return signed_in_browser
