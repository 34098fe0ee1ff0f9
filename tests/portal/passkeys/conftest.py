"""Fixtures of passkeys: an authenticator, and Ana who has added one."""

import pytest
from django.test import Client

from tenants import hostnames
from tenants.hostnames import build_absolute_url
from tests.portal.access.sign_in_steps import ANA
from tests.portal.passkeys.passkey_steps import add_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator


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
