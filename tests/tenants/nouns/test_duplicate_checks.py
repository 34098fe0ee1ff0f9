"""What two nouns declare alike is named, with the noun that repeats it."""

from datetime import timedelta

import pytest
from django.db.models import TextChoices

from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.declarations import (
    EVERY_ROLE,
    ConsoleTool,
    HomeSection,
    HomeStatistic,
    Permission,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    RestrictedArea,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.job_declarations import PeriodicJob
from tenants.nouns.message_declarations import StaffEmailKind
from tenants.nouns.sign_in_methods import SignInMethod
from tests.noun_apps import make_noun_app
from tests.tenants.nouns.sample_declarations import (
    EXISTING,
    FIRST,
    SECOND,
    VisitEvent,
    build_card_tab,
    build_message_kind,
    build_nav_item,
    build_notification_kind,
    build_row_job,
    list_noun_problems,
)

DOUBLED = {
    "permission": ("visits.view", {"permissions": (Permission("visits.view", EVERY_ROLE),)}),
    "restricted area": ("visits", {"restricted_areas": (RestrictedArea("visits", "Visits"),)}),
    "navigation item": ("settings", {"nav_items": (build_nav_item("settings"),)}),
    "settings page": ("home", {"settings_pages": (build_nav_item(),)}),
    "card tab": ("client", {"card_tabs": (build_card_tab(),)}),
    "search source": (EXISTING, {"search_sources": (SearchSource("Visits", "home.view", EXISTING),)}),
    "home statistic": (EXISTING, {"home_statistics": (HomeStatistic("home.view", EXISTING),)}),
    "home section": ("x.html", {"home_sections": (HomeSection("home.view", "x.html", EXISTING),)}),
    "context processor": (EXISTING, {"context_processors": (EXISTING,)}),
    "console tool": ("x.html", {"console_tools": (ConsoleTool("x.html"),)}),
    "portal navigation item": ("home:home", {"portal_nav_items": (PortalNavItem("Visits", "home:home"),)}),
    "portal overview card": ("x.html", {"portal_overview_cards": (PortalOverviewCard("x.html"),)}),
    "portal section": ("visits", {"portal_sections": (PortalSection("visits", "Visits", EXISTING),)}),
    "sign-in link": (EXISTING, {"sign_in_page_links": (EXISTING,)}),
    "sign-in method": ("x.html", {"sign_in_methods": (SignInMethod("x.html", "y.html"),)}),
    "embed": ("visits", {"embeds": (Embed("visits", "Visits", "home:home", "home:home", EXISTING),)}),
    "event type": ("visits.begun", {"event_types": VisitEvent, "event_areas": {"visits": "Visits"}}),
    "client source": ("visitor-book", {"client_sources": TextChoices("VisitSource", {"BOOK": "visitor-book"})}),
    "event area": ("visits", {"event_areas": {"visits": "Visits"}}),
    "message kind": ("visit-begun", {"message_kinds": (build_message_kind(),)}),
    "message variable": ("hours", {"message_variables": {"hours": EXISTING}}),
    "staff email kind": ("visit-report", {"staff_email_kinds": (StaffEmailKind("visit-report", EXISTING),)}),
    "notification kind": ("visit", {"notification_kinds": (build_notification_kind(),)}),
    "periodic job": ("count", {"periodic_jobs": (PeriodicJob("count", EXISTING, timedelta(hours=1)),)}),
    "row job": ("tidy", {"row_jobs": (build_row_job(),)}),
    "purge": (EXISTING, {"purges": (EXISTING,)}),
    "API scope": ("clients:read", {"api_scopes": (ApiScope("clients:read", "Visits", ("clients.view",)),)}),
    "URLconf of the business API": ("api.tags.urls", {"business_api_urls": (UrlInclude("x/", "api.tags.urls"),)}),
    "URLconf of the client API": (
        "api.portal.tokens.urls",
        {"client_api_urls": (UrlInclude("x/", "api.portal.tokens.urls"),)},
    ),
    "console URLconf": ("portal.home.console_urls", {"console_urls": (UrlInclude("", "portal.home.console_urls"),)}),
}


@pytest.mark.parametrize("called", DOUBLED)
def test_two_nouns_cannot_declare_the_same(called):
    key, declarations = DOUBLED[called]
    found = list_noun_problems(make_noun_app(FIRST, **declarations), make_noun_app(SECOND, **declarations))
    assert f"{SECOND} declares the {called} {key}, as {FIRST} does." in found
