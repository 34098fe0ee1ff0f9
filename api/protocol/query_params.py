"""Reads the parameters of a query, as strictly as a body."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


def read_query(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """Return the validated parameters of a query. Raises ValidationError for unknown and repeated ones, too."""
    values: dict[str, Any] = {}
    bound = serializer(data=values)
    for name, texts in request.query_params.lists():
        is_list = isinstance(bound.fields.get(name), serializers.ListField)
        if len(texts) > 1 and not is_list:
            raise serializers.ValidationError({name: ["Give this parameter once."]}, code="repeated")
        values[name] = texts if is_list else texts[0]
    bound.is_valid(raise_exception=True)
    return bound.validated_data
