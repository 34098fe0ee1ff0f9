"""A request that does all that its operation can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Ids = dict[str, str]


@dataclass(frozen=True)
class Example:
    """A request that does all that its operation can do: how its body and what it needs are made."""

    body: Callable[[Ids], Any] = lambda ids: None
    prepare: Callable[[Ids], None] = lambda ids: None
    content_type: str = "application/json"
