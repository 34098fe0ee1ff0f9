"""How is a question asked a hundred times a second without being put together anew each time?

Django builds the SQL of a queryset whenever it is asked, which costs several times what
sending it does. A function under `@question` returns a queryset, one under `@change` a
queryset and the values it shall take. Each is called once per process, with `Given` for
every parameter; from then on its values are only filled in. So such a function looks at
none of its parameters, and at no setting: what may differ is a parameter.
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
    """Prepare what a function returns; calling it with values for its parameters then returns the rows."""
    return CompiledQuery(build)


def compiled_update(build: Callable[..., tuple[QuerySet, dict[str, Any]]]) -> "CompiledUpdate":
    """Prepare an update; calling it with values for its parameters then returns how many rows it met."""
    return CompiledUpdate(build)


class Param(Expression):
    """Stands in a queryset for a value that comes with each asking, as the database takes it."""

    def __init__(self, name: str):
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        """Hold the value's place."""
        return "%s", (self,)


class CompiledQuery(Generic[Row]):
    """A queryset that is asked again and again, annotations and select_related included."""

    def __init__(self, build: Callable[..., QuerySet[Row]]):
        self._build = build

    def __call__(self, **values: Any) -> list[Row]:
        """Ask, and return every row as an instance of the queryset's model."""
        with connection.cursor() as cursor:
            cursor.execute(self._plan.sql, _bind(self._plan.parameters, values))
            return [self._plan.build_instance(row) for row in cursor.fetchall()]

    @cached_property
    def _plan(self) -> "QueryPlan":
        return QueryPlan.compile(self._build(**_params(self._build)))


class CompiledUpdate:
    """A conditional update that is made again and again."""

    def __init__(self, build: Callable[..., tuple[QuerySet, dict[str, Any]]]):
        self._build = build

    def __call__(self, **values: Any) -> int:
        """Make the change, and return how many rows it met."""
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
    """The SQL of a queryset, and how its rows become instances. It keeps no connection."""

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
        """Put a queryset together."""
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
        """Return the instance that a row stands for."""
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
