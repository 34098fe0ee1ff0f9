"""Reads the bodies of requests."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class ShallowJsonParser(JSONParser):
    """Reads JSON that is not nested deeper than Python can read."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """Return the values of a body. Raises ParseError."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deep.") from error
