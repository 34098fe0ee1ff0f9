"""Values that are loaded only if something uses them."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.utils.functional import SimpleLazyObject

Value = TypeVar("Value")


def build_lazy_object(load: Callable[[], Value]) -> Value:
    """Return an object that stands for the value of `load`, called on first use; for None it is false, not None."""
    return cast(Value, SimpleLazyObject(load))
