"""Describes an operation in the schema: from its view, with all that every operation of the API has."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.schema.components import refer_to_headers, refer_to_parameter, refer_to_problem
from tenants.nouns import registry

PREFIX, BUSINESS_PREFIX = "/api/v1/", "/api/v1/business/"
UNSAFE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# What any request may be answered.
COMMON_STATUSES = {400, 403, 406, 429, 500, 503}
BODY_STATUSES = {408, 413, 415, 422}


class ListEnvelope:
    """The object in which a list is sent; that of a page also holds the cursor of the next one."""

    def __init__(self, *, has_pages: bool):
        self.has_pages = has_pages

    def get_paginated_response_schema(self, items: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of the object around the items."""
        properties = {"items": items}
        if self.has_pages:
            text = "Send it as `cursor` to get the next page; null on the last one."
            properties["next_cursor"] = {"type": ["string", "null"], "description": text}
        return {"type": "object", "properties": properties, "required": [*properties]}


class OperationSchema(AutoSchema):
    """Describes an operation of the API. The docstring of its method is shown to people."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with its problems, and with headers and parameters that are the same everywhere."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        parameters = operation.get("parameters", []) + self._list_header_parameters(operation)
        self._add_success_headers(operation)
        for status in sorted(self._list_problem_statuses(operation)):
            operation["responses"].setdefault(str(status), refer_to_problem(status))
        return {**operation, "parameters": parameters} if parameters else operation

    def get_summary(self) -> str:
        """Return the first sentence of the docstring."""
        return self._split_docstring()[0]

    def get_description(self) -> str:
        """Return the rest of the docstring, and the scopes of which one is needed."""
        scopes = " or ".join(f"`{name}`" for name in self._list_scopes())
        return "\n\n".join(filter(None, [self._split_docstring()[1], scopes and f"Scope: {scopes}."]))

    def get_tags(self) -> list[str]:
        """Return the noun of the operation: the first part of its path."""
        return [self.path.removeprefix(BUSINESS_PREFIX).removeprefix(PREFIX).partition("/")[0]]

    def get_paginated_name(self, serializer_name: str) -> str:
        """Return the name of the component of a list."""
        return f"{serializer_name}{'Page' if self._has_pages() else 'List'}"

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Return the ways to authenticate: a key with one of some scopes, or a client's token or cookie, or none."""
        if not self.view.get_authenticators():
            return []
        if self.path.startswith(BUSINESS_PREFIX):
            return [{"apiKey": [scope]} for scope in self._list_scopes()]
        ways: list[dict[str, list[str]]] = [{"accessToken": []}, {"portalCookie": []}]
        return [*ways, {}] if getattr(self.view, "is_open_to_anybody", False) else ways

    def is_deprecated(self) -> bool:
        """Return whether the operation will be removed."""
        return super().is_deprecated() or self.method in getattr(self.view, "deprecations", {})

    def _get_paginator(self) -> ListEnvelope:
        return ListEnvelope(has_pages=self._has_pages())

    def _get_pagination_parameters(self) -> list[dict[str, Any]]:
        return []  # they are among those of the view

    def _has_pages(self) -> bool:
        return any(isinstance(query, type) and issubclass(query, PageQuery) for query in self.get_override_parameters())

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        for field in schema.get("properties", {}).values():
            field.pop("x-spec-enum-id", None)
            if field.get("default") == "":  # what stands for "nothing" inside is not a value to send
                del field["default"]
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema

    def _split_docstring(self) -> tuple[str, str]:
        first, _break, rest = super().get_description().partition("\n\n")
        sentence, _dot, more = " ".join(first.split()).partition(". ")
        return sentence.removesuffix("."), "\n\n".join(filter(None, [more, rest]))

    def _list_scopes(self) -> list[str]:
        permission = getattr(self.view, "permissions", {}).get(self.method)
        return [name for name, scope in registry.get_api_scopes().items() if permission in scope.permissions]

    def _list_header_parameters(self, operation: dict[str, Any]) -> list[dict[str, str]]:
        keys = []
        if self.method in UNSAFE_METHODS and getattr(self.view, "supports_idempotency_key", False):
            keys.append("IdempotencyKey")
        if self.method in ("PUT", "PATCH"):
            keys.append("IfMatch")
        if self._has_entity_tag(operation):
            keys.append("IfNoneMatch")
        return [refer_to_parameter(key) for key in keys]

    def _add_success_headers(self, operation: dict[str, Any]) -> None:
        names = ["X-Request-Id", "RateLimit-Policy", "RateLimit"]
        if self.is_deprecated():
            names += ["Deprecation", "Sunset", "Link"]
        if self.method in UNSAFE_METHODS and getattr(self.view, "supports_idempotency_key", False):
            names.append("Idempotency-Replayed")
        for response in operation["responses"].values():
            response["headers"] = refer_to_headers(*names) | response.get("headers", {})
            response["description"] = response.get("description") or "Done."
        if self._has_entity_tag(operation):
            operation["responses"]["200"]["headers"] |= refer_to_headers("ETag")
            not_modified = {"description": "It is still the same.", "headers": refer_to_headers("ETag", *names)}
            operation["responses"]["304"] = not_modified

    def _has_entity_tag(self, operation: dict[str, Any]) -> bool:
        content = operation["responses"].get("200", {}).get("content", {})
        return self.method == "GET" and "application/json" in content

    def _list_problem_statuses(self, operation: dict[str, Any]) -> set[int]:
        is_unsafe = self.method in UNSAFE_METHODS
        conditions = {
            401: bool(self.view.get_authenticators()) or getattr(self.view, "may_answer_401", False),
            404: "{" in self.path,
            409: is_unsafe,
            410: not self.path.startswith(BUSINESS_PREFIX),
            412: self.method in ("PUT", "PATCH"),
            422: is_unsafe or any(parameter["in"] == "query" for parameter in operation.get("parameters", [])),
        }
        statuses = COMMON_STATUSES | {status for status, applies in conditions.items() if applies}
        return statuses | BODY_STATUSES if "requestBody" in operation else statuses
