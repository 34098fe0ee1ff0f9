"""Parts of hand-written SQL that come from the models: tables, columns, their types, and INSERT … SELECT."""

from collections.abc import Collection, Mapping

from django.db import connection, models


class ModelColumnsMismatch(Exception):
    """A column of the model has no value, or a value is for a column that the model doesn't have."""

    def __init__(self, model: type[models.Model], names: Collection[str]):
        super().__init__(f"{model.__name__}: {', '.join(sorted(names))}")


def build_insert_select(model: type[models.Model], values: Mapping[str, str], source: str) -> str:
    """Return an INSERT that gives each column its SQL expression for every row of a FROM clause.

    Raises ModelColumnsMismatch, so that a new column has to be given a value here too.
    """
    check_model_columns(model, values)
    return f"INSERT INTO {quote_table(model)} ({', '.join(values)}) SELECT {', '.join(values.values())} {source}"


def check_model_columns(model: type[models.Model], names: Collection[str]) -> None:
    """Check that these are all columns of a model but the key that the database numbers.

    Raises ModelColumnsMismatch.
    """
    fields = model._meta.local_concrete_fields
    columns = {field.attname for field in fields if not isinstance(field, models.AutoField)}
    if mismatch := columns ^ {*names}:
        raise ModelColumnsMismatch(model, mismatch)


def quote_table(model: type[models.Model]) -> str:
    """Return the name of a model's table, quoted for SQL."""
    return f'"{model._meta.db_table}"'


def get_column_type(model: type[models.Model], column: str) -> str:
    """Return the PostgreSQL type of a model's column, for arrays of its values."""
    field = next(field for field in model._meta.local_concrete_fields if field.attname == column)
    column_type = field.db_type(connection)
    assert column_type, f"{column} is not stored"
    return column_type
