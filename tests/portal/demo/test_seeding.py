"""The commands that seed and reset the demo, which refuse where real data would be lost."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from portal.activity.models import Entry
from portal.clients.models import Client, Note
from portal.demo import services
from portal.demo.services import BUSINESSES, remove_business, seed_business
from tenants.context import use_business
from tenants.models import Business, Membership
from tenants.nouns.demo_business import DemoBusiness

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def _reseed_business(slug):
    remove_business(slug)
    return seed_business(slug, now=NOW)


def _seed_and_list_timeline():
    with use_business(_reseed_business("acme")):
        return list(
            Entry.objects.order_by("at", "event_type", "client__name").values_list("at", "event_type", "client__name")
        )


def test_seeding_gives_the_same_history_every_time():
    assert _seed_and_list_timeline() == _seed_and_list_timeline() != []


def _seed_note(demo_business: DemoBusiness) -> None:
    client = Client.objects.get(name="Ana Pereira")
    Note.objects.create(client=client, body=demo_business.slug, author_name="", created_at=demo_business.now)


def test_a_noun_s_seeder_finds_what_earlier_nouns_have_seeded(monkeypatch):
    monkeypatch.setattr(apps.get_app_config("team"), "demo_business_seeder", f"{__name__}.{_seed_note.__name__}")
    with use_business(_reseed_business("acme")):
        assert Note.objects.get(body="acme").created_at == NOW


def test_the_demo_imports_no_noun():
    sources = Path(services.__file__).parent.rglob("*.py")
    imported = {name for source in sources for name in re.findall(r"portal\.(\w+)", source.read_text())}
    assert imported == {"demo"}


def test_random_numbers_are_the_same_for_a_business_and_a_subject():
    def draw_random_number(slug, subject):
        return DemoBusiness(slug=slug, business=None, staff=None, now=NOW).create_random(subject).random()

    assert draw_random_number("acme", "cards") == draw_random_number("acme", "cards")
    assert (
        len(
            {
                draw_random_number("acme", "cards"),
                draw_random_number("acme", "tags"),
                draw_random_number("globex", "cards"),
            }
        )
        == 3
    )


def test_the_owner_of_globex_owns_acme_too(acme, globex):
    for slug in BUSINESSES:
        _reseed_business(slug)
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


def test_a_reset_recreates_both_businesses(acme, globex):
    output = io.StringIO()
    call_command("reset_demo", stdout=output)
    assert "Acme Physiotherapy is at http://acme.localhost:8000/" in output.getvalue()
    assert not Business.objects.filter(pk__in=[acme.pk, globex.pk]).exists()
    assert Business.objects.count() == 2


def test_a_reset_is_refused_where_businesses_are_real(settings, acme):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo"):
        call_command("reset_demo")
    assert Business.objects.filter(pk=acme.pk).exists()


def test_a_real_platform_is_not_seeded(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="not a demo"):
        call_command("seed_demo")
