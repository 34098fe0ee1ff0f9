"""Lists the operations of a schema."""

from dataclasses import dataclass
from typing import Any

from api.schema.documents import ApiSchema, build_document


@dataclass(frozen=True)
class Operation:
    """One operation: its method and path, and what the schema says about it."""

    id: str
    method: str
    path: str
    details: dict[str, Any]

    @property
    def scopes(self) -> list[str]:
        """Return the scopes of which it needs one."""
        return [scope for way in self.details.get("security", []) for scope in way.get("apiKey", [])]

    @property
    def path_parameters(self) -> list[str]:
        """Return the names of the parameters in its path."""
        return [each["name"] for each in self.details.get("parameters", []) if each.get("in") == "path"]


def list_operations(schema: ApiSchema) -> list[Operation]:
    """Return all operations of a schema."""
    return [
        Operation(details["operationId"], method.upper(), path, details)
        for path, methods in build_document(schema)["paths"].items()
        for method, details in methods.items()
    ]
