"""Saving and deleting views of the client list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import SavedView
from portal.clients.services.tags import NameTaken
from tenants.staff.staff_actor import StaffActor


def list_visible_views(person_id: UUID) -> QuerySet[SavedView]:
    """Return a person's own views and the shared ones, by name."""
    return SavedView.objects.filter(Q(person_id=person_id) | Q(person_id=None))


def save_view(*, name: str, query: str, person_id: UUID | None, staff: StaffActor, now: datetime) -> SavedView:
    """Save a list query under a name, for one person or, without `person_id`, for everybody. Raises NameTaken."""
    new = SavedView(name=" ".join(name.split()), query=query, person_id=person_id, created_at=now)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
            _record_saved_view_change(new, staff, now, after={"name": new.name})
    except IntegrityError as error:
        raise NameTaken(name) from error
    return new


@transaction.atomic
def delete_view(*, view: SavedView, staff: StaffActor, now: datetime) -> None:
    """Delete a view. No client changes."""
    _record_saved_view_change(view, staff, now, before={"name": view.name})
    view.delete()


def delete_views_of_member(*, person_id: UUID, now: datetime) -> None:
    """Delete a former member's own views; the shared ones stay."""
    SavedView.objects.filter(person_id=person_id).delete()


def _record_saved_view_change(view: SavedView, staff: StaffActor, now: datetime, **changes: Any) -> None:
    # A private view is nobody else's business, so the timeline has only shared ones.
    if view.person_id is None:
        activity.record_event(
            ClientEvent.SAVED_VIEW_CHANGED, at=now, subject_id=view.pk, **changes, **activity.get_actor_fields(staff)
        )
