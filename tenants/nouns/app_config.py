"""The configuration of a noun: a Django AppConfig that declares all that the noun adds elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.apps import AppConfig
from django.db.models import TextChoices
from django.utils.functional import Promise

from tenants.nouns.api_declarations import ApiScope, WebhookEventType
from tenants.nouns.declarations import (
    CardTab,
    ConsoleTool,
    HomeSection,
    HomeStatistic,
    NavItem,
    Permission,
    PortalNavItem,
    PortalOverviewCard,
    PortalSection,
    RestrictedArea,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.embed_declarations import Embed
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.message_declarations import MessageKind, NotificationKind, StaffEmailKind
from tenants.nouns.platform_events import PlatformEvent
from tenants.nouns.sign_in_methods import SignInMethod


class NounConfig(AppConfig):
    """One noun of a business. What it doesn't declare, it doesn't add. Its label is by default the end of its name."""

    # Django takes the only default configuration of an apps.py, where this class stands too, having been imported.
    default = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    # URLs of a portal, of the console below the business's slug, and of the platform's own host.
    portal_urls: tuple[UrlInclude, ...] = ()
    console_urls: tuple[UrlInclude, ...] = ()
    platform_urls: tuple[UrlInclude, ...] = ()

    # The API: its routes on a portal's host and on the platform's, and what a key of the latter can be allowed.
    client_api_urls: tuple[UrlInclude, ...] = ()
    business_api_urls: tuple[UrlInclude, ...] = ()
    api_scopes: tuple[ApiScope, ...] = ()
    webhook_events: tuple[WebhookEventType, ...] = ()

    # Public forms that a business can show on its own website.
    embeds: tuple[Embed, ...] = ()

    # Every page: paths of Django context processors, which are functions (request) that return variables of templates.
    context_processors: tuple[str, ...] = ()

    # The console.
    permissions: tuple[Permission, ...] = ()
    restricted_areas: tuple[RestrictedArea, ...] = ()
    nav_items: tuple[NavItem, ...] = ()
    settings_pages: tuple[NavItem, ...] = ()
    card_tabs: tuple[CardTab, ...] = ()
    search_sources: tuple[SearchSource, ...] = ()
    home_statistics: tuple[HomeStatistic, ...] = ()
    home_sections: tuple[HomeSection, ...] = ()
    console_tools: tuple[ConsoleTool, ...] = ()
    portal_overview_cards: tuple[PortalOverviewCard, ...] = ()

    # The portal. A sign-in link is the path of a function (portal_settings, now) that returns a SignInPageLink or None.
    portal_nav_items: tuple[PortalNavItem, ...] = ()
    portal_sections: tuple[PortalSection, ...] = ()
    sign_in_page_links: tuple[str, ...] = ()
    sign_in_methods: tuple[SignInMethod, ...] = ()

    # The timeline: its types of events, what the Activity page calls the part of a type before the dot, and the path of
    # the subclass of `portal.activity.presenters.EventPresenter` that says more about them than what all types share.
    event_types: type[TextChoices] | None = None
    event_areas: Mapping[str, str | Promise] = MappingProxyType({})
    event_presenter: str = ""
    # Types of steps that are of interest only when something went wrong; the console's home page leaves them out.
    routine_event_types: tuple[TextChoices, ...] = ()

    # Keys of these events' data whose values identify nobody; they outlive the erasure of a client.
    non_personal_event_keys: tuple[str, ...] = ()

    # How clients come onto the list by this noun, for example by a form of its own.
    client_sources: type[TextChoices] | None = None

    # Mails and texts, and notifications for staff. A variable that the templates of all mails and texts have is the
    # path of a function (business) that returns its value, by its name.
    message_kinds: tuple[MessageKind, ...] = ()
    message_variables: Mapping[str, str] = MappingProxyType({})
    staff_email_kinds: tuple[StaffEmailKind, ...] = ()
    notification_kinds: tuple[NotificationKind, ...] = ()

    # How far this noun vouches for the number of a text: the path of a function (number, client_id, is_code) that
    # returns a `tenants.models.SmsPriority`. The lowest of all nouns counts.
    sms_priority: str = ""

    # Personal data: the path of a tuple of PersonalDataPolicy, one for each table with rows about clients, in the
    # order in which they are erased.
    personal_data: str = ""

    # Work in the background. A purge is the path of a function (now, limit) that deletes at most `limit` rows that
    # are past their retention period, and returns how many it deleted. Each call is a transaction of its own.
    periodic_jobs: tuple[PeriodicJob, ...] = ()
    row_jobs: tuple[RowJob, ...] = ()
    purges: tuple[str, ...] = ()

    # What the noun does when something happens elsewhere: the path of a function by the event.
    event_handlers: Mapping[PlatformEvent, str] = MappingProxyType({})

    # Sample data: paths of a function (client, now) for the demo client of each business, and of a function that takes
    # a `tenants.nouns.demo_business.DemoBusiness` for the businesses of the demo.
    demo_client_seeder: str = ""
    demo_business_seeder: str = ""
