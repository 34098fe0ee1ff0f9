"""Reads the bodies of requests."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 30
TOO_DEEP = "The JSON is nested too deep."


class ShallowJsonParser(JSONParser):
    """Reads JSON that is not nested deeper than any operation needs, so that nothing that walks through it fails."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Return the values of a body. Raises ParseError."""
        try:
            values = super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
        if _is_deeper_than(values, MAX_DEPTH):
            raise ParseError(TOO_DEEP)
        return values


def _is_deeper_than(values: Any, depth: int) -> bool:
    level = [values]
    for _level in range(depth):
        level = [inner for value in level if isinstance(value, list | dict) for inner in _list_inner(value)]
        if not level:
            return False
    return True


def _list_inner(value: list[Any] | dict[str, Any]) -> list[Any]:
    return [*value.values()] if isinstance(value, dict) else value
