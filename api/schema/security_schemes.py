"""How each way to authenticate is described in the schema."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from tenants.nouns import registry


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """A key of the business API; an operation names the scopes of which one is needed."""

    target_class = "api.business.key_authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return what the key is."""
        text = "A key that an owner or manager made in the console, under Settings, or an operator by a command."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "pk_…", "description": text}

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """Return the scopes of which the operation needs one."""
        scopes = list_scopes(auto_schema.view.permissions.get(auto_schema.method, ""))
        return [{self.name: [scope]} for scope in scopes]


def list_scopes(permission: str) -> list[str]:
    """Return the scopes that allow what needs a permission."""
    return [name for name, scope in registry.get_api_scopes().items() if permission in scope.permissions]
