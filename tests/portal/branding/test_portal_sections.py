"""The home page shows the sections that nouns declare, in order and without empty and hidden ones."""

import pytest
from django.utils import timezone

from portal.branding.home_sections import (
    HomeSectionContent,
    SignInPageLink,
    build_sign_in_page_links,
    build_visible_sections,
    list_hideable_sections,
)
from portal.branding.models import PortalSettings
from tenants.nouns.declarations import PortalSection
from tests.factories import ClientFactory
from tests.noun_apps import install_noun_apps, make_noun_app


def build_late_section(client, portal_settings, now):
    return HomeSectionContent("late.html")


def build_early_section(client, portal_settings, now):
    return HomeSectionContent("early.html", {"name": client.name})


def build_urgent_section(client, portal_settings, now):
    return HomeSectionContent("urgent.html", is_urgent=True)


def build_no_section(client, portal_settings, now):
    return None


def build_mail_link(portal_settings, now):
    return SignInPageLink("Write to us", "mailto:hello@example.com")


def build_no_link(portal_settings, now):
    return None


@pytest.fixture
def installed_sections():
    """A noun with four sections, one of them always empty, and two links, one of them never there."""
    positions = {"late_section": 200, "no_section": 50, "urgent_section": 300, "early_section": 1}
    sections = tuple(
        PortalSection(name, name.capitalize(), build=f"{__name__}.build_{name}", position=position)
        for name, position in positions.items()
    )
    links = (f"{__name__}.build_no_link", f"{__name__}.build_mail_link")
    with install_noun_apps(make_noun_app(portal_sections=sections, sign_in_page_links=links), alone=True):
        yield


def list_section_templates(hidden=()):
    client = ClientFactory.build(name="Ana Pereira")
    portal_settings = PortalSettings(hidden_sections=list(hidden))
    return [
        content.template
        for content in build_visible_sections(client=client, portal_settings=portal_settings, now=timezone.now())
    ]


def test_sections_come_in_order_after_urgent_ones_and_without_empty_ones(installed_sections):
    assert list_section_templates() == ["urgent.html", "early.html", "late.html"]


def test_a_hidden_section_is_left_out(installed_sections):
    assert list_section_templates(hidden=["early_section"]) == ["urgent.html", "late.html"]


def test_businesses_choose_among_all_sections_in_order(installed_sections):
    assert list_hideable_sections() == [
        ("early_section", "Early_section"),
        ("no_section", "No_section"),
        ("late_section", "Late_section"),
        ("urgent_section", "Urgent_section"),
    ]


def test_a_missing_sign_in_page_link_is_left_out(installed_sections):
    links = build_sign_in_page_links(portal_settings=PortalSettings(), now=timezone.now())
    assert [link.url for link in links] == ["mailto:hello@example.com"]
