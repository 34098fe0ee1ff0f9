"""What the tests of API keys have in common: an outbox of their own."""

import pytest


@pytest.fixture(autouse=True)
def _isolated_outbox(outbox):
    """Every test here leaves its mails in a folder of its own."""
