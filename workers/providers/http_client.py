"""How is a provider asked over HTTP, and what does silence mean?

One pool of connections per provider and process: a new TLS connection costs 20 ms of CPU,
a pooled one well under one. urllib3 is used bare because `requests` on top of it triples
the cost of a call and hides whether anything was sent before it failed.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import certifi
import urllib3
from django.conf import settings
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from workers.providers.base import SendError, SendStatus

MAX_CONNECTIONS = 64
# Raised before a byte of the request left; everything else leaves us in doubt.
NOT_SENT_ERRORS = (ConnectTimeoutError, NewConnectionError)
MAX_RESPONSE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """What a provider answered. The text is empty when it stopped halfway."""

    status: int
    text: str


class _Connection(HTTPSConnection):
    """Tells a handshake that failed, after which nothing is sent, from TLS that broke while we read."""

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from None


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Connection


class HttpClient:
    """The connections of this process to one provider."""

    def __init__(self) -> None:
        connect, read = settings.PROVIDER_CONNECT_TIMEOUT, settings.PROVIDER_READ_TIMEOUT
        self._pool = urllib3.PoolManager(
            maxsize=MAX_CONNECTIONS,
            retries=False,
            timeout=urllib3.Timeout(connect=connect.total_seconds(), read=read.total_seconds()),
            ssl_context=tls_context(),
        )
        self._pool.pool_classes_by_scheme = {"http": urllib3.HTTPConnectionPool, "https": _HttpsPool}

    def post(self, url: str, *, body: bytes | str, headers: Mapping[str, str]) -> ProviderResponse:
        """Post once and return the answer, if it is one. Raises SendError when the provider is away or in trouble."""
        answer = self._ask("POST", url, body=body, headers=headers)
        _raise_for_status(answer.status)
        return answer

    def delete(self, url: str, *, headers: Mapping[str, str]) -> ProviderResponse:
        """Delete once and return the answer, 404 among them: what isn't there is as good as gone. Raises SendError likewise."""
        answer = self._ask("DELETE", url, body=b"", headers=headers)
        if answer.status != 404:
            _raise_for_status(answer.status)
        return answer

    def _ask(self, method: str, url: str, *, body: bytes | str, headers: Mapping[str, str]) -> ProviderResponse:
        try:
            response = self._pool.request(
                method, url, body=body, headers=headers, redirect=False, preload_content=False
            )
        except NOT_SENT_ERRORS:
            raise SendError(SendStatus.RETRYABLE, "unreachable") from None
        except ReadTimeoutError:
            raise SendError(SendStatus.UNKNOWN, "timeout") from None
        except HTTPError:
            raise SendError(SendStatus.UNKNOWN, "interrupted") from None
        return ProviderResponse(response.status, _text(response))


def tls_context() -> ssl.SSLContext:
    """Return a context that trusts the system's authorities, certifi's, and those named by SSL_CERT_FILE or REQUESTS_CA_BUNDLE."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if own := os.environ.get("REQUESTS_CA_BUNDLE"):
        context.load_verify_locations(own)
    return context


def _text(response: urllib3.BaseHTTPResponse) -> str:
    """Return the answer's text. The status came before it, so its loss changes no verdict."""
    try:
        return response.read(MAX_RESPONSE_BYTES).decode(errors="replace")
    except (HTTPError, OSError):
        response.close()
        return ""
    finally:
        response.release_conn()


def _raise_for_status(status: int) -> None:
    """Tell what is wrong with the provider, or our account there, from what is wrong with the message."""
    if status in (401, 403):
        raise SendError(SendStatus.RETRYABLE, "credentials")
    if status in (408, 429):
        raise SendError(SendStatus.RETRYABLE, "busy")
    if status >= 500 or 300 <= status < 400 or status == 404:
        raise SendError(SendStatus.RETRYABLE, "broken")
