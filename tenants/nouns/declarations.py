"""What a noun can declare in its NounConfig, as data and dotted paths.

An app's configuration is imported before any model, so nothing here imports one. A dotted path names a function
or class that `tenants.nouns.registry.import_dotted_path` imports when it is needed.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise

from tenants.queues import Queue
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
    section whose key is `section` when a business hides that. Lower positions come first.
    """

    label: str | Promise
    url_name: str
    position: int = 100
    fragment: str = ""
    section: str = ""


@dataclass(frozen=True)
class HomeStatistic:
    """A number on the console's home page, for those who have the permission. Lower positions come first.

    `build` is the path of a function (now) that returns a `tenants.nouns.home_statistics.Statistic`.
    """

    permission: str
    build: str
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


@dataclass(frozen=True)
class Placeholder:
    """A name in braces that a business can use in its own template of a message; `label` says what it stands for.

    `value` is the path of a function (context) that returns the text it is replaced by; without one, that is the
    context's variable of the same name. `sample` is this variable in previews. With `is_link` the text is an address
    in the portal.
    """

    name: str
    label: str | Promise
    value: str = ""
    sample: Any = None
    is_link: bool = False


@dataclass(frozen=True)
class MessageKind:
    """A kind of mail or text; its templates are the folder templates/messages/<key>/.

    With a `label`, businesses can write a mail of their own, in which `placeholders` are replaced besides those that
    every kind has, and with `is_sent_as_text` a text message too. `build_context` is the path of a function
    (message, now) that returns what the templates need besides the business, or None when the message is no longer
    wanted; such a message is sent by active businesses only. `has_code` marks a message with a sign-in code,
    `is_to_staff` one to members of the business, and `is_about_access` a warning that no other business may delay: the
    limits of what one address is sent tell them apart. The
    timeline records `accepted_event_type` once the provider has accepted the message, instead of what it records of
    every other. Lower positions come first.
    """

    key: str
    label: str | Promise = ""
    placeholders: tuple[Placeholder, ...] = ()
    is_sent_as_text: bool = False
    has_code: bool = False
    is_to_staff: bool = False
    is_about_access: bool = False
    accepted_event_type: TextChoices | None = None
    build_context: str = ""
    position: int = 100


@dataclass(frozen=True)
class StaffEmailKind:
    """A kind of email from the platform to staff; its templates are the folder templates/messages/<key>/.

    `build_context` is the path of a function (staff_email, now) that returns what the templates need, with the
    address as `to`, or None when the email is no longer wanted. `has_code` marks an email with a sign-in code.
    """

    key: str
    build_context: str
    has_code: bool = False


@dataclass(frozen=True)
class NotificationKind:
    """A kind of notification for staff who have the permission to open the page that it leads to.

    Those who may write to clients are mailed as well, unless `is_mailed_by_default` is False. `is_obsolete` is the
    path of a function (notification) that tells whether its mail is no longer of use. Lower positions come first.
    """

    key: str
    label: str | Promise
    permission: str
    is_mailed_by_default: bool = True
    is_obsolete: str = ""
    position: int = 100


@dataclass(frozen=True)
class PeriodicJob:
    """A job that runs at an interval for every business. It may run late, or twice; one worker at a time runs it there.

    `run` is the path of a function that is called inside each business, with the keyword argument `now`. `is_quick`
    lets one job go through all businesses; otherwise each business has a job of its own. Either takes ten minutes at
    most.
    """

    name: str
    run: str
    interval: timedelta
    is_quick: bool = False


@dataclass(frozen=True)
class RowJob:
    """A job about one row, which a noun enqueues after its commit with `workers.queue.enqueue_row_job`.

    `run` is the path of a function that is called inside the business with the row's id and the keyword argument
    `clock`, a function that returns the time. It may run late, again, or when the row is gone, but never twice at
    once. If it returns True, it is enqueued again: there is more to do. One that waits longer than `max_age` is
    dropped, and one that takes longer than `time_limit` is aborted.

    A job that fails three times in a row for the same reason is stopped. `on_stop` is then called inside the business
    with the row's id and `now`; it tells those who wait for the row, and returns what staff call the row, or None if
    the row is gone. Staff are then notified, with a link to the row's page `url_name` in the console. `on_resume`,
    called alike, makes the row ready to be processed again, at an operator's request.
    """

    name: str
    run: str
    queue: Queue
    max_age: timedelta
    time_limit: timedelta
    on_stop: str = ""
    on_resume: str = ""
    url_name: str = ""


class PlatformEvent(StrEnum):
    """Something that happens outside the nouns, and that nouns can handle.

    A handler is called inside the business, with the keyword argument `now` and one that depends on the event:

    - OUTAGE_STARTED: codes are delayed on one channel. `outage` is the `tenants.models.Outage`, which is recorded in
      the same transaction.
    - OUTAGE_ENDED: a provider accepts codes again. `outage` is the one that has ended, in the same transaction.
    - JOB_STOPPED: a job about one row is not run again, since it kept failing. `job` is its RowJob, `row_id` its
      row, which staff call `subject`.
    - SUPPRESSION_REMOVED: a provider no longer refuses an address, at the request of staff. `suppression` is the
      `portal.messaging.models.Suppression`, whose removal is committed.
    - SMS_STOPPED: some texts of the business are not sent from now on. `stop` is the `tenants.models.SmsStop`, in the
      same transaction.
    - MEMBER_REMOVED: somebody is no longer on the team. `person_id` is the `tenants.models.Person`, in the same
      transaction.
    """

    OUTAGE_STARTED = "outage-started"
    OUTAGE_ENDED = "outage-ended"
    JOB_STOPPED = "job-stopped"
    SUPPRESSION_REMOVED = "suppression-removed"
    SMS_STOPPED = "sms-stopped"
    MEMBER_REMOVED = "member-removed"
