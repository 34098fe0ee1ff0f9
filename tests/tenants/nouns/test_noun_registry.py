"""Tests what the registry of nouns finds."""

from django.conf import settings

from tenants.nouns import registry
from tenants.nouns.personal_data_policies import PersonalDataPolicy
from tests.noun_apps import install_noun_apps, make_noun_app

POLICIES = tuple(PersonalDataPolicy(key, "clients.Note") for key in ("rooms", "visits"))


def test_every_app_of_a_business_is_a_noun():
    assert [noun.name for noun in registry.noun_app_configs()] == settings.TENANT_APPS


def test_the_personal_data_of_a_noun_is_erased_before_that_of_the_nouns_below_it():
    lower = registry.personal_data_policies()
    with install_noun_apps(make_noun_app(personal_data=f"{__name__}.POLICIES")):
        assert registry.personal_data_policies() == (*POLICIES, *lower)
