"""Fixtures for the tests of outside calendars."""

import pytest

from tests.fakes.calendar_server import CalendarServer
from tests.portal.scheduling.outside_calendars.calendar_steps import SECRET_PATH


@pytest.fixture
def server():
    """A server on loopback; the demo's settings let it be reached."""
    with CalendarServer() as server:
        yield server


@pytest.fixture
def address(server):
    """The secret address of a calendar on the server."""
    return server.origin + SECRET_PATH
