"""Saving and deleting views of the client list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import MAX_VIEW_NAME_LENGTH, SavedView
from portal.clients.services.tags import NameTaken
from tenants.business_locks import lock_business
from tenants.deleted_rows import delete_row
from tenants.models import Business
from tenants.staff.staff_actor import StaffActor
from tenants.text_cleaning import clean_line

# The views that one person may have, and the shared ones of a business: all stand above the list.
MAX_VIEWS = 100
# A shared view is everybody's, so not everybody who may keep views of their own may add or delete one.
VIEW_SHARING_PERMISSION = "clients.edit"


class ViewSharingDenied(Exception):
    """Whoever adds or deletes a shared view lacks the permission VIEW_SHARING_PERMISSION."""


class InvalidViewName(ValueError):
    """The name of a view has no or more than MAX_VIEW_NAME_LENGTH characters."""


class TooManyViews(ValueError):
    """The person, or the business for a shared view, has MAX_VIEWS already."""


def list_visible_views(person_id: UUID) -> QuerySet[SavedView]:
    """Return a person's own views and the shared ones, by name."""
    return SavedView.objects.filter(Q(person_id=person_id) | Q(person_id=None))


@transaction.atomic
def save_view(
    *, business: Business, name: str, query: str, is_shared: bool, may_share: bool, staff: StaffActor, now: datetime
) -> SavedView:
    """Save a list query under a name, for oneself or for everybody.

    Raises ViewSharingDenied, InvalidViewName, TooManyViews and NameTaken.
    """
    if is_shared and not may_share:
        raise ViewSharingDenied
    person_id = None if is_shared else staff.person_id
    new = SavedView(name=_clean_name(name), query=query, person_id=person_id, created_at=now)
    # So that no two requests save the last one both.
    lock_business(business)
    if SavedView.objects.filter(person_id=person_id).count() >= MAX_VIEWS:
        raise TooManyViews
    _insert_view(new, staff, now)
    return new


@transaction.atomic
def delete_view(*, view: SavedView, may_share: bool, staff: StaffActor, now: datetime) -> None:
    """Delete a view. No client changes. Raises ViewSharingDenied and SavedView.DoesNotExist."""
    if view.person_id is None and not may_share:
        raise ViewSharingDenied
    _record_saved_view_change(view, staff, now, before={"name": view.name})
    delete_row(view)


def delete_views_of_member(*, person_id: UUID, now: datetime) -> None:
    """Delete a former member's own views; the shared ones stay."""
    SavedView.objects.filter(person_id=person_id).delete()


def _clean_name(name: str) -> str:
    cleaned = clean_line(name)
    if not 1 <= len(cleaned) <= MAX_VIEW_NAME_LENGTH:
        raise InvalidViewName
    return cleaned


def _insert_view(view: SavedView, staff: StaffActor, now: datetime) -> None:
    try:
        with transaction.atomic():
            view.save(force_insert=True)
            _record_saved_view_change(view, staff, now, after={"name": view.name})
    except IntegrityError as error:
        raise NameTaken(view.name) from error


def _record_saved_view_change(view: SavedView, staff: StaffActor, now: datetime, **changes: Any) -> None:
    # A private view is nobody else's business, so the timeline has only shared ones.
    if view.person_id is None:
        activity.record_event(
            ClientEvent.SAVED_VIEW_CHANGED, at=now, subject_id=view.pk, **changes, **activity.get_actor_fields(staff)
        )
