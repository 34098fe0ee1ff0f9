"""Make, renew and end the secret addresses of calendar feeds, and find the feed of one."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal.activity import services as activity
from portal.clients.models import Client, ClientStatus
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import CalendarFeed, StaffCalendar
from tenants import tokens
from tenants.models import Business
from tenants.staff.permissions import has_person_permission
from tenants.staff.staff_actor import StaffActor

PERMISSION = "appointments.view"
# Programs read a feed every few minutes; when they did last needs no such precision.
FETCH_PRECISION = timedelta(minutes=15)

FeedOwner = Client | StaffCalendar


def get_own_calendar(staff: StaffActor) -> StaffCalendar | None:
    """Return the calendar of a member of staff, if they have one that is in use."""
    return StaffCalendar.objects.filter(person_id=staff.person_id, is_active=True).first()


def get_working_feed(owner: FeedOwner) -> CalendarFeed | None:
    """Return the feed of a client or a calendar that can be read, unless its calendar was somebody else's then."""
    feed = _query_feeds(owner).filter(revoked_at=None).first()
    return feed if feed and _is_owners(feed, owner) else None


@transaction.atomic
def create_feed(*, owner: FeedOwner, staff: StaffActor | None = None, now: datetime) -> str:
    """Give a client, or the calendar of a member of staff, a secret address, and return its token.

    The address before works no longer; it can't be looked up, so whoever has lost it makes a new one.
    """
    _lock_owner(owner)
    _query_feeds(owner).exclude(revoked_at=None).delete()
    _query_feeds(owner).update(revoked_at=now)
    token = tokens.generate_token()
    fields: dict[str, Any] = {"client": owner} if isinstance(owner, Client) else _build_staff_fields(owner)
    CalendarFeed.objects.create(token_digest=tokens.digest_token(token), created_at=now, **fields)
    _record(SchedulingEvent.FEED_CREATED, owner, staff, now=now)
    return token


@transaction.atomic
def revoke_feed(*, owner: FeedOwner, staff: StaffActor | None = None, now: datetime) -> None:
    """End the secret address of a client or a calendar, if it has one."""
    _lock_owner(owner)
    if _query_feeds(owner).filter(revoked_at=None).update(revoked_at=now):
        _record(SchedulingEvent.FEED_REVOKED, owner, staff, now=now)


def find_feed(*, token: str, business: Business) -> CalendarFeed | None:
    """Return the feed of a token if its owner may still read it: an active client, or whose calendar it still is."""
    feeds = CalendarFeed.objects.select_related("client", "calendar")
    feed = feeds.filter(token_digest=tokens.digest_token(token), revoked_at=None).first()
    if feed is None:
        return None
    is_open = _is_client_active(feed.client) if feed.client else _may_staff_read(feed, business)
    return feed if is_open else None


def record_fetch(feed: CalendarFeed, *, now: datetime) -> None:
    """Note that a program has read a feed, at most once in FETCH_PRECISION."""
    is_older = Q(last_fetched_at=None) | Q(last_fetched_at__lte=now - FETCH_PRECISION)
    if feed.last_fetched_at is None or feed.last_fetched_at <= now - FETCH_PRECISION:
        CalendarFeed.objects.filter(is_older, pk=feed.pk).update(last_fetched_at=now)


def _query_feeds(owner: FeedOwner) -> Any:
    by_owner = Q(client=owner) if isinstance(owner, Client) else Q(calendar=owner)
    return CalendarFeed.objects.filter(by_owner)


def _lock_owner(owner: FeedOwner) -> None:
    """Let nobody else make or end feeds of the owner until the transaction ends."""
    # Not `type(owner)`: a request's client is a proxy.
    owners: Any = Client.objects if isinstance(owner, Client) else StaffCalendar.objects
    owners.select_for_update(of=["self"], no_key=True).get(pk=owner.pk)


def _build_staff_fields(calendar: StaffCalendar) -> dict[str, Any]:
    return {"calendar": calendar, "person_id": calendar.person_id}


def _is_owners(feed: CalendarFeed, owner: FeedOwner) -> bool:
    return isinstance(owner, Client) or feed.person_id == owner.person_id


def _is_client_active(client: Client) -> bool:
    return client.status == ClientStatus.ACTIVE and client.merged_into_id is None


def _may_staff_read(feed: CalendarFeed, business: Business) -> bool:
    """Tell whether the calendar is still that of the member of staff who made the feed, and they may see it."""
    calendar, person_id = feed.calendar, feed.person_id
    if calendar is None or person_id is None or calendar.person_id != person_id or not calendar.is_active:
        return False
    return has_person_permission(person_id=person_id, business=business, permission=PERMISSION)


def _record(event_type: SchedulingEvent, owner: FeedOwner, staff: StaffActor | None, *, now: datetime) -> None:
    about: dict[str, Any] = {"client_id": owner.pk} if isinstance(owner, Client) else {"name": owner.name}
    activity.record_event(event_type, subject_id=owner.pk, at=now, **about, **activity.get_actor_fields(staff))
