"""How do tags get onto cards, and off them? One statement for any number of cards."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Lower

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients.models import Client, ClientQuerySet, Tag
from tenants.staff.actor import Staff

BATCH = 5000


class NameTaken(ValueError):
    """Another row of this kind has the name already."""


def get_or_create_tag(name: str) -> Tag:
    """Return the tag of this name, however it is capitalised, and make it if there is none."""
    name = " ".join(name.split())
    if found := _tags_named(name).first():
        return found
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name, colour=_next_colour())
    except IntegrityError:  # a colleague made it this moment
        return _tags_named(name).get()


def add_tag(*, name: str, colour: str, staff: Staff, now: datetime) -> Tag:
    """Make a tag that no card carries yet. Raises NameTaken."""
    new = Tag(name=" ".join(name.split()), colour=colour)
    _save(new, before={}, staff=staff, now=now)
    return new


def tags_with_counts() -> QuerySet[Tag]:
    """Return every tag by name, with how many listed clients carry it as `number`."""
    listed = Q(clients__is_demo=False, clients__merged_into=None, clients__erased_at=None)
    return Tag.objects.annotate(client_count=Count("clients", filter=listed)).order_by(Lower("name"))


def change_tag(*, tag: Tag, name: str, colour: str, staff: Staff, now: datetime) -> None:
    """Give a tag another name or colour. Raises NameTaken."""
    before = {"name": tag.name, "colour": tag.colour}
    tag.name, tag.colour = " ".join(name.split()), colour
    _save(tag, before=before, staff=staff, now=now)


@transaction.atomic
def remove_tag(*, tag: Tag, staff: Staff, now: datetime) -> None:
    """Take a tag off every card and forget it."""
    activity.record(EventType.TAG_REMOVED, at=now, before={"name": tag.name}, **activity.actor_fields(staff))
    tag.delete()


def tag_clients_by_name(*, clients: ClientQuerySet, name: str, staff: Staff, now: datetime) -> int:
    """Put the tag of this name on cards, made if there is none, and return how many were without it."""
    return tag_clients(clients=clients, tag=get_or_create_tag(name), staff=staff, now=now)


def untag_clients_by_name(*, clients: ClientQuerySet, name: str, staff: Staff, now: datetime) -> int:
    """Take the tag of this name off cards, if there is such a tag, and return how many had it."""
    found = _tags_named(" ".join(name.split())).first()
    return untag_clients(clients=clients, tag=found, staff=staff, now=now) if found else 0


@transaction.atomic
def tag_clients(*, clients: ClientQuerySet, tag: Tag, staff: Staff, now: datetime) -> int:
    """Put a tag on cards that don't have it, and return how many those are."""
    keys = list(clients.exclude(tags=tag).order_by().values_list("pk", flat=True))
    through = Client.tags.through
    rows = (through(client_id=key, tag_id=tag.pk) for key in keys)
    through.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    _record(keys, staff, now, before=[], after=[tag.name])
    return len(keys)


@transaction.atomic
def untag_clients(*, clients: ClientQuerySet, tag: Tag, staff: Staff, now: datetime) -> int:
    """Take a tag off cards that have it, and return how many those are."""
    keys = list(clients.filter(tags=tag).order_by().values_list("pk", flat=True))
    Client.tags.through.objects.filter(client__in=keys, tag=tag).delete()
    _record(keys, staff, now, before=[tag.name], after=[])
    return len(keys)


def _save(tag: Tag, *, before: dict[str, Any], staff: Staff, now: datetime) -> None:
    try:
        with transaction.atomic():
            tag.save()
            after = {"name": tag.name, "colour": tag.colour}
            activity.record(EventType.TAG_CHANGED, at=now, before=before, after=after, **activity.actor_fields(staff))
    except IntegrityError as error:
        raise NameTaken(tag.name) from error


def _tags_named(name: str) -> QuerySet[Tag]:
    # Compared as the constraint compares, which knows the small letter of a capital sharp s.
    return Tag.objects.alias(small=Lower("name")).filter(small=Lower(Value(name)))


def _record(keys: list[Any], staff: Staff, now: datetime, *, before: list[str], after: list[str]) -> None:
    fields: dict[str, Any] = {"before": {"tags": before}, "after": {"tags": after}, **activity.actor_fields(staff)}
    entries = (activity.build_entry(EventType.CLIENT_TAGGED, client_id=key, at=now, **fields) for key in keys)
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def _next_colour() -> str:
    """Return the colour after the one that was given out last, grey aside."""
    colours = Tag.Colour.values[1:]
    return colours[Tag.objects.count() % len(colours)]
