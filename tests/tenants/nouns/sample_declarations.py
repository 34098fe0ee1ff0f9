"""Declarations of nouns that exist for the tests of the checks only, and what the checks find in them."""

from datetime import timedelta

from django.db.models import TextChoices

from tenants.nouns import checks
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import CardTab, NavItem
from tenants.nouns.job_declarations import RowJob
from tenants.nouns.message_declarations import MessageKind, NotificationKind, Placeholder
from tenants.queues import Queue
from tests.noun_apps import install_noun_apps

# Paths of what exists, of what can't be called, and of nothing.
EXISTING, MISSING = "django.utils.timezone.now", "portal.nowhere.nothing"
NOT_CALLABLE = f"{__name__}.EXISTING"
# The names of two nouns.
FIRST, SECOND = "tests.visits", "tests.journeys"


class VisitEvent(TextChoices):
    """The events of a noun in these tests."""

    BEGUN = "visits.begun", "Begun"


def build_nav_item(url_name="home", permission="home.view"):
    """Return a navigation item."""
    return NavItem("Visits", url_name, "users", permission)


def build_card_tab(url_name="client", permission="home.view", count=""):
    """Return a tab of the card."""
    return CardTab("Visits", url_name, permission, count=count)


def build_message_kind(build_context="", value=EXISTING):
    """Return a kind of message with a placeholder, whose value is a path."""
    return MessageKind("visit-begun", placeholders=(Placeholder("room", "Room", value),), build_context=build_context)


def build_notification_kind(permission="home.view", is_obsolete="", key="visit"):
    """Return a kind of notification."""
    return NotificationKind(key, "Visit", permission, is_obsolete=is_obsolete)


def build_row_job(run=EXISTING, queue=Queue.BULK, max_age=timedelta(hours=1), time_limit=timedelta(minutes=1)):
    """Return a job about one row."""
    return RowJob("tidy", run, queue, max_age, time_limit)


def list_noun_problems(*nouns: NounConfig) -> list[str]:
    """Return the problems of the installed nouns and these, in sentences."""
    with install_noun_apps(*nouns):
        return list(checks.find_declaration_problems())
