"""Tags: creating and changing them, and tagging any number of clients in one statement."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Lower

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ClientQuerySet, Tag, TagColour
from tenants.deleted_rows import delete_row
from tenants.staff.staff_actor import StaffActor

BATCH = 5000


class NameTaken(ValueError):
    """Another tag, field or view has this name already."""


def get_or_create_tag(name: str) -> Tag:
    """Return the tag with this name in any capitalisation; create it if there is none."""
    name = " ".join(name.split())
    if found := _find_tags(name).first():
        return found
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name, colour=_choose_next_colours(1)[0])
    except IntegrityError:  # another request created it just now
        return _find_tags(name).get()


def get_or_create_tags(names: Iterable[str]) -> list[Tag]:
    """Return the tags with these names in any capitalisation; create those that are missing, in one statement."""
    wanted = [" ".join(name.split()) for name in names]
    found = _find_all_tags(wanted)
    missing: dict[str, str] = {}
    for name in wanted:
        if name.lower() not in found:
            missing.setdefault(name.lower(), name)
    if missing:
        colours = _choose_next_colours(len(missing))
        # In order, so that two requests that create the same tags don't wait for one another.
        names = [missing[key] for key in sorted(missing)]
        new = [Tag(name=name, colour=colour) for name, colour in zip(names, colours, strict=True)]
        # Another request may have created one just now: all are read again.
        Tag.objects.bulk_create(new, ignore_conflicts=True)
        found |= _find_all_tags(missing.values())
    return [found.get(name.lower()) or get_or_create_tag(name) for name in wanted]


def create_tag(*, name: str, colour: str, staff: StaffActor, now: datetime) -> Tag:
    """Create a tag. Raises NameTaken."""
    new = Tag(name=" ".join(name.split()), colour=colour)
    _save_tag(new, before={}, staff=staff, now=now)
    return new


def list_tags_with_counts() -> QuerySet[Tag]:
    """Return all tags by name, each with the number of its listed clients as `client_count`."""
    listed = Q(clients__is_demo=False, clients__merged_into=None, clients__erased_at=None)
    return Tag.objects.annotate(client_count=Count("clients", filter=listed)).order_by(Lower("name"))


def change_tag(*, tag: Tag, name: str, colour: str, staff: StaffActor, now: datetime) -> None:
    """Change a tag's name and colour. Raises NameTaken."""
    before = {"name": tag.name, "colour": tag.colour}
    tag.name, tag.colour = " ".join(name.split()), colour
    _save_tag(tag, before=before, staff=staff, now=now)


@transaction.atomic
def delete_tag(*, tag: Tag, staff: StaffActor, now: datetime) -> None:
    """Delete a tag; it disappears from every client. Raises Tag.DoesNotExist."""
    activity.record_event(
        ClientEvent.TAG_REMOVED, at=now, before={"name": tag.name}, **activity.get_actor_fields(staff)
    )
    delete_row(tag)


def tag_clients_by_name(*, clients: ClientQuerySet, name: str, staff: StaffActor, now: datetime) -> int:
    """Add the tag with this name, created if missing, to clients; return how many didn't have it."""
    return tag_clients(clients=clients, tag=get_or_create_tag(name), staff=staff, now=now)


def untag_clients_by_name(*, clients: ClientQuerySet, name: str, staff: StaffActor, now: datetime) -> int:
    """Remove the tag with this name, if it exists, from clients; return how many had it."""
    found = _find_tags(" ".join(name.split())).first()
    return untag_clients(clients=clients, tag=found, staff=staff, now=now) if found else 0


@transaction.atomic
def tag_clients(*, clients: ClientQuerySet, tag: Tag, staff: StaffActor, now: datetime) -> int:
    """Add a tag to clients; return how many didn't have it."""
    # In the order of the clients' keys, so that no two requests that add the same tag wait for one another.
    keys = sorted(clients.exclude(tags=tag).order_by().values_list("pk", flat=True))
    through = Client.tags.through
    rows = (through(client_id=key, tag_id=tag.pk) for key in keys)
    through.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    _record_tag_change(keys, staff, now, before=[], after=[tag.name])
    return len(keys)


@transaction.atomic
def untag_clients(*, clients: ClientQuerySet, tag: Tag, staff: StaffActor, now: datetime) -> int:
    """Remove a tag from clients; return how many had it."""
    tagged = Client.tags.through.objects.filter(tag=tag)
    # Locked in the order of the clients' keys, so that no two requests wait for one another.
    locked = tagged.filter(client__in=clients.order_by().values("pk")).order_by("client").select_for_update(no_key=True)
    keys = list(locked.values_list("client", flat=True))
    tagged.filter(client__in=keys).delete()
    _record_tag_change(keys, staff, now, before=[tag.name], after=[])
    return len(keys)


@transaction.atomic
def set_client_tags(*, client: Client, names: Iterable[str], staff: StaffActor, now: datetime) -> list[Tag]:
    """Give a client the tags with these names, created if missing, and no others; return them by name."""
    wanted, present = set(get_or_create_tags(names)), set(client.tags.all())
    added, removed = (sorted(tags, key=str) for tags in (wanted - present, present - wanted))
    if added or removed:
        through = Client.tags.through
        through.objects.filter(client=client, tag__in=removed).delete()
        rows = (through(client_id=client.pk, tag_id=tag.pk) for tag in added)
        through.objects.bulk_create(rows, ignore_conflicts=True)
        before, after = ([tag.name for tag in tags] for tags in (removed, added))
        _record_tag_change([client.pk], staff, now, before=before, after=after)
    return sorted(wanted, key=lambda tag: tag.name.casefold())


def _save_tag(tag: Tag, *, before: dict[str, Any], staff: StaffActor, now: datetime) -> None:
    try:
        with transaction.atomic():
            # Never inserted again by a change: somebody may have deleted it.
            tag.save(force_insert=not before, force_update=bool(before))
            after = {"name": tag.name, "colour": tag.colour}
            activity.record_event(
                ClientEvent.TAG_CHANGED, at=now, before=before, after=after, **activity.get_actor_fields(staff)
            )
    except IntegrityError as error:
        raise NameTaken(tag.name) from error


def _find_tags(name: str) -> QuerySet[Tag]:
    # PostgreSQL's lower() as in the constraint: Python's differs for a capital sharp s.
    return Tag.objects.alias(small=Lower("name")).filter(small=Lower(Value(name)))


def _record_tag_change(
    keys: list[Any], staff: StaffActor, now: datetime, *, before: list[str], after: list[str]
) -> None:
    fields: dict[str, Any] = {"before": {"tags": before}, "after": {"tags": after}, **activity.get_actor_fields(staff)}
    entries = (activity.build_entry(ClientEvent.TAGS_CHANGED, client_id=key, at=now, **fields) for key in keys)
    Entry.objects.bulk_create(entries, batch_size=BATCH)


def _find_all_tags(names: Iterable[str]) -> dict[str, Tag]:
    """Return the tags that have one of these names in any capitalisation, by the name in small letters."""
    lowered = [Lower(Value(name)) for name in names]
    return {tag.name.lower(): tag for tag in Tag.objects.alias(small=Lower("name")).filter(small__in=lowered)}


def _choose_next_colours(count: int) -> list[str]:
    """Return the next colours in turn, grey excepted."""
    colours, first = TagColour.values[1:], Tag.objects.count()
    return [colours[number % len(colours)] for number in range(first, first + count)]
