"""What does each noun keep of a person, and what becomes of it when cards are merged, erased or handed out?

A table whose rows belong to a client is named once, as a Holding in the settings; a test
fails for one that isn't. What is not said here follows the rule: merging moves the rows to
the card that stays, erasing deletes them, and the copy for the person holds every column
that is no secret.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, Field, Model
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from portal.clients.models import Client

Keys = Sequence[uuid.UUID]
# Rows are fetched this many at a time, so that a long history fits in memory.
CHUNK = 500


@dataclass(frozen=True)
class Holding:
    """One table's rows about clients. `key` names its files in an export, `order` the column they are sorted by."""

    key: str
    label: str | Promise
    model: str
    order: str = "created_at"
    left_out: tuple[str, ...] = ()
    moves: bool = True
    merge: Callable[[Client, Client, datetime], None] | None = None
    erase: Callable[[Keys, datetime], None] | None = None

    @property
    def table(self) -> type[Model]:
        """Return the model whose rows these are."""
        return apps.get_model(self.model)

    def merged(self, *, kept: Client, gone: Client, now: datetime) -> None:
        """Bring one card's rows to another."""
        if self.merge:
            self.merge(kept, gone, now)
        elif self.moves:
            self.table._default_manager.filter(client=gone).update(client=kept)

    def erased(self, keys: Keys, *, now: datetime) -> None:
        """Forget what is personal in the rows of these cards."""
        if self.erase:
            self.erase(keys, now)
        else:
            self.table._default_manager.filter(client_id__in=keys).delete()

    def columns(self) -> list[str]:
        """Return the columns that go into a copy for the person: neither digests nor keys of ours."""
        return [field.attname for field in self.table._meta.concrete_fields if self._is_theirs(field)]

    def rows(self, keys: Keys) -> Iterator[dict[str, Any]]:
        """Yield the rows of these cards for a copy, the oldest first."""
        found = self.table._default_manager.filter(client_id__in=keys).order_by(self.order, "pk")
        yield from found.values(*self.columns()).iterator(chunk_size=CHUNK)

    def _is_theirs(self, field: Field) -> bool:
        own = field.name in ("id", "client", *self.left_out)
        return not own and not isinstance(field, BinaryField)


def holdings() -> list[Holding]:
    """Return every table's holding, those that stand first in the settings first."""
    return _load(tuple(settings.PERSONAL_DATA_POLICIES))


def family_of(client: Client) -> list[uuid.UUID]:
    """Return the keys of a card and of those that were merged into it: together they are one person."""
    return [client.pk, *client.merged.values_list("pk", flat=True)]


@cache
def _load(paths: Iterable[str]) -> list[Holding]:
    return [import_string(path) for path in paths]
