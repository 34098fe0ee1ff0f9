"""Policies that say what happens to a table's personal data when clients are merged, erased or exported.

Every table whose rows belong to a client has one policy, named in settings.PERSONAL_DATA_POLICIES; a test
fails for a table without one. By default a merge moves the rows to the surviving client, an erasure deletes
them, and an export holds every column that is no secret.
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

ClientIds = Sequence[uuid.UUID]
# Rows are fetched this many at a time, so that a long history fits in memory.
FETCH_SIZE = 500


@dataclass(frozen=True)
class PersonalDataPolicy:
    """The policy for one table. `key` names the table in an export, `ordering` the column its rows are sorted by.

    `merge` and `erase` replace the default; `moves_on_merge` False leaves the rows with the duplicate.
    """

    key: str
    label: str | Promise
    model: str
    ordering: str = "created_at"
    excluded_columns: tuple[str, ...] = ()
    moves_on_merge: bool = True
    merge: Callable[[Client, Client, datetime], None] | None = None
    erase: Callable[[ClientIds, datetime], None] | None = None

    @property
    def model_class(self) -> type[Model]:
        """Return the model of the table."""
        return apps.get_model(self.model)

    def merge_rows(self, *, survivor: Client, duplicate: Client, now: datetime) -> None:
        """Move the duplicate's rows to the survivor."""
        if self.merge:
            self.merge(survivor, duplicate, now)
        elif self.moves_on_merge:
            self.model_class._default_manager.filter(client=duplicate).update(client=survivor)

    def erase_rows(self, client_ids: ClientIds, *, now: datetime) -> None:
        """Delete or anonymise the rows of these clients."""
        if self.erase:
            self.erase(client_ids, now)
        else:
            self.model_class._default_manager.filter(client_id__in=client_ids).delete()

    def export_columns(self) -> list[str]:
        """Return the columns of an export: no digests, and no internal ids."""
        return [field.attname for field in self.model_class._meta.concrete_fields if self._is_exported(field)]

    def export_rows(self, client_ids: ClientIds) -> Iterator[dict[str, Any]]:
        """Yield the rows of these clients for an export, the oldest first."""
        found = self.model_class._default_manager.filter(client_id__in=client_ids).order_by(self.ordering, "pk")
        yield from found.values(*self.export_columns()).iterator(chunk_size=FETCH_SIZE)

    def _is_exported(self, field: Field) -> bool:
        is_excluded = field.name in ("id", "client", *self.excluded_columns)
        return not is_excluded and not isinstance(field, BinaryField)


def load_policies() -> list[PersonalDataPolicy]:
    """Return the policies of all tables, in the order of the settings."""
    return _import_policies(tuple(settings.PERSONAL_DATA_POLICIES))


def client_ids_with_merged(client: Client) -> list[uuid.UUID]:
    """Return the ids of a client and of those merged into it: together they are one person."""
    return [client.pk, *client.merged.values_list("pk", flat=True)]


@cache
def _import_policies(paths: Iterable[str]) -> list[PersonalDataPolicy]:
    return [import_string(path) for path in paths]
