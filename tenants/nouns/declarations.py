"""What a noun can declare in its NounConfig of its pages and of who may open them, as data and dotted paths.

An app's configuration is imported before any model, so nothing here imports one. A dotted path names a function
or class that `tenants.nouns.registry.import_dotted_path` imports when it is needed.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from tenants.roles import Role

EVERY_ROLE = (Role.OWNER, Role.MANAGER, Role.STAFF, Role.READ_ONLY)
EDITING_ROLES = (Role.OWNER, Role.MANAGER, Role.STAFF)
MANAGING_ROLES = (Role.OWNER, Role.MANAGER)


@dataclass(frozen=True)
class UrlInclude:
    """URLs served below a prefix; `nav_url_name` is that of the portal's navigation item that the pages belong to."""

    prefix: str
    module: str
    nav_url_name: str = ""


@dataclass(frozen=True)
class Permission:
    """A permission, as `area.action`, and the roles that have it; what is not declared, nobody may do."""

    name: str
    roles: tuple[Role, ...]

    @property
    def permission_area(self) -> str:
        """Return the part of the name before the dot."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class RestrictedArea:
    """An area whose permissions a role gives only to members who have been granted it, and to owners.

    `key` is what the names of its permissions begin with; `label` names it on the team page.
    """

    key: str
    label: str | Promise


@dataclass(frozen=True)
class NavItem:
    """One item of the console's navigation, or one page behind Settings.

    `url_name` has no namespace; lower positions come first; `about` describes a page behind Settings in one sentence.
    """

    label: str | Promise
    url_name: str
    icon: str
    permission: str
    position: int = 100
    about: str | Promise = ""


@dataclass(frozen=True)
class ConsoleTool:
    """A tool in the header of every page of the console, shown by its template. Lower positions come first."""

    template: str
    position: int = 100


@dataclass(frozen=True)
class PortalNavItem:
    """One item of the navigation that signed-in clients see in a portal.

    `url_name` has its namespace; `fragment` is the part of that page to jump to. The item disappears with the portal
    section whose key is `section` when a business hides that, and where the function (business) of the path
    `is_available` says so. Lower positions come first.
    """

    label: str | Promise
    url_name: str
    position: int = 100
    fragment: str = ""
    section: str = ""
    is_available: str = ""


@dataclass(frozen=True)
class HomeStatistic:
    """A number on the console's home page, for those who have the permission. Lower positions come first.

    `build` is the path of a function (now) that returns a `tenants.nouns.home_statistics.Statistic`.
    """

    permission: str
    build: str
    position: int = 100


@dataclass(frozen=True)
class HomeSection:
    """A section of the console's home page, for those who have the permission. Lower positions come first.

    `build_context` is the path of a function (request, now) that returns what the template reads as `section`, or None
    when there is nothing to show.
    """

    permission: str
    template: str
    build_context: str
    position: int = 100


@dataclass(frozen=True)
class PortalOverviewCard:
    """A card of the console's Client Portal page, for those who may open that page. Lower positions come first.

    `build_context` is the path of a function (request) that returns what the template reads as `card`.
    `action_template` shows a button at the head of the page.
    """

    template: str
    build_context: str = ""
    action_template: str = ""
    position: int = 100


@dataclass(frozen=True)
class PortalSection:
    """One section of a client's home page, which businesses can hide; `label` names it in their settings.

    `build` is the path of a function (client, portal_settings, now) that returns a
    `portal.branding.home_sections.HomeSectionContent`, or None when there is nothing to show. Lower positions come
    first, on the page and in the settings.
    """

    key: str
    label: str | Promise
    build: str
    position: int = 100


@dataclass(frozen=True)
class CardTab:
    """One tab of a client's card in the console. `url_name`, without its namespace, takes the client's id.

    `count` is the path of a function (client) that returns the rows whose number the tab shows; with
    `needs_attention` they call for a decision. Lower positions come first.
    """

    label: str | Promise
    url_name: str
    permission: str
    position: int = 100
    count: str = ""
    needs_attention: bool = False


@dataclass(frozen=True)
class SearchSource:
    """One kind of thing that the console's search finds, for those who have the permission.

    `find` is the path of a function that takes a `tenants.nouns.search_types.SearchParams` and returns SearchResults.
    Lower positions come first.
    """

    label: str | Promise
    permission: str
    find: str
    position: int = 100
