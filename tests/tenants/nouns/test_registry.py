"""Tests what the registry of nouns finds."""

from django.conf import settings

from tenants.nouns import registry


def test_every_app_of_a_business_is_a_noun():
    assert [noun.name for noun in registry.nouns()] == settings.TENANT_APPS
