"""Sparse fields: a caller names the fields of a list’s items that it needs, and gets no others."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tenants.text_cleaning import clean_line


@extend_schema_field(OpenApiTypes.STR)
class SparseFieldsField(serializers.Field):
    """The query parameter `fields`: names of an item’s fields, with commas between them. Without it all are sent."""

    default_error_messages = {
        "unknown_field": "There is no field {name}. Choose from: {names}.",
        "invalid": "Names of fields, with commas between them.",
    }

    def __init__(self, item: type[serializers.Serializer], **kwargs: Any):
        # Not `item().fields`, which copies every field: the parameter is built with each request.
        names = [*item._declared_fields]
        text = f"Send only these fields, with commas between them: {', '.join(names)}."
        super().__init__(required=False, default="", help_text=text, **kwargs)
        self.item, self.names = item, names

    def to_internal_value(self, data: Any) -> Sequence[str]:
        """Return the names in the order of the item. Raises ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        wanted = [clean_line(name) for name in data.split(",")]
        for name in wanted:
            if name not in self.names:
                self.fail("unknown_field", name=name or "“”", names=", ".join(self.names))
        return [name for name in self.names if name in wanted]


def select_fields(shown: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """Return the named fields of an object; all of them if none is named."""
    return {name: shown[name] for name in names} if names else shown


def make_sparse(item: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """Return the serializer of an item of a list from which any field may be missing, for the schema."""

    names = {name: _make_optional(field) for name, field in item().fields.items()}
    return type(f"Sparse{item.__name__}", (item,), {"__doc__": item.__doc__, **names})


def _make_optional(field: serializers.Field) -> serializers.Field:
    optional = copy.deepcopy(field)
    optional.read_only = optional.required = False
    return optional
