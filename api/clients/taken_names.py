"""Says in the API that a name of which there can be only one is taken."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.protocol.problems import build_field_problem
from portal.clients.services import NameTaken


@contextmanager
def translate_name_taken(message: str) -> Iterator[None]:
    """Turn NameTaken, which a service raises, into the problem of the field `name`."""
    try:
        yield
    except NameTaken as error:
        raise build_field_problem("name", "name_taken", message) from error
