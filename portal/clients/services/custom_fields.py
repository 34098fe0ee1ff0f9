"""Adding, changing, moving and removing custom fields."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from portal.activity import services as activity
from portal.clients.kinds import ClientEvent
from portal.clients.models import CustomField
from portal.clients.services.tags import NameTaken
from tenants.deleted_rows import delete_row
from tenants.staff.staff_actor import StaffActor


class StaleOrder(ValueError):
    """The order does not name each field once, as when one was added or removed meanwhile."""


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
    fields = lock_custom_fields()
    if field not in fields:
        return
    index = fields.index(field)
    other_index = index - 1 if up else index + 1
    if not 0 <= other_index < len(fields):
        return
    ordered = [*fields]
    ordered[index], ordered[other_index] = fields[other_index], fields[index]
    _save_order(fields, ordered, staff=staff, now=now)


@transaction.atomic
def order_custom_fields(
    *, field_ids: Sequence[UUID], locked_fields: Sequence[CustomField] | None = None, staff: StaffActor, now: datetime
) -> None:
    """Put all fields into an order. Raises StaleOrder unless it names each field once.

    `locked_fields` is what `lock_custom_fields` returned if the caller has called it in this transaction.
    """
    fields = lock_custom_fields() if locked_fields is None else locked_fields
    by_id = {field.pk: field for field in fields}
    if len(field_ids) != len(by_id) or set(field_ids) != set(by_id):
        raise StaleOrder
    _save_order(fields, [by_id[key] for key in field_ids], staff=staff, now=now)


@transaction.atomic
def remove_custom_field(*, field: CustomField, staff: StaffActor, now: datetime) -> None:
    """Delete a field. Its stored values are no longer shown anywhere. Raises CustomField.DoesNotExist."""
    activity.record_event(
        ClientEvent.CUSTOM_FIELDS_CHANGED, at=now, before={"name": field.name}, **activity.get_actor_fields(staff)
    )
    delete_row(field)


def lock_custom_fields() -> list[CustomField]:
    """Return all fields in their order; nobody else can change, move or remove one until the transaction ends."""
    # Locked first, then read again: rows read while waiting for a lock have their old positions.
    list(CustomField.objects.select_for_update(no_key=True).order_by("pk"))
    return list(CustomField.objects.all())


def _save_order(
    fields: Sequence[CustomField], ordered: Sequence[CustomField], *, staff: StaffActor, now: datetime
) -> None:
    for position, each in enumerate(ordered, start=1):
        each.position = position
    CustomField.objects.bulk_update(ordered, ["position"])
    before, after = ({"order": [each.name for each in order]} for order in (fields, ordered))
    if before != after:
        activity.record_event(
            ClientEvent.CUSTOM_FIELDS_CHANGED, at=now, before=before, after=after, **activity.get_actor_fields(staff)
        )


def _save_custom_field(field: CustomField, *, before: dict[str, Any], staff: StaffActor, now: datetime) -> None:
    try:
        with transaction.atomic():
            # A change never inserts the field again, which somebody may have removed, and leaves the order as it is.
            field.save(force_insert=not before, update_fields=["name", "choices"] if before else None)
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
