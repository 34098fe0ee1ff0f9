"""What the tests of the team have in common: an outbox of their own, and areas to grant."""

import pytest

from tests.noun_apps import install_noun_apps, make_noun_app_with_areas


@pytest.fixture(autouse=True)
def _isolated_outbox(outbox):
    """Every test here leaves its mails in a folder of its own."""


@pytest.fixture(autouse=True)
def _noun_with_areas():
    """Every test here has a noun with two restricted areas besides the others."""
    with install_noun_apps(make_noun_app_with_areas("billing", "documents")):
        yield
