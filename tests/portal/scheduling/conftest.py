"""Fixtures for the tests of scheduling."""

import pytest

from tenants.context import use_business
from tenants.roles import Role
from tenants.staff.staff_actor import StaffActor
from tests.factories import create_member


@pytest.fixture
def in_acme(acme):
    """Run the test in the schema of Acme, and return the business."""
    with use_business(acme):
        yield acme


@pytest.fixture
def staff(acme) -> StaffActor:
    """The owner of Acme, who acts."""
    person = create_member(acme, Role.OWNER).person
    return StaffActor(person_id=person.pk, name=person.name)
