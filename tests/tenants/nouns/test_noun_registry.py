"""Tests what the registry of nouns finds."""

import pytest
from django.conf import settings

from tenants.nouns import registry
from tenants.nouns.personal_data_policies import PersonalDataPolicy
from tenants.nouns.platform_events import PlatformEvent
from tests.noun_apps import install_noun_apps, make_noun_app

FIRST, SECOND = "tests.visits", "tests.journeys"
POLICIES = tuple(PersonalDataPolicy(key, "clients.Note") for key in ("rooms", "visits"))

handled_events: list[str] = []


def handle_start(*, outage, now):
    """Note the outage that starts."""
    handled_events.append(f"{outage} starts")


def handle_end(*, outage, now):
    """Note the outage that ends."""
    handled_events.append(f"{outage} ends")


def fail_to_handle(*, outage, now):
    """Fail at any outage."""
    raise ValueError(outage)


@pytest.fixture(autouse=True)
def _nothing_handled():
    handled_events.clear()


def make_noun_with_handlers(name, **handlers):
    paths = {PlatformEvent[event]: f"{__name__}.{function}" for event, function in handlers.items()}
    return make_noun_app(name, event_handlers=paths)


def test_every_app_of_a_business_is_a_noun():
    assert [noun.name for noun in registry.list_noun_configs()] == settings.TENANT_APPS


def test_the_personal_data_of_a_noun_is_erased_before_that_of_the_nouns_below_it():
    lower = registry.list_personal_data_policies()
    with install_noun_apps(make_noun_app(personal_data=f"{__name__}.POLICIES")):
        assert registry.list_personal_data_policies() == (*POLICIES, *lower)


def test_an_event_is_handled_by_each_noun_that_declares_a_handler_for_it():
    first = make_noun_with_handlers(FIRST, OUTAGE_STARTED="handle_start", OUTAGE_ENDED="handle_end")
    second = make_noun_with_handlers(SECOND, OUTAGE_STARTED="handle_start")
    with install_noun_apps(first, second, alone=True):
        registry.call_event_handlers(PlatformEvent.OUTAGE_ENDED, outage="sms", now=None)
        registry.call_event_handlers(PlatformEvent.OUTAGE_STARTED, outage="email", now=None)
        registry.call_event_handlers(PlatformEvent.SUPPRESSION_REMOVED, suppression="ana", now=None)

    assert handled_events == ["sms ends", "email starts", "email starts"]


def test_the_error_of_an_event_handler_reaches_the_caller():
    first = make_noun_with_handlers(FIRST, OUTAGE_STARTED="fail_to_handle")
    second = make_noun_with_handlers(SECOND, OUTAGE_STARTED="handle_start")
    with install_noun_apps(first, second, alone=True), pytest.raises(ValueError, match="sms"):
        registry.call_event_handlers(PlatformEvent.OUTAGE_STARTED, outage="sms", now=None)
    assert handled_events == []
