"""Does home show what the domain apps contribute, in order, and nothing that has nothing to say?"""

from django.utils import timezone

from portal.profile.models import Profile
from portal.ui import sections
from portal.ui.sections import PortalSection, SignInLink, sign_in_links, visible_sections
from tests.factories import ClientFactory


def late(client, profile, now):
    return PortalSection("late", "late.html", order=200)


def early(client, profile, now):
    return PortalSection("early", "early.html", {"name": client.name}, order=1)


def silent(client, profile, now):
    return None


def door(client, profile, now):
    return SignInLink("Write to us", "mailto:hello@example.com")


def test_sections_come_in_order_and_silent_ones_not_at_all(settings):
    settings.PORTAL_SECTIONS = [f"{__name__}.{name}" for name in ("late", "silent", "early")]
    client = ClientFactory.build(name="Ana Pereira")

    found = visible_sections(client=client, profile=Profile(), now=timezone.now())

    assert [section.key for section in found] == ["early", "late"]
    assert found[0].context == {"name": "Ana Pereira"}


def test_only_ways_in_that_exist_are_named(settings):
    settings.SIGN_IN_LINKS = [f"{__name__}.silent", f"{__name__}.door"]

    assert [way.url for way in sign_in_links(profile=Profile(), now=timezone.now())] == ["mailto:hello@example.com"]


def test_everything_the_settings_name_exists(settings):
    assert sections._import_builders(tuple(settings.PORTAL_SECTIONS))
    assert sections._import_builders(tuple(settings.SIGN_IN_LINKS))
