"""Fixtures for the tests of the waiting list: a day with one time that is taken."""

import pytest

from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import BERLIN, at
from tests.portal.scheduling.waiting_list.waiting_steps import add_client


@pytest.fixture
def berlin(in_acme):
    """Acme by the clocks of Berlin."""
    in_acme.time_zone = BERLIN
    in_acme.save()
    return in_acme


@pytest.fixture
def calendar(berlin):
    """A calendar that is open for one hour a day, from ten."""
    return rows.create_calendar(hours=(600, 660))


@pytest.fixture
def service(calendar):
    """A service of an hour in that calendar."""
    return rows.create_service(calendar)


@pytest.fixture
def query(service):
    """The times of that service on MONDAY: one."""
    return rows.build_query(service)


@pytest.fixture
def holder(berlin):
    """A client who has the only time."""
    return add_client("Holly Holder")


@pytest.fixture
def taken(query, holder):
    """The appointment that takes the only time."""
    return rows.book(query, at(10), client=holder)


@pytest.fixture
def eva(berlin):
    """A client."""
    return add_client("Eva Early")


@pytest.fixture
def luca(berlin):
    """Another client."""
    return add_client("Luca Late")
