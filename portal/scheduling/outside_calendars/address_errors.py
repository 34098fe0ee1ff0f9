"""What people are told is wrong with the address of an outside calendar."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.scheduling.models import FetchError
from portal.scheduling.outside_calendars.addresses import OwnFeed
from portal.scheduling.services import OutsideCalendarExists, TooManyOutsideCalendars
from portal.scheduling.services.outside_calendars import MAX_PER_CALENDAR
from tenants.webhooks.destinations import InvalidDestination

ADDRESS_ERRORS = (InvalidDestination, OwnFeed, OutsideCalendarExists, TooManyOutsideCalendars)
TEXTS: dict[str, str | Promise] = {
    "scheme": _("Enter an address that begins with https:// or webcal://."),
    "port": _("The address has a port that no web server has."),
    "private-address": _("This address is not on the public internet. We read public addresses only."),
    "own-feed": FetchError.OWN_FEED.label,
    "exists": _("This calendar is there already."),
}
INVALID = _("This is no valid address. Copy the calendar’s secret address in iCal format from your other program.")
TOO_MANY = _("A staff calendar has at most %(number)d outside calendars. Remove one first.")
Result = TypeVar("Result")


class RefusedOutsideCalendar(Exception):
    """An outside calendar can't be saved; `code` is the reason in one word, and the message a sentence."""

    def __init__(self, code: str, text: str):
        super().__init__(text)
        self.code = code


def save_or_explain(save: Callable[[], Result]) -> Result:
    """Return what a function that saves an outside calendar does. Raises RefusedOutsideCalendar."""
    try:
        return save()
    except ADDRESS_ERRORS as error:
        code = _get_code(error)
        text = TOO_MANY % {"number": MAX_PER_CALENDAR} if code == "too-many" else TEXTS.get(code, INVALID)
        raise RefusedOutsideCalendar(code, str(text)) from None


def _get_code(error: Exception) -> str:
    if isinstance(error, OwnFeed):
        return "own-feed"
    if isinstance(error, OutsideCalendarExists):
        return "exists"
    return "too-many" if isinstance(error, TooManyOutsideCalendars) else str(error)
