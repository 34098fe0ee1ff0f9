"""Fixtures of the API's tests."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tenants.api_keys import create_api_key
from tenants.models import Business
from tenants.nouns import registry
from tests import factories


@dataclass
class ApiProgram:
    """A program that uses the business API with a key."""

    key: str
    browser: Client

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a request with a JSON body to a path below /api/v1/business/."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.key}"} | headers if self.key else headers
        path = f"/api/v1/business/{path}"
        return self.browser.generic(method, path, content, content_type="application/json", headers=headers)

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Send a GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """Send a POST with a JSON body."""
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """Send a PUT with a JSON body."""
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """Send a PATCH with a JSON body."""
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        """Send a DELETE."""
        return self.send("DELETE", path, **headers)


@pytest.fixture
def api_program(acme, now) -> Callable[..., ApiProgram]:
    """Return a function that starts a program with a key of a member's, by default one that may do everything."""

    def start(
        scopes: Sequence[str] = (), *, role: str = "owner", business: Business = acme, **key_fields: Any
    ) -> ApiProgram:
        member = factories.create_member(business, role)
        new = create_api_key(
            membership=member, name="Sync", scopes=scopes or [*registry.get_api_scopes()], now=now, **key_fields
        )
        return ApiProgram(new.text, Client(headers={"host": settings.PLATFORM_HOST}))

    return start
