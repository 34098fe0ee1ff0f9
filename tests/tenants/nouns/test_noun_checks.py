"""A doubled or dangling declaration is named at the start, with the noun that makes it."""

from datetime import timedelta

import pytest
from django.db.models import TextChoices

from tenants.nouns import checks, registry
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.declarations import (
    EVERY_ROLE,
    CardTab,
    ConsoleTool,
    HomeStatistic,
    MessageKind,
    NavItem,
    NotificationKind,
    PeriodicJob,
    Permission,
    Placeholder,
    PlatformEvent,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    RestrictedArea,
    RowJob,
    SearchSource,
    StaffEmailKind,
    UrlInclude,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.sign_in_methods import SignInMethod
from tenants.queues import Queue
from tests.noun_apps import install_noun_apps, make_noun_app

EXISTING, MISSING = "django.utils.timezone.now", "portal.nowhere.nothing"
FIRST, SECOND = "tests.visits", "tests.journeys"
NO_PAGE = "the portal has no page access:end-session whose URL takes nothing."


class VisitEvent(TextChoices):
    """The events of a noun in these tests."""

    BEGUN = "visits.begun", "Begun"


def build_nav_item(url_name="home", permission="home.view"):
    return NavItem("Visits", url_name, "users", permission)


def build_card_tab(url_name="client", permission="home.view", count=""):
    return CardTab("Visits", url_name, permission, count=count)


def build_message_kind(build_context="", value=EXISTING):
    return MessageKind("visit-begun", placeholders=(Placeholder("room", "Room", value),), build_context=build_context)


def build_notification_kind(permission="home.view", is_obsolete="", key="visit"):
    return NotificationKind(key, "Visit", permission, is_obsolete=is_obsolete)


def build_row_job(run=EXISTING, queue=Queue.BULK, max_age=timedelta(hours=1), time_limit=timedelta(minutes=1)):
    return RowJob("tidy", run, queue, max_age, time_limit)


DOUBLED = {
    "permission": ("visits.view", {"permissions": (Permission("visits.view", EVERY_ROLE),)}),
    "restricted area": ("visits", {"restricted_areas": (RestrictedArea("visits", "Visits"),)}),
    "navigation item": ("settings", {"nav_items": (build_nav_item("settings"),)}),
    "settings page": ("home", {"settings_pages": (build_nav_item(),)}),
    "card tab": ("client", {"card_tabs": (build_card_tab(),)}),
    "search source": (EXISTING, {"search_sources": (SearchSource("Visits", "home.view", EXISTING),)}),
    "home statistic": (EXISTING, {"home_statistics": (HomeStatistic("home.view", EXISTING),)}),
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
DANGLING = {
    "tab count": {"card_tabs": (build_card_tab("client-edit", count=MISSING),)},
    "search": {"search_sources": (SearchSource("Visits", "home.view", MISSING),)},
    "statistic": {"home_statistics": (HomeStatistic("home.view", MISSING),)},
    "context processor": {"context_processors": (MISSING,)},
    "overview card": {"portal_overview_cards": (PortalOverviewCard("x.html", MISSING),)},
    "section": {"portal_sections": (PortalSection("visits", "Visits", MISSING),)},
    "link": {"sign_in_page_links": (MISSING,)},
    "sign-in method": {"sign_in_methods": (SignInMethod("x.html", "y.html", MISSING),)},
    "sign-in method on the card": {"sign_in_methods": (SignInMethod("x.html", "y.html", build_card_context=MISSING),)},
    "revoked sign-in method": {"sign_in_methods": (SignInMethod("x.html", "y.html", revoke=MISSING),)},
    "message": {"message_kinds": (build_message_kind(build_context=MISSING),)},
    "staff email": {"staff_email_kinds": (StaffEmailKind("visit-report", MISSING),)},
    "placeholder": {"message_kinds": (build_message_kind(value=MISSING),)},
    "message variable": {"message_variables": {"hours": MISSING}},
    "event handler": {"event_handlers": {PlatformEvent.OUTAGE_STARTED: MISSING}},
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
    "notification": {"notification_kinds": (build_notification_kind(permission="visits.guess"),)},
    "scope": {"api_scopes": (ApiScope("visits:read", "Visits", ("visits.guess",)),)},
}
NEEDING_PAGE = {
    "nav item": {"nav_items": (build_nav_item("visit-nowhere"),)},
    "settings page": {"settings_pages": (build_nav_item("visit-nowhere"),)},
    "tab": {"card_tabs": (build_card_tab("visit-nowhere"),)},
}


MALFORMED = {
    "no tuple": ({"purges": EXISTING}, "purges must be a tuple of str; a single one needs a comma."),
    "another type": ({"nav_items": (EXISTING,)}, "nav_items must be a tuple of NavItem; a single one needs a comma."),
    "misspelt": ({"nav_item": (build_nav_item(),)}, "declares nav_item, which is no attribute of a NounConfig."),
    "no path": ({"personal_data": (EXISTING,)}, "personal_data must be a dotted path."),
    "no sources": ({"client_sources": ("a",)}, "client_sources must be a subclass of TextChoices."),
    "long source": (
        {"client_sources": TextChoices("VisitSource", {"LONG": "visitor-book-at-the-door"})},
        "the client source visitor-book-at-the-door must have 16 characters at most.",
    ),
    "no event types": ({"event_types": ("a",)}, "event_types must be a subclass of TextChoices."),
    "no areas": ({"event_areas": ("visits",)}, "event_areas must map each area to its label."),
    "no variables": ({"message_variables": (EXISTING,)}, "message_variables must map each str to a dotted path."),
    "no value": ({"message_variables": {"hours": None}}, "message_variables must map each str to a dotted path."),
    "no handlers": ({"event_handlers": (EXISTING,)}, "event_handlers must map each PlatformEvent to a dotted path."),
    "no event": (
        {"event_handlers": {"outage-started": EXISTING}},
        "event_handlers must map each PlatformEvent to a dotted path.",
    ),
    "no area": ({"event_types": VisitEvent}, "no noun declares the event area visits, so nobody could filter"),
    "long key": ({"notification_kinds": (build_notification_kind(key="v" * 21),)}, "must have 1 to 20 characters."),
    "no interval": (
        {"periodic_jobs": (PeriodicJob("count", EXISTING, timedelta(0)),)},
        "the interval of the periodic job count must be positive.",
    ),
    "no queue": (
        {"row_jobs": (build_row_job(queue="express"),)},
        "the row job tidy needs the queue express, which has no workers.",
    ),
    "no age limit": (
        {"row_jobs": (build_row_job(max_age=timedelta(0)),)},
        "the age and time limits of the row job tidy must be positive.",
    ),
    "no time limit": (
        {"row_jobs": (build_row_job(time_limit=timedelta(0)),)},
        "the age and time limits of the row job tidy must be positive.",
    ),
    "no action": ({"permissions": (Permission("visits", EVERY_ROLE),)}, "must be written as area.action."),
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
    "not callable": ({"purges": (f"{__name__}.EXISTING",)}, "which can't be called."),
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
    "no scopes": ({"api_scopes": ("visits:read",)}, "api_scopes must be a tuple of ApiScope; a single one needs a"),
    "arguments": (
        {"nav_items": (build_nav_item("client-timeline"),)},
        "the console has no page client-timeline whose URL takes business alone.",
    ),
}


def list_noun_problems(*nouns):
    with install_noun_apps(*nouns):
        return list(checks.find_declaration_problems())


def test_every_app_of_a_business_is_a_noun(settings):
    assert [noun.name for noun in registry.list_noun_configs()] == settings.TENANT_APPS


def test_the_installed_nouns_fit_together():
    assert list_noun_problems() == []


@pytest.mark.parametrize("called", DOUBLED)
def test_two_nouns_cannot_declare_the_same(called):
    key, declarations = DOUBLED[called]
    found = list_noun_problems(make_noun_app(FIRST, **declarations), make_noun_app(SECOND, **declarations))
    assert f"{SECOND} declares the {called} {key}, as {FIRST} does." in found


@pytest.mark.parametrize("declarations", DANGLING.values(), ids=DANGLING)
def test_a_path_that_names_nothing_is_a_problem(declarations):
    found = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert [problem for problem in found if problem.startswith(f"{FIRST} ") and MISSING in problem]


@pytest.mark.parametrize(("declarations", "sentence"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_declaration_is_named_with_its_noun(declarations, sentence):
    found = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert [problem for problem in found if problem.startswith(FIRST) and sentence in problem], found


def test_an_app_of_a_business_without_a_noun_config_is_a_problem(settings):
    settings.TENANT_APPS = [*settings.TENANT_APPS, "allauth"]
    assert list(checks.find_declaration_problems()) == [
        "allauth is an app of a business, so its apps.py needs a NounConfig."
    ]


@pytest.mark.parametrize("declarations", NEEDING_PERMISSION.values(), ids=NEEDING_PERMISSION)
def test_a_permission_that_no_noun_declares_is_a_problem(declarations):
    expected = f"{FIRST} needs the permission visits.guess, which no noun declares."
    assert expected in list_noun_problems(make_noun_app(FIRST, **declarations))


@pytest.mark.parametrize("declarations", NEEDING_PAGE.values(), ids=NEEDING_PAGE)
def test_a_page_that_no_urlconf_has_is_a_problem(declarations):
    (problem,) = list_noun_problems(make_noun_app(FIRST, **declarations))
    assert problem.startswith(f"{FIRST}: the console has no page visit-nowhere whose URL takes business")


def test_a_process_does_not_start_with_a_problem():
    with (
        install_noun_apps(make_noun_app(FIRST, purges=(MISSING,))),
        pytest.raises(SystemExit, match=f"{FIRST} names {MISSING}"),
    ):
        checks.exit_on_invalid_nouns()


def test_a_process_starts_without_one():
    checks.exit_on_invalid_nouns()
