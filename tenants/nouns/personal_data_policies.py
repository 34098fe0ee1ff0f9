"""Policies that say what happens to a table's personal data when clients are merged, erased or exported.

Every table with rows about clients has one policy, which its noun declares; a test fails for a table without one.
By default a merge moves the rows to the surviving client, an erasure deletes them, and an export holds every column
that is no secret.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, Model
from django.utils.functional import Promise

ClientIds = Sequence[uuid.UUID]
EraseFunction = Callable[["PersonIdentity", datetime], int]
# Rows are fetched this many at a time, so that a long history fits in memory.
FETCH_SIZE = 500


class ErasureRefused(Exception):
    """The person can't be erased at the moment. The message is a sentence for staff that says why."""


@dataclass(frozen=True)
class PersonIdentity:
    """What tells a person's data from other people's: `portal.clients` collects it before anything is erased.

    `client_ids` are their cards. An address in `addresses` is confirmed and only theirs, so whatever has it is about
    them. One in `shared_addresses` is somebody else's too, or only a form claims it: it counts where their name stands
    beside it. `unique_names` are those of their `names` that no other client has; a name alone is never enough to
    attribute what a person submitted. A number without a calling code belongs to `country`.
    """

    client_ids: tuple[uuid.UUID, ...]
    names: frozenset[str] = frozenset()
    unique_names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    shared_addresses: frozenset[str] = frozenset()
    country: str = ""


@dataclass(frozen=True)
class PersonalDataPolicy:
    """The policy for one table, by default one with a client column.

    `key` and `label` name the table in an export, `ordering` is the column its rows are sorted by; a table without a
    label is not exported, and tables of lower positions come first. `moves_on_merge` False leaves the rows with the
    duplicate. `merge`, a function (survivor's id, duplicate's id, now), and `erase`, a function (PersonIdentity, now)
    that returns how many rows it changed, replace the defaults.

    `prepare_erasure`, a function (PersonIdentity, ExitStack), does what takes long before any lock is taken, such as
    reading files, and returns a function to call instead of `erase`; what it needs until then is closed by the stack.
    `lock`, a function without arguments, takes the locks that an erasure needs before it locks the client, or raises
    ErasureRefused. `find_addresses`, a function (ids of clients), returns former addresses of theirs. `free_texts` are
    the columns in which rows of others may mention a person. `erasure_label` names the table to staff, by default as
    in the export, and `kept` says what an erasure leaves of it, and why.
    """

    key: str
    model: str
    label: str | Promise = ""
    ordering: str = "created_at"
    excluded_columns: tuple[str, ...] = ()
    export_position: int = 100
    moves_on_merge: bool = True
    merge: Callable[[uuid.UUID, uuid.UUID, datetime], None] | None = None
    erase: EraseFunction | None = None
    prepare_erasure: Callable[[PersonIdentity, ExitStack], EraseFunction] | None = None
    lock: Callable[[], None] | None = None
    find_addresses: Callable[[ClientIds], set[str]] | None = None
    free_texts: tuple[str, ...] = ()
    erasure_label: str | Promise = ""
    kept: str | Promise = ""

    @property
    def model_class(self) -> type[Model]:
        """Return the model of the table."""
        return apps.get_model(self.model)

    @property
    def is_exported(self) -> bool:
        """Return whether an export holds the rows of the table."""
        return bool(self.label)

    def merge_client_rows(self, *, survivor_id: uuid.UUID, duplicate_id: uuid.UUID, now: datetime) -> None:
        """Move the duplicate's rows to the survivor."""
        if self.merge:
            self.merge(survivor_id, duplicate_id, now)
        elif self.moves_on_merge:
            self.model_class._default_manager.filter(client_id=duplicate_id).update(client_id=survivor_id)

    def erase_person_rows(self, person: PersonIdentity, *, now: datetime) -> int:
        """Delete or anonymise a person's rows; return how many."""
        if self.erase:
            return self.erase(person, now)
        rows = self.model_class._default_manager.filter(client_id__in=person.client_ids)
        return rows.delete()[1].get(self.model_class._meta.label, 0)

    def list_exported_columns(self) -> list[str]:
        """Return the columns of an export: no digests, and no internal ids."""
        return [field.attname for field in self.model_class._meta.concrete_fields if self._is_exported_field(field)]

    def export_client_rows(self, client_ids: ClientIds) -> Iterator[dict[str, Any]]:
        """Yield the rows of these clients for an export, the oldest first."""
        found = self.model_class._default_manager.filter(client_id__in=client_ids).order_by(self.ordering, "pk")
        yield from found.values(*self.list_exported_columns()).iterator(chunk_size=FETCH_SIZE)

    def _is_exported_field(self, field: Field) -> bool:
        is_excluded = field.name in ("id", "client", *self.excluded_columns)
        return not is_excluded and not isinstance(field, BinaryField)
