"""A program that uses the client API of a portal, for tests."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from portal.access.models import Challenge
from tenants import hostnames, tokens
from tenants.context import use_business
from tenants.models import Business
from tests.portal.access.sign_in_steps import ANA, current_code


@dataclass
class PortalProgram:
    """A program on somebody's phone, at one business's portal; it has the answer by which it was signed in."""

    business: Business
    browser: Client
    tokens: dict[str, Any] = field(default_factory=dict)
    device_token: str = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a request with a JSON body to a path below /api/v1/, with the access token if there is one."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if self.tokens:
            headers = {"authorization": f"Bearer {self.tokens['access_token']}"} | headers
        return self.browser.generic(
            method, f"/api/v1/{path}", content, content_type="application/json", headers=headers
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Send a GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        """Send a POST with a JSON body."""
        return self.send("POST", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        """Send a DELETE."""
        return self.send("DELETE", path, **headers)

    def open_challenge(self, identifier: str = ANA, **more: str) -> str:
        """Ask for a code and return the id of the challenge."""
        answer = self.post("sign-in/challenges/", {"identifier": identifier} | more)
        assert answer.status_code == 201, answer.content
        return answer.json()["id"]

    def get_code(self, challenge_id: str, generation: int | None = None) -> str:
        """Return the newest code that was sent for a challenge, or that of one generation."""
        with use_business(self.business):
            challenge = Challenge.objects.get(browser_digest=tokens.digest_token(challenge_id))
            return current_code(challenge, generation)

    def answer(self, challenge_id: str, code: Any, **more: Any) -> HttpResponse:
        """Answer a challenge with a code."""
        return self.post(f"sign-in/challenges/{challenge_id}/answers/", {"code": code} | more)

    def sign_in(self, identifier: str = ANA, **more: Any) -> "PortalProgram":
        """Sign in as a client, and keep the tokens."""
        challenge_id = self.open_challenge(identifier)
        answer = self.answer(challenge_id, self.get_code(challenge_id), **more)
        assert answer.status_code == 201, answer.content
        self.tokens, self.device_token = answer.json()["tokens"], answer.json()["device_token"]
        return self

    def refresh(self, refresh_token: str | None = None) -> HttpResponse:
        """Exchange a refresh token, by default the newest, for new tokens, which are kept."""
        answer = self.post("tokens/", {"refresh_token": refresh_token or self.tokens["refresh_token"]})
        if answer.status_code == 201:
            self.tokens = answer.json()
        return answer


def start_portal_program(business: Business, **environ: Any) -> PortalProgram:
    """Return a program that nobody has signed in with yet."""
    host = {"host": hostnames.get_portal_host(business)}
    return PortalProgram(business, Client(headers=host, **environ))
