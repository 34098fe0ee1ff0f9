"""Is this process alive, and may it be sent requests? Answered on every host, known or not."""

import time
from collections.abc import Callable
from threading import Lock

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from tenants import pooling, schema_migrations
from tenants.connections import drop_dead_connection

GOOD_FOR = 3  # Seconds an answer is trusted, so that probes of many hosts cost the database little.
AWAY = "The database can't be reached."


class HealthMiddleware:
    """Answer /livez and /readyz before anything else is asked, and keep the gate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return _plain("alive", status=200)
        if request.path_info == "/readyz":
            reason = gate.reason(time.monotonic())
            return _plain(reason or "ready", status=503 if reason else 200)
        if not gate.proven:
            reason = gate.reason(time.monotonic())
            if not gate.proven:
                return _plain(reason or AWAY, status=503)
        return self.get_response(request)


class Gate:
    """What one process knows of the database it serves from.

    Until the boundary between businesses has been seen to hold, nothing is served at all.
    """

    def __init__(self) -> None:
        self.proven = False
        self._lock = Lock()
        self._reason: str | None = AWAY
        self._asked_at = float("-inf")

    def prove(self) -> None:
        """Check the boundary once, at start. Raises UnsafePooler; a database that is away is waited for."""
        try:
            pooling.check()
            self.proven = True
        except psycopg.OperationalError:
            pass

    def reason(self, now: float) -> str | None:
        """Say in one line why this process is not ready, or None; asked anew every GOOD_FOR seconds."""
        with self._lock:
            if now - self._asked_at >= GOOD_FOR:
                self._reason = self._ask()
                self._asked_at = now
            return self._reason

    def _ask(self) -> str | None:
        drop_dead_connection()
        try:
            pooling.check()
            self.proven = True
            return schema_migrations.first_gap()
        except pooling.UnsafePooler as refusal:
            self.proven = False
            return str(refusal)
        except psycopg.OperationalError:
            return AWAY
        except (OperationalError, InterfaceError):
            connection.close()  # It died with the server; the next request opens another.
            return AWAY


gate = Gate()


def _plain(text: str, *, status: int) -> HttpResponse:
    headers = {"Retry-After": str(GOOD_FOR)} if status == 503 else {}
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status, headers=headers)
