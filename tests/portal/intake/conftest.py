"""What do tests of the contact form start from?"""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def later(time_machine):
    """Return a function that lets seconds pass on a clock that otherwise stands."""
    time_machine.move_to(datetime.now(UTC), tick=False)
    return time_machine.shift
