"""Adding, changing, moving and removing custom fields."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import CustomField
from portal.clients.services.tags import NameTaken
from tenants.staff.staff_actor import StaffActor


def add_custom_field(*, name: str, kind: str, choices: list[str], staff: StaffActor, now: datetime) -> CustomField:
    """Add a field below the others. Raises NameTaken."""
    last = CustomField.objects.aggregate(last=Max("position"))["last"]
    new = CustomField(name=" ".join(name.split()), kind=kind, choices=choices, position=(last or 0) + 1)
    _save_custom_field(new, before={}, staff=staff, now=now)
    return new


def change_custom_field(*, field: CustomField, name: str, choices: list[str], staff: StaffActor, now: datetime) -> None:
    """Change a field's name and choices. Its kind stays: stored values depend on it. Raises NameTaken."""
    before = {"name": field.name, "choices": field.choices}
    field.name, field.choices = " ".join(name.split()), choices
    _save_custom_field(field, before=before, staff=staff, now=now)


@transaction.atomic
def move_custom_field(*, field: CustomField, up: bool, staff: StaffActor, now: datetime) -> None:
    """Swap a field with the one above it, or below. Does nothing at the end of the list or for a removed field."""
    # Locked first, then read again: rows read while waiting for a lock have their old positions.
    list(CustomField.objects.select_for_update(no_key=True).order_by("pk"))
    fields = list(CustomField.objects.all())
    names = [each.name for each in fields]
    if field not in fields:
        return
    index = fields.index(field)
    other_index = index - 1 if up else index + 1
    if not 0 <= other_index < len(fields):
        return
    fields[index], fields[other_index] = fields[other_index], fields[index]
    for position, each in enumerate(fields, start=1):
        each.position = position
    CustomField.objects.bulk_update(fields, ["position"])
    before, after = {"order": names}, {"order": [each.name for each in fields]}
    activity.record_event(
        ClientEvent.CUSTOM_FIELDS_CHANGED, at=now, before=before, after=after, **activity.get_actor_fields(staff)
    )


@transaction.atomic
def remove_custom_field(*, field: CustomField, staff: StaffActor, now: datetime) -> None:
    """Delete a field. Its stored values are no longer shown anywhere."""
    activity.record_event(
        ClientEvent.CUSTOM_FIELDS_CHANGED, at=now, before={"name": field.name}, **activity.get_actor_fields(staff)
    )
    field.delete()


def _save_custom_field(field: CustomField, *, before: dict[str, Any], staff: StaffActor, now: datetime) -> None:
    try:
        with transaction.atomic():
            field.save()
            after = {"name": field.name, "choices": field.choices}
            activity.record_event(
                ClientEvent.CUSTOM_FIELDS_CHANGED,
                at=now,
                before=before,
                after=after,
                **activity.get_actor_fields(staff),
            )
    except IntegrityError as error:
        raise NameTaken(field.name) from error
