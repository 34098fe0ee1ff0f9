"""Fixtures for the tests of the contact form."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def advance_clock(time_machine):
    """Return a function that advances a clock that is otherwise frozen."""
    time_machine.move_to(datetime.now(UTC), tick=False)
    return time_machine.shift
