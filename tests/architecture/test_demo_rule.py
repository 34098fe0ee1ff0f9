"""Tests that every query on clients' rows leaves out demo clients through `tenants.nouns.querysets`."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from portal.clients.models import Client
from tenants.nouns.querysets import DemoAwareQuerySet

ROOT = settings.BASE_DIR
# Who makes and finds the demo client, and two conditions that stand in an index and in a count beside the rule.
ASKING = {
    "portal/clients/models/client.py",
    "portal/clients/services/tags.py",
    "portal/access/services/impersonation.py",
    "portal/impersonation/services.py",
}
# A tag on a card, and a card's own kind: the card decides.
THROUGH = {model for model in apps.get_models(include_auto_created=True) if model._meta.auto_created}


def find_client_lookups(model: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> set[str]:
    """Return every way from a model to a client by its own foreign keys; empty for the client itself."""
    if model is Client:
        return {""}
    found = set()
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model not in seen:
            ends = find_client_lookups(field.related_model, (*seen, model))
            found |= {f"{field.name}__{end}" if end else field.name for end in ends}
    return found


BELONGING = [model for model in apps.get_models() if model not in THROUGH and find_client_lookups(model)]


def test_demo_rule_has_models_to_check():
    assert {model.__name__ for model in BELONGING} >= {
        "Client",
        "Contact",
        "Entry",
        "Message",
        "Challenge",
        "ImpersonationSession",
    }


def test_only_listed_modules_filter_by_is_demo():
    asked = re.compile(r"is_demo(?:=|__)")
    places = (path for folder in ("portal", "workers", "tenants", "api") for path in (ROOT / folder).rglob("*.py"))
    found = {str(path.relative_to(ROOT)) for path in places if asked.search(path.read_text())}

    assert {path for path in found if "/migrations/" not in path} <= ASKING


@pytest.mark.parametrize("model", BELONGING, ids=lambda model: model._meta.label)
def test_querysets_of_client_rows_can_exclude_the_demo_client(model):
    rows = model._default_manager.get_queryset()

    assert isinstance(rows, DemoAwareQuerySet)
    assert type(rows).exclude_demo is DemoAwareQuerySet.exclude_demo, "There is one rule, and it is not written again."
    assert rows.client_path in find_client_lookups(model)
    assert "is_demo" in str(rows.exclude_demo().query)
