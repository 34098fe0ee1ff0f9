"""The home page shows the sections that apps contribute, in order and without empty ones."""

from django.utils import timezone

from portal.profile.models import Profile
from portal.ui import sections
from portal.ui.sections import PortalSection, SignInLink, sign_in_links, visible_sections
from tests.factories import ClientFactory


def late_section(client, profile, now):
    return PortalSection("late", "late.html", order=200)


def early_section(client, profile, now):
    return PortalSection("early", "early.html", {"name": client.name}, order=1)


def no_section(client, profile, now):
    return None


def sign_in_link(client, profile, now):
    return SignInLink("Write to us", "mailto:hello@example.com")


def test_sections_come_in_order_without_empty_ones(settings):
    settings.PORTAL_SECTIONS = [f"{__name__}.{name}" for name in ("late_section", "no_section", "early_section")]
    client = ClientFactory.build(name="Ana Pereira")

    found = visible_sections(client=client, profile=Profile(), now=timezone.now())

    assert [section.key for section in found] == ["early", "late"]
    assert found[0].context == {"name": "Ana Pereira"}


def test_only_links_that_exist_are_returned(settings):
    settings.SIGN_IN_LINKS = [f"{__name__}.no_section", f"{__name__}.sign_in_link"]

    assert [link.url for link in sign_in_links(profile=Profile(), now=timezone.now())] == ["mailto:hello@example.com"]


def test_everything_the_settings_name_exists(settings):
    assert sections._import_builders(tuple(settings.PORTAL_SECTIONS))
    assert sections._import_builders(tuple(settings.SIGN_IN_LINKS))
