"""Querysets and updates that are compiled to SQL once per process and then only given parameters.

Django compiles a queryset every time it is evaluated, which takes several times as long as sending the SQL.
A function under `@compiled_query` returns a queryset, one under `@compiled_update` a queryset and the values
to set. Each is called once per process, with a `Param` for every parameter. So its result must not
depend on its arguments or on settings: whatever may differ between calls has to be a parameter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery

Row = TypeVar("Row", bound=Model)


def compiled_query(build: Callable[..., QuerySet[Row]]) -> "CompiledQuery[Row]":
    """Compile the queryset a function returns; calling it with values for its parameters returns the rows."""
    return CompiledQuery(build)


def compiled_update(build: Callable[..., tuple[QuerySet, dict[str, Any]]]) -> "CompiledUpdate":
    """Compile an update; calling it with values for its parameters returns the number of rows it changed."""
    return CompiledUpdate(build)


class Param(Expression):
    """A placeholder in a queryset for a value that is given with each call, ready for the database."""

    def __init__(self, name: str):
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        """Return the SQL placeholder."""
        return "%s", (self,)


class CompiledQuery(Generic[Row]):
    """A queryset compiled once, with its annotations and select_related."""

    def __init__(self, build: Callable[..., QuerySet[Row]]):
        self._build = build

    def __call__(self, **values: Any) -> list[Row]:
        """Run the query and return its rows as instances of the queryset's model."""
        with connection.cursor() as cursor:
            cursor.execute(self._plan.sql, _bind(self._plan.parameters, values))
            return [self._plan.build_instance(row) for row in cursor.fetchall()]

    @cached_property
    def _plan(self) -> "QueryPlan":
        return QueryPlan.compile(self._build(**_params(self._build)))


class CompiledUpdate:
    """A conditional update compiled once."""

    def __init__(self, build: Callable[..., tuple[QuerySet, dict[str, Any]]]):
        self._build = build

    def __call__(self, **values: Any) -> int:
        """Run the update and return the number of rows it changed."""
        sql, parameters = self._statement
        with connection.cursor() as cursor:
            cursor.execute(sql, _bind(parameters, values))
            return cursor.rowcount

    @cached_property
    def _statement(self) -> tuple[str, Sequence[Any]]:
        rows, values = self._build(**_params(self._build))
        query = cast(UpdateQuery, rows.query.chain(UpdateQuery))
        query.add_update_values(values)
        return query.get_compiler(connection=connection).as_sql()


@dataclass(frozen=True)
class QueryPlan:
    """The SQL of a queryset and what turns its rows into instances. It holds no connection."""

    sql: str
    parameters: Sequence[Any]
    model: type[Model]
    columns: slice
    names: list[str]
    annotations: dict[str, int]
    related: list[Any]
    converters: list[tuple[int, list[Callable], Any]]

    @classmethod
    def compile(cls, queryset: QuerySet) -> "QueryPlan":
        """Compile a queryset."""
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        select_fields = compiler.klass_info["select_fields"]
        columns = slice(select_fields[0], select_fields[-1] + 1)
        converters = compiler.get_converters([selected[0] for selected in compiler.select])
        return cls(
            sql=sql,
            parameters=parameters,
            model=compiler.klass_info["model"],
            columns=columns,
            names=[selected[0].target.attname for selected in compiler.select[columns]],
            annotations=compiler.annotation_col_map or {},
            related=get_related_populators(compiler.klass_info, compiler.select, connection.alias),  # type: ignore[call-arg]
            converters=[(position, functions, expression) for position, (functions, expression) in converters.items()],
        )

    def build_instance(self, row: Sequence[Any]) -> Any:
        """Return the instance for a row."""
        if self.converters:
            row = self._convert(row)
        instance = self.model.from_db(connection.alias, self.names, row[self.columns])
        for populator in self.related:
            populator.populate(row, instance)
        for name, position in self.annotations.items():
            setattr(instance, name, row[position])
        return instance

    def _convert(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for position, functions, expression in self.converters:
            for function in functions:
                values[position] = function(values[position], expression, connection)
        return values


def _params(build: Callable) -> dict[str, Param]:
    return {name: Param(name) for name in signature(build).parameters}


def _bind(parameters: Sequence[Any], values: dict[str, Any]) -> list[Any]:
    return [values[value.name] if isinstance(value, Param) else value for value in parameters]
