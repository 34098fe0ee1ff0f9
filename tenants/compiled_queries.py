"""Querysets and updates that are compiled to SQL once per process and then only given parameters.

Django compiles a queryset every time it is evaluated, which takes several times as long as sending the SQL.
A function under `@compiled_query` returns a queryset, one under `@compiled_update` a queryset and the values
to set. Each is called once per process, with a `SqlParam` for every parameter. So its result must not
depend on its arguments or on settings: whatever may differ between calls has to be a parameter.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from inspect import signature
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Model, QuerySet

from tenants.django_internals import ModelRowMapper, compile_select, compile_update

Row = TypeVar("Row", bound=Model)


def compiled_query(build: Callable[..., QuerySet[Row]]) -> "CompiledQuery[Row]":
    """Compile the queryset a function returns; calling it with values for its parameters returns the rows."""
    return CompiledQuery(build)


def compiled_update(build: Callable[..., tuple[QuerySet, dict[str, Any]]]) -> "CompiledUpdate":
    """Compile an update; calling it with values for its parameters returns the number of rows it changed."""
    return CompiledUpdate(build)


class SqlParam(Expression):
    """A placeholder in a queryset for a value that is given with each call, ready for the database."""

    def __init__(self, name: str):
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        """Return the SQL placeholder."""
        return "%s", (self,)


class CompiledQuery(Generic[Row]):
    """A queryset compiled once, with its annotations and select_related. `build` returns it uncompiled."""

    def __init__(self, build: Callable[..., QuerySet[Row]]):
        self.build = build

    def __call__(self, **values: Any) -> list[Row]:
        """Run the query and return its rows as instances of the queryset's model."""
        sql, parameters, mapper = self._compiled_sql
        with connection.cursor() as cursor:
            cursor.execute(sql, _bind_values(parameters, values))
            return [mapper.build_instance(row) for row in cursor.fetchall()]

    @cached_property
    def _compiled_sql(self) -> tuple[str, Sequence[Any], ModelRowMapper]:
        return compile_select(self.build(**_create_sql_params(self.build)))


class CompiledUpdate:
    """A conditional update compiled once."""

    def __init__(self, build: Callable[..., tuple[QuerySet, dict[str, Any]]]):
        self._build = build

    def __call__(self, **values: Any) -> int:
        """Run the update and return the number of rows it changed."""
        sql, parameters = self._compiled_sql
        with connection.cursor() as cursor:
            cursor.execute(sql, _bind_values(parameters, values))
            return cursor.rowcount

    def fetch_column(self, column: str, **values: Any) -> list[Any]:
        """Run the update and return what a column holds afterwards in each row it changed."""
        sql, parameters = self._compiled_sql
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} RETURNING {connection.ops.quote_name(column)}", _bind_values(parameters, values))
            return [value for (value,) in cursor.fetchall()]

    @cached_property
    def _compiled_sql(self) -> tuple[str, Sequence[Any]]:
        return compile_update(*self._build(**_create_sql_params(self._build)))


def _create_sql_params(build: Callable) -> dict[str, SqlParam]:
    return {name: SqlParam(name) for name in signature(build).parameters}


def _bind_values(parameters: Sequence[Any], values: dict[str, Any]) -> list[Any]:
    return [values[value.name] if isinstance(value, SqlParam) else value for value in parameters]
