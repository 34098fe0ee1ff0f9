"""Seeding makes the demo anew, and refuses where real data would be lost."""

import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from portal.activity.models import Entry
from portal.clients.models import Client
from portal.demo.services import BUSINESSES, remove_business, seed_business
from tenants.context import use_business
from tenants.models import Business, Membership

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _made_anew(slug):
    remove_business(slug)
    return seed_business(slug, now=NOW)


def _story():
    with use_business(_made_anew("acme")):
        return list(
            Entry.objects.order_by("at", "event_type", "client__name").values_list("at", "event_type", "client__name")
        )


def test_every_machine_tells_the_same_story():
    assert _story() == _story() != []


def test_the_owner_of_globex_owns_acme_too(acme, globex):
    for slug in BUSINESSES:
        _made_anew(slug)
    roles = set(Membership.objects.values_list("person__email", "business__name", "role"))
    assert roles == {
        ("owner@acme.test", "Acme Physiotherapy", "owner"),
        ("staff@acme.test", "Acme Physiotherapy", "staff"),
        ("owner@globex.test", "Acme Physiotherapy", "owner"),
        ("owner@globex.test", "Globex Legal", "owner"),
    }


def test_a_second_seeding_changes_nothing(acme, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        assert seed_business("acme", now=NOW) is None
    with use_business(acme):
        assert not Client.objects.exists()


def test_a_reset_makes_both_anew(acme, globex):
    said = io.StringIO()
    call_command("reset_demo", stdout=said)
    assert "Acme Physiotherapy is at http://acme.localhost:8000/" in said.getvalue()
    assert not Business.objects.filter(pk__in=[acme.pk, globex.pk]).exists()
    assert Business.objects.count() == 2


def test_a_reset_is_refused_where_businesses_are_real(settings, acme):
    settings.DEMO = False
    with pytest.raises(CommandError, match="no demo"):
        call_command("reset_demo")
    assert Business.objects.filter(pk=acme.pk).exists()


def test_a_real_platform_is_not_seeded(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="no demo"):
        call_command("seed_demo")
