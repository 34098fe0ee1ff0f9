"""Fixtures for the tests of the booking pages: a Monday morning, and a stranger's browser."""

import pytest

from tests.portal.scheduling.scheduling_rows import NOW


@pytest.fixture(autouse=True)
def advance_clock(time_machine):
    """Let it be the Monday before the one of scheduling_rows; return a function that advances the clock."""
    time_machine.move_to(NOW, tick=False)
    return time_machine.shift


@pytest.fixture
def browser(acme, portal_client):
    """A stranger's browser at Acme."""
    return portal_client(acme)
