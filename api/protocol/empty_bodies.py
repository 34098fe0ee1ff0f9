"""Operations that take no body."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from drf_spectacular.utils import extend_schema_serializer
from rest_framework.response import Response

from api.protocol.serializers import StrictSerializer, validate
from api.protocol.views import ApiView

View = TypeVar("View", bound=ApiView)
Arguments = ParamSpec("Arguments")
Method = Callable[Concatenate[View, Any, Arguments], Response]


@extend_schema_serializer(component_name="Nothing")  # As in 1.0.0.
class EmptyBodySerializer(StrictSerializer):
    """An empty object, for operations whose schema has had a body from the beginning."""


def takes_no_body(method: Method[View, Arguments]) -> Method[View, Arguments]:
    """Have a method of a view refuse the fields of a body by name: what a program asks for is never lost in silence."""

    @wraps(method)
    def wrapper(view: View, request: Any, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        validate(EmptyBodySerializer, request.data)
        return method(view, request, *args, **kwargs)

    return wrapper
