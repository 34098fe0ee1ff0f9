"""The portal's navigation shows the items that nouns declare, in order, and marks the current one."""

import re
from importlib import import_module

import pytest

from portal.branding.models import PortalSettings
from portal.branding.navigation import build_portal_nav_links
from tenants.context import use_business
from tenants.nouns.declarations import PortalNavItem
from tests.factories import ClientFactory
from tests.noun_apps import install_noun_apps, make_noun_app

ITEMS = (
    PortalNavItem("Devices", "access:sessions", position=30),
    PortalNavItem("Home", "home:home", position=10),
    PortalNavItem("Messages", "messages:conversation", fragment="write", section="messages", position=20),
)


pytestmark = pytest.mark.urls("config.urls_portal")


@pytest.fixture
def installed_nav_items():
    """A noun with three items is installed alone; the URLs are those of all nouns."""
    # A URLconf is imported once, with what the nouns of that moment declare.
    import_module("config.urls_portal")
    with install_noun_apps(make_noun_app(portal_nav_items=ITEMS), alone=True):
        yield


def build_links(path, hidden=()):
    return build_portal_nav_links(path, PortalSettings(hidden_sections=list(hidden)))


def find_current_labels(path, hidden=()):
    return [link.label for link in build_links(path, hidden) if link.is_current]


def test_items_come_in_order(installed_nav_items):
    assert [(link.label, link.url) for link in build_links("/")] == [
        ("Home", "/"),
        ("Messages", "/messages/#write"),
        ("Devices", "/sessions/"),
    ]


def test_an_item_disappears_with_its_section(installed_nav_items):
    assert [link.label for link in build_links("/", hidden=["messages"])] == ["Home", "Devices"]


@pytest.mark.parametrize(
    ("path", "label"), [("/", "Home"), ("/messages/", "Messages"), ("/sessions/x/", "Devices"), ("/account/", "Home")]
)
def test_the_longest_url_that_begins_the_path_is_current(installed_nav_items, path, label):
    assert find_current_labels(path) == [label]


def test_the_page_of_a_hidden_item_marks_no_other(installed_nav_items):
    assert find_current_labels("/messages/", hidden=["messages"]) == []


def test_a_page_marks_the_item_that_its_noun_names(acme, sign_in_client):
    with use_business(acme):
        ClientFactory(email="ana@example.com")
    page = sign_in_client(acme, "ana@example.com").get("/passkeys/new/").content.decode()
    assert re.findall(r'<a href="\S+" aria-current="page">([^<]+)</a>', page) == ["Devices"]


def test_a_client_sees_the_items_of_all_nouns(acme, sign_in_client):
    with use_business(acme):
        ClientFactory(email="ana@example.com")
    page = sign_in_client(acme, "ana@example.com").get("/account/contact/").content.decode()
    assert re.findall(r'<a href="(\S+)" (aria-current="page")?>(?:Home|Messages|Your details|Devices)</a>', page) == [
        ("/", ""),
        ("/messages/#write", ""),
        ("/account/", 'aria-current="page"'),
        ("/sessions/", ""),
    ]
