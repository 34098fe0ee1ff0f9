"""Fixtures of the messaging tests: a client of Acme's and a colleague who works there."""

import pytest

from portal.clients.models import Client
from tenants.context import use_business
from tenants.models import Membership
from tests import factories
from tests.portal.messaging.actions import create_client


@pytest.fixture
def ana(acme) -> Client:
    """Ana, a client of Acme's."""
    with use_business(acme):
        return create_client()


@pytest.fixture
def timo(acme) -> Membership:
    """Timo, who works at Acme."""
    return factories.create_member(acme, "staff")
