"""The installed nouns fit together, and a process starts only if they do."""

import pytest

from tenants.nouns import checks, registry
from tests.noun_apps import install_noun_apps, make_noun_app
from tests.tenants.nouns.sample_declarations import FIRST, MISSING, list_noun_problems


def test_every_app_of_a_business_is_a_noun(settings):
    assert [noun.name for noun in registry.list_noun_configs()] == settings.TENANT_APPS


def test_the_installed_nouns_fit_together():
    assert list_noun_problems() == []


def test_a_process_does_not_start_with_a_problem():
    with (
        install_noun_apps(make_noun_app(FIRST, purges=(MISSING,))),
        pytest.raises(SystemExit, match=f"{FIRST} names {MISSING}"),
    ):
        checks.exit_on_invalid_nouns()


def test_a_process_starts_without_one():
    checks.exit_on_invalid_nouns()
