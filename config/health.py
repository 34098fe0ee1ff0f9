"""Liveness and readiness checks, answered on every host, known or not."""

import time
from collections.abc import Callable
from threading import Lock

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from tenants import pooling, schema_migrations
from tenants.connections import close_dead_connection

TTL_SECONDS = 3  # How long a result is reused, so that frequent probes cost the database little.
DATABASE_UNREACHABLE = "The database can't be reached."


class HealthMiddleware:
    """Answers /livez and /readyz, and serves nothing until the pooler was verified."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            return _build_text_response("alive", status=200)
        if request.path_info == "/readyz":
            reason = readiness.get_unreadiness_reason(time.monotonic())
            return _build_text_response(reason or "ready", status=503 if reason else 200)
        if not readiness.is_verified:
            reason = readiness.get_unreadiness_reason(time.monotonic())
            if not readiness.is_verified:
                return _build_text_response(reason or DATABASE_UNREACHABLE, status=503)
        return self.get_response(request)


class ReadinessCheck:
    """The readiness of one process: a safe database pooler and complete migrations.

    Behind an unsafe pooler one business could see the data of another, so nothing is served until it is verified.
    """

    def __init__(self) -> None:
        self.is_verified = False
        self._lock = Lock()
        self._failure_reason: str | None = DATABASE_UNREACHABLE
        self._checked_at = float("-inf")

    def check_pooler_at_start(self) -> None:
        """Verify the pooler once, at start. Raises UnsafePooler; passes while the database is unreachable."""
        try:
            pooling.assert_session_pooling()
            self.is_verified = True
        except psycopg.OperationalError:
            pass

    def get_unreadiness_reason(self, now: float) -> str | None:
        """Return in one line why this process is not ready, or None; checked again every TTL_SECONDS."""
        with self._lock:
            if now - self._checked_at >= TTL_SECONDS:
                self._failure_reason = self._find_failure()
                self._checked_at = now
            return self._failure_reason

    def _find_failure(self) -> str | None:
        close_dead_connection()
        try:
            pooling.assert_session_pooling()
            self.is_verified = True
            return schema_migrations.find_missing_migration()
        except pooling.UnsafePooler as error:
            self.is_verified = False
            return str(error)
        except psycopg.OperationalError:
            return DATABASE_UNREACHABLE
        except (OperationalError, InterfaceError):
            connection.close()  # The connection ended with the server; the next request opens another.
            return DATABASE_UNREACHABLE


readiness = ReadinessCheck()


def _build_text_response(text: str, *, status: int) -> HttpResponse:
    headers = {"Retry-After": str(TTL_SECONDS)} if status == 503 else {}
    return HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status, headers=headers)
