"""The home page shows the sections that nouns declare, in order and without empty and hidden ones."""

import pytest
from django.utils import timezone

from portal.branding.models import PortalSettings
from portal.branding.sections import (
    SectionContent,
    SignInLink,
    build_visible_sections,
    list_hideable_sections,
    sign_in_links,
)
from tenants.nouns.declarations import PortalSection
from tests.factories import ClientFactory
from tests.noun_apps import install_noun_apps, make_noun_app


def late_section(client, portal_settings, now):
    return SectionContent("late.html", order=200)


def early_section(client, portal_settings, now):
    return SectionContent("early.html", {"name": client.name}, order=1)


def no_section(client, portal_settings, now):
    return None


def mail_link(portal_settings, now):
    return SignInLink("Write to us", "mailto:hello@example.com")


def no_link(portal_settings, now):
    return None


@pytest.fixture
def noun_with_sections():
    """A noun with three sections, one of them always empty, and two links, one of them never there."""
    names = ("late_section", "no_section", "early_section")
    sections = tuple(PortalSection(name, name.capitalize(), build=f"{__name__}.{name}") for name in names)
    links = (f"{__name__}.no_link", f"{__name__}.mail_link")
    with install_noun_apps(make_noun_app(portal_sections=sections, sign_in_links=links), alone=True):
        yield


def list_section_templates(hidden=()):
    client = ClientFactory.build(name="Ana Pereira")
    portal_settings = PortalSettings(hidden_sections=list(hidden))
    return [
        content.template
        for content in build_visible_sections(client=client, portal_settings=portal_settings, now=timezone.now())
    ]


def test_sections_come_in_order_without_empty_ones(noun_with_sections):
    assert list_section_templates() == ["early.html", "late.html"]


def test_a_hidden_section_is_left_out(noun_with_sections):
    assert list_section_templates(hidden=["early_section"]) == ["late.html"]


def test_businesses_choose_among_all_sections(noun_with_sections):
    assert list_hideable_sections() == [
        ("late_section", "Late_section"),
        ("no_section", "No_section"),
        ("early_section", "Early_section"),
    ]


def test_only_links_that_exist_are_returned(noun_with_sections):
    links = sign_in_links(portal_settings=PortalSettings(), now=timezone.now())
    assert [link.url for link in links] == ["mailto:hello@example.com"]
