"""Fixtures of the messaging tests: a client of Acme's and a colleague who works there."""

import pytest

from portal.clients.services import update_search_text
from tenants.context import use_business
from tenants.models import Membership
from tests import factories


@pytest.fixture
def ana(acme, ana):
    """Ana without a mobile number."""
    with use_business(acme):
        ana.contacts.filter(kind="phone").delete()
        update_search_text([ana.pk])
        return ana


@pytest.fixture
def timo(acme) -> Membership:
    """Timo, who works at Acme."""
    return factories.create_member(acme, "staff")
