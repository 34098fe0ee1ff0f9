"""Is this process alive, and may it be sent requests? Answered on every host, known or not."""

import time
from collections.abc import Callable
from threading import Lock

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from tenants import pooling, schema_migrations
from tenants.connections import close_dead_connection

TTL_SECONDS = 3  # Seconds an answer is trusted, so that probes of many hosts cost the database little.
DATABASE_UNREACHABLE = "The database can't be reached."


class HealthMiddleware:
    """Answer /livez and /readyz before anything else is asked, and keep the gate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return _text_response("alive", status=200)
        if request.path_info == "/readyz":
            reason = readiness.failure_reason(time.monotonic())
            return _text_response(reason or "ready", status=503 if reason else 200)
        if not readiness.is_verified:
            reason = readiness.failure_reason(time.monotonic())
            if not readiness.is_verified:
                return _text_response(reason or DATABASE_UNREACHABLE, status=503)
        return self.get_response(request)


class ReadinessCheck:
    """What one process knows of the database it serves from.

    Until the boundary between businesses has been seen to hold, nothing is served at all.
    """

    def __init__(self) -> None:
        self.is_verified = False
        self._lock = Lock()
        self._failure_reason: str | None = DATABASE_UNREACHABLE
        self._checked_at = float("-inf")

    def check_at_start(self) -> None:
        """Check the boundary once, at start. Raises UnsafePooler; a database that is away is waited for."""
        try:
            pooling.assert_session_pooling()
            self.is_verified = True
        except psycopg.OperationalError:
            pass

    def failure_reason(self, now: float) -> str | None:
        """Say in one line why this process is not ready, or None; asked anew every GOOD_FOR seconds."""
        with self._lock:
            if now - self._checked_at >= TTL_SECONDS:
                self._failure_reason = self._check()
                self._checked_at = now
            return self._failure_reason

    def _check(self) -> str | None:
        close_dead_connection()
        try:
            pooling.assert_session_pooling()
            self.is_verified = True
            return schema_migrations.first_missing_migration()
        except pooling.UnsafePooler as error:
            self.is_verified = False
            return str(error)
        except psycopg.OperationalError:
            return DATABASE_UNREACHABLE
        except (OperationalError, InterfaceError):
            connection.close()  # It died with the server; the next request opens another.
            return DATABASE_UNREACHABLE


readiness = ReadinessCheck()


def _text_response(text: str, *, status: int) -> HttpResponse:
    headers = {"Retry-After": str(TTL_SECONDS)} if status == 503 else {}
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status, headers=headers)
