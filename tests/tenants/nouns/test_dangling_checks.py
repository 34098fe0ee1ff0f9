"""A declaration that names what isn't there is named itself, with the noun that makes it."""

from datetime import timedelta

import pytest

from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.declarations import (
    ConsoleTool,
    HomeSection,
    HomeStatistic,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    RestrictedArea,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.job_declarations import PeriodicJob
from tenants.nouns.message_declarations import MessageKind, StaffEmailKind
from tenants.nouns.platform_events import PlatformEvent
from tenants.nouns.sign_in_methods import SignInMethod
from tests.noun_apps import make_noun_app
from tests.tenants.nouns.sample_declarations import (
    EXISTING,
    FIRST,
    MISSING,
    NOT_CALLABLE,
    VisitEvent,
    build_card_tab,
    build_message_kind,
    build_nav_item,
    build_notification_kind,
    build_row_job,
    list_noun_problems,
)

NO_PAGE = "the portal has no page access:end-session whose URL takes nothing."
UNKNOWN_PATHS = {
    "tab count": {"card_tabs": (build_card_tab("client-edit", count=MISSING),)},
    "search": {"search_sources": (SearchSource("Visits", "home.view", MISSING),)},
    "statistic": {"home_statistics": (HomeStatistic("home.view", MISSING),)},
    "home section": {"home_sections": (HomeSection("home.view", "console/home.html", MISSING),)},
    "context processor": {"context_processors": (MISSING,)},
    "overview card": {"portal_overview_cards": (PortalOverviewCard("x.html", MISSING),)},
    "section": {"portal_sections": (PortalSection("visits", "Visits", MISSING),)},
    "link": {"sign_in_page_links": (MISSING,)},
    "sign-in method": {"sign_in_methods": (SignInMethod("x.html", "y.html", MISSING),)},
    "sign-in method on the card": {"sign_in_methods": (SignInMethod("x.html", "y.html", build_card_context=MISSING),)},
    "revoked sign-in method": {"sign_in_methods": (SignInMethod("x.html", "y.html", revoke=MISSING),)},
    "message": {"message_kinds": (build_message_kind(build_context=MISSING),)},
    "attachments": {"message_kinds": (MessageKind("visit-begun", build_attachments=MISSING),)},
    "staff email": {"staff_email_kinds": (StaffEmailKind("visit-report", MISSING),)},
    "placeholder": {"message_kinds": (build_message_kind(value=MISSING),)},
    "message variable": {"message_variables": {"hours": MISSING}},
    "event handler": {"event_handlers": {PlatformEvent.OUTAGE_STARTED: MISSING}},
    "portal nav item": {"portal_nav_items": (PortalNavItem("Visits", "home:home", is_available=MISSING),)},
    "notification": {"notification_kinds": (build_notification_kind(is_obsolete=MISSING),)},
    "job": {"periodic_jobs": (PeriodicJob("count", MISSING, timedelta(hours=1)),)},
    "row job": {"row_jobs": (build_row_job(MISSING),)},
    "purge": {"purges": (MISSING,)},
    "presenter": {"event_presenter": MISSING},
    "priority of a text": {"sms_priority": MISSING},
    "personal data": {"personal_data": MISSING},
    "demo client": {"demo_client_seeder": MISSING},
    "demo business": {"demo_business_seeder": MISSING},
    "portal URLs": {"portal_urls": (UrlInclude("visits/", MISSING),)},
    "console URLs": {"console_urls": (UrlInclude("visits/", MISSING),)},
    "platform URLs": {"platform_urls": (UrlInclude("visits/", MISSING),)},
    "URLs of the business API": {"business_api_urls": (UrlInclude("visits/", MISSING),)},
    "URLs of the client API": {"client_api_urls": (UrlInclude("visits/", MISSING),)},
}
NEEDING_PERMISSION = {
    "nav item": {"nav_items": (build_nav_item(permission="visits.guess"),)},
    "settings page": {"settings_pages": (build_nav_item(permission="visits.guess"),)},
    "tab": {"card_tabs": (build_card_tab(permission="visits.guess"),)},
    "search": {"search_sources": (SearchSource("Visits", "visits.guess", EXISTING),)},
    "home section": {"home_sections": (HomeSection("visits.guess", "console/home.html", EXISTING),)},
    "notification": {"notification_kinds": (build_notification_kind(permission="visits.guess"),)},
    "scope": {"api_scopes": (ApiScope("visits:read", "Visits", ("visits.guess",)),)},
}
NEEDING_PAGE = {
    "nav item": {"nav_items": (build_nav_item("visit-nowhere"),)},
    "settings page": {"settings_pages": (build_nav_item("visit-nowhere"),)},
    "tab": {"card_tabs": (build_card_tab("visit-nowhere"),)},
}
DANGLING = {
    "no permission of an area": (
        {"restricted_areas": (RestrictedArea("visits", "Visits"),)},
        "restricts the area visits, of which no noun declares a permission.",
    ),
    "no template": (
        {"message_kinds": (build_message_kind(),)},
        "which has no template messages/visit-begun/subject.txt.",
    ),
    "no staff email template": (
        {"staff_email_kinds": (StaffEmailKind("visit-report", EXISTING),)},
        "which has no template messages/visit-report/subject.txt.",
    ),
    "no tool": (
        {"console_tools": (ConsoleTool("visits/none.html"),)},
        "shows visits/none.html in the console's header, which is no template.",
    ),
    "no home section": (
        {"home_sections": (HomeSection("home.view", "visits/none.html", EXISTING),)},
        "shows visits/none.html on the console's home page, which is no template.",
    ),
    "no card": (
        {"portal_overview_cards": (PortalOverviewCard("visits/none.html"),)},
        "shows visits/none.html on the Client Portal page, which is no template.",
    ),
    "no card action": (
        {"portal_overview_cards": (PortalOverviewCard("console/home.html", action_template="visits/none.html"),)},
        "shows visits/none.html on the Client Portal page, which is no template.",
    ),
    "no part of the sign-in page": (
        {"sign_in_methods": (SignInMethod("visits/none.html", "console/home.html"),)},
        "shows visits/none.html as a way to sign in, which is no template.",
    ),
    "card": ({"sign_in_methods": (SignInMethod("404.html", "404.html", "", "visits/none.html"),)}, "sign in, wh"),
    "not callable": ({"purges": (NOT_CALLABLE,)}, "which can't be called."),
    "routine": ({"routine_event_types": (VisitEvent.BEGUN,)}, "calls the event type visits.begun routine, which no"),
    "accepted": (
        {"message_kinds": (MessageKind("visit-begun", accepted_event_type=VisitEvent.BEGUN),)},
        "records visits.begun of the message visit-begun, which no noun declares.",
    ),
    "section": (
        {"portal_nav_items": (PortalNavItem("Visits", "home:home", section="visits"),)},
        "hides the page home:home with the section visits, which no noun declares.",
    ),
    "no portal page": ({"portal_nav_items": (PortalNavItem("Visits", "access:end-session"),)}, NO_PAGE),
    "no embed page": ({"embeds": (Embed("visits", "Visits", "access:end-session", "home:home", EXISTING),)}, NO_PAGE),
    "no navigation item of its pages": (
        {"portal_urls": (UrlInclude("visits/", "tests.tenants.nouns.visits.urls", "access:end-session"),)},
        NO_PAGE,
    ),
    "arguments": (
        {"nav_items": (build_nav_item("client-timeline"),)},
        "the console has no page client-timeline whose URL takes business alone.",
    ),
}


@pytest.mark.parametrize("declarations", UNKNOWN_PATHS.values(), ids=UNKNOWN_PATHS)
def test_a_path_that_names_nothing_is_a_problem(declarations):
    found = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert [problem for problem in found if problem.startswith(f"{FIRST} ") and MISSING in problem]


@pytest.mark.parametrize(("declarations", "sentence"), DANGLING.values(), ids=DANGLING)
def test_a_name_that_stands_for_nothing_is_named_with_its_noun(declarations, sentence):
    found = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert [problem for problem in found if problem.startswith(FIRST) and sentence in problem], found


@pytest.mark.parametrize("declarations", NEEDING_PERMISSION.values(), ids=NEEDING_PERMISSION)
def test_a_permission_that_no_noun_declares_is_a_problem(declarations):
    expected = f"{FIRST} needs the permission visits.guess, which no noun declares."
    assert expected in list_noun_problems(make_noun_app(FIRST, **declarations))


@pytest.mark.parametrize("declarations", NEEDING_PAGE.values(), ids=NEEDING_PAGE)
def test_a_page_that_no_urlconf_has_is_a_problem(declarations):
    (problem,) = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert problem.startswith(f"{FIRST}: the console has no page visit-nowhere whose URL takes business")
