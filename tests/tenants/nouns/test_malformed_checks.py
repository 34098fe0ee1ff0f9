"""A declaration of the wrong form is named, with the noun that makes it."""

from datetime import timedelta

import pytest
from django.db.models import TextChoices

from tenants.nouns import checks
from tenants.nouns.declarations import EVERY_ROLE, Permission
from tenants.nouns.job_declarations import PeriodicJob
from tests.noun_apps import make_noun_app
from tests.tenants.nouns.sample_declarations import (
    EXISTING,
    FIRST,
    VisitEvent,
    build_nav_item,
    build_notification_kind,
    build_row_job,
    list_noun_problems,
)

MALFORMED = {
    "no tuple": ({"purges": EXISTING}, "purges must be a tuple of str; a single one needs a comma."),
    "another type": ({"nav_items": (EXISTING,)}, "nav_items must be a tuple of NavItem; a single one needs a comma."),
    "misspelt": ({"nav_item": (build_nav_item(),)}, "declares nav_item, which is no attribute of a NounConfig."),
    "no path": ({"personal_data": (EXISTING,)}, "personal_data must be a dotted path."),
    "no sources": ({"client_sources": ("a",)}, "client_sources must be a subclass of TextChoices."),
    "long source": (
        {"client_sources": TextChoices("VisitSource", {"LONG": "visitor-book-at-the-door"})},
        "the client source visitor-book-at-the-door must have 16 characters at most.",
    ),
    "no event types": ({"event_types": ("a",)}, "event_types must be a subclass of TextChoices."),
    "no areas": ({"event_areas": ("visits",)}, "event_areas must map each area to its label."),
    "no variables": ({"message_variables": (EXISTING,)}, "message_variables must map each str to a dotted path."),
    "no value": ({"message_variables": {"hours": None}}, "message_variables must map each str to a dotted path."),
    "no handlers": ({"event_handlers": (EXISTING,)}, "event_handlers must map each PlatformEvent to a dotted path."),
    "no event": (
        {"event_handlers": {"outage-started": EXISTING}},
        "event_handlers must map each PlatformEvent to a dotted path.",
    ),
    "no area": ({"event_types": VisitEvent}, "no noun declares the event area visits, so nobody could filter"),
    "long key": ({"notification_kinds": (build_notification_kind(key="v" * 21),)}, "must have 1 to 20 characters."),
    "no interval": (
        {"periodic_jobs": (PeriodicJob("count", EXISTING, timedelta(0)),)},
        "the interval of the periodic job count must be positive.",
    ),
    "no queue": (
        {"row_jobs": (build_row_job(queue="express"),)},
        "the row job tidy needs the queue express, which has no workers.",
    ),
    "no age limit": (
        {"row_jobs": (build_row_job(max_age=timedelta(0)),)},
        "the age and time limits of the row job tidy must be positive.",
    ),
    "no time limit": (
        {"row_jobs": (build_row_job(time_limit=timedelta(0)),)},
        "the age and time limits of the row job tidy must be positive.",
    ),
    "no action": ({"permissions": (Permission("visits", EVERY_ROLE),)}, "must be written as area.action."),
    "no scopes": ({"api_scopes": ("visits:read",)}, "api_scopes must be a tuple of ApiScope; a single one needs a"),
}


@pytest.mark.parametrize(("declarations", "sentence"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_declaration_is_named_with_its_noun(declarations, sentence):
    found = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert [problem for problem in found if problem.startswith(FIRST) and sentence in problem], found


def test_an_app_of_a_business_without_a_noun_config_is_a_problem(settings):
    settings.TENANT_APPS = [*settings.TENANT_APPS, "allauth"]
    assert list(checks.find_declaration_problems()) == [
        "allauth is an app of a business, so its apps.py needs a NounConfig."
    ]
