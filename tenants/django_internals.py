"""What relies on parts of Django that its documentation doesn't promise: read it again before an upgrade.

tests/tenants/test_django_internals.py names the version that it was read against.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TextIO, cast

from django.core.management.base import OutputWrapper
from django.db import connection, models
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


@dataclass(frozen=True)
class ModelRowMapper:
    """Turns the rows of a compiled queryset into instances. It holds no connection."""

    model: type[models.Model]
    columns: slice
    names: list[str]
    annotations: dict[str, int]
    related: list[Any]
    converters: list[tuple[int, list[Callable], Any]]

    def build_instance(self, row: Sequence[Any]) -> Any:
        """Return the instance for a row.

        Relies on a converter taking the value, its expression and the connection, and on a populator of
        `select_related` taking the row and the instance.
        """
        if self.converters:
            row = self._convert_values(row)
        instance = self.model.from_db(connection.alias, self.names, row[self.columns])
        for populator in self.related:
            populator.populate(row, instance)
        for name, position in self.annotations.items():
            setattr(instance, name, row[position])
        return instance

    def _convert_values(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for position, functions, expression in self.converters:
            for function in functions:
                values[position] = function(values[position], expression, connection)
        return values


def compile_select(queryset: models.QuerySet) -> tuple[str, Sequence[Any], ModelRowMapper]:
    """Return a queryset's SQL, its parameters and the mapper of its rows.

    Relies on the compiler's `klass_info`, `select` and `annotation_col_map`, which its `as_sql()` sets, on
    `get_converters()`, and on `get_related_populators()`.
    """
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    select_fields = compiler.klass_info["select_fields"]
    columns = slice(select_fields[0], select_fields[-1] + 1)
    converters = compiler.get_converters([selected[0] for selected in compiler.select])
    mapper = ModelRowMapper(
        model=compiler.klass_info["model"],
        columns=columns,
        names=[selected[0].target.attname for selected in compiler.select[columns]],
        annotations=compiler.annotation_col_map or {},
        related=get_related_populators(compiler.klass_info, compiler.select, connection.alias),  # type: ignore[call-arg]
        converters=[(position, functions, expression) for position, (functions, expression) in converters.items()],
    )
    return sql, parameters, mapper


def compile_update(queryset: models.QuerySet, values: dict[str, Any]) -> tuple[str, Sequence[Any]]:
    """Return the SQL of `queryset.update(**values)` and its parameters.

    Relies on `Query.chain()` and `UpdateQuery.add_update_values()`, as `QuerySet.update()` does.
    """
    query = cast(UpdateQuery, queryset.query.chain(UpdateQuery))
    query.add_update_values(values)
    return query.get_compiler(connection=connection).as_sql()


def compile_insert(model: type[models.Model], fields: Sequence[models.Field]) -> str:
    """Return the SQL that inserts one row, with a placeholder for each field.

    Relies on `InsertQuery.insert_values()`, and on its compiler returning a list of statements.
    """
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    [(sql, _values)] = query.get_compiler(connection=connection).as_sql()
    return sql


def output_stream(output: OutputWrapper) -> TextIO:
    """Return the stream that a command writes to, for what writes parts of lines: the wrapper ends each with a newline.

    Relies on `OutputWrapper._out`.
    """
    return cast(TextIO, output._out)


def parse_accept_language(header: str) -> list[str]:
    """Return the language codes of an Accept-Language header, the most wanted first.

    Relies on `trans_real.parse_accept_lang_header()`.
    """
    return [code for code, _weight in parse_accept_lang_header(header)]


class HookedDatabaseWrapper(DatabaseWrapper):
    """A connection that says when a COMMIT failed and when autocommit is changed, and creates cursors without a query.

    Relies on `commit()` calling `_commit()`, on `set_autocommit()` calling `_set_autocommit()` and keeping
    `autocommit` itself, and on django-tenants setting the search path of a new cursor in `_handle_search_path()`.
    """

    def handle_failed_commit(self) -> None:
        """Do what follows from a COMMIT that failed; its exception is raised afterwards."""
        raise NotImplementedError

    def change_autocommit(self, *, autocommit: bool) -> None:
        """Begin or end autocommit in the database."""
        raise NotImplementedError

    def _commit(self) -> None:
        try:
            cast(Any, super())._commit()
        except Exception:
            self.handle_failed_commit()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        self.change_autocommit(autocommit=autocommit)

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Leave a new cursor as it is."""


def read_body(request: HttpRequest, *, max_bytes: int) -> bool:
    """Read a body that is larger than DATA_UPLOAD_MAX_MEMORY_SIZE; return False for one of more than `max_bytes`."""
    body = request.read(max_bytes + 1)
    if len(body) > max_bytes:
        return False
    request._body = body
    return True
