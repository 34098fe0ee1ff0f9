"""Entries of the waiting list as the API finds, lists and shows them, and why somebody can't wait."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from api.clients.client_references import present_client_reference
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.scheduling.references import present_reference
from api.scheduling.waiting_list.serializers import OwnWaitingListEntrySerializer, WaitingListEntrySerializer
from portal.scheduling.models import PartOfDay, Service, WaitingListEntry
from portal.scheduling.services.waiting_list.answers import OfferOver
from portal.scheduling.services.waiting_list.entries import AlreadyWaiting, WaitingListFull
from portal.scheduling.services.waiting_list.entry_queries import get_open_offer
from portal.scheduling.services.waiting_list.offers import EntryNotWaiting
from portal.scheduling.services.waiting_list.preferences import InvalidPreferences, WaitingPreferences
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

COLUMNS = ("id", "state", "from_on", "until_on", "part_of_day", "created_at")
OLDEST_FIRST = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key}, is_descending=False)
MESSAGES = {
    "not_offered": "Clients can’t book this service.",
    "not_found": "This member of staff doesn’t give this service.",
    "before_from": "The last day is before the first.",
    "in_the_past": "This day is over.",
    "too_long": "Wait for 92 days at most.",
    "too_far": "Choose days within two years of today.",
}
ALREADY_WAITING = "The client waits for other times of this service already."
FULL = "The client waits for as many services as they can."
NOT_WAITING = "The client is off the waiting list by now, or has an offer."
OFFER_OVER = "This offer was answered or withdrawn, or has ended."


def present_own_entry(entry: WaitingListEntry, *, now: datetime) -> dict[str, Any]:
    """Return what a client is shown of an entry of `query_entries`."""
    return dict(OwnWaitingListEntrySerializer(_collect(entry, now=now)).data)


def present_entry(entry: WaitingListEntry, *, now: datetime) -> dict[str, Any]:
    """Return what programs of the business are shown of an entry of `query_entries`."""
    shown = _collect(entry, now=now) | {"client": present_client_reference(entry.client)}
    return dict(WaitingListEntrySerializer(shown).data)


def build_preferences(values: Mapping[str, Any], service: Service) -> WaitingPreferences:
    """Return what validated values say that a client waits for."""
    part_of_day = PartOfDay(values["part_of_day"])
    return WaitingPreferences(service, values["from_on"], values["until_on"], part_of_day, values["staff"])


@contextmanager
def translate_waiting_errors() -> Iterator[None]:
    """Turn what the services of the waiting list raise into problems."""
    try:
        yield
    except InvalidPreferences as error:
        field = "staff" if error.field == "calendar" else error.field
        raise build_field_problem(field, error.reason, MESSAGES[error.reason]) from error
    except AlreadyWaiting as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=ALREADY_WAITING) from error
    except WaitingListFull as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=FULL) from error
    except EntryNotWaiting as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=NOT_WAITING) from error
    except OfferOver as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=OFFER_OVER) from error


def _collect(entry: WaitingListEntry, *, now: datetime) -> dict[str, Any]:
    offer = get_open_offer(entry, now=now)
    times = ("id", "starts_at", "ends_at", "expires_at")
    return {name: getattr(entry, name) for name in COLUMNS} | {
        "service": present_reference(entry.service),
        "staff": present_reference(entry.calendar) if entry.calendar else None,
        "offer": offer
        and {name: getattr(offer, name) for name in times} | {"staff": present_reference(offer.calendar)},
    }
