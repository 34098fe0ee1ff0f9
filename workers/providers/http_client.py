"""HTTP calls to providers through pooled connections, with errors mapped to SendStatus.

Each provider has one pool per process: a new TLS connection costs 20 ms of CPU, a pooled one well
under one. urllib3 is used directly because `requests` triples the cost of a call and hides whether
anything was sent before it failed.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import certifi
import urllib3
from django.conf import settings
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from workers.providers.base import SendError, SendStatus

MAX_CONNECTIONS = 64
# Raised before a byte of the request was sent; after any other error it may have arrived.
NOT_SENT_ERRORS = (ConnectTimeoutError, NewConnectionError)
MAX_RESPONSE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """The response of a provider. The text is empty if the connection broke while it was read."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class _HandshakeCheckedConnection(HTTPSConnection):
    """Distinguishes a failed TLS handshake, after which nothing was sent, from TLS that broke while reading."""

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from None


class _HandshakeCheckedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HandshakeCheckedConnection


class HttpClient:
    """Calls one provider over pooled connections. One instance per provider and process."""

    def __init__(self) -> None:
        connect, read = settings.PROVIDER_CONNECT_TIMEOUT, settings.PROVIDER_READ_TIMEOUT
        self._pool = urllib3.PoolManager(
            maxsize=MAX_CONNECTIONS,
            retries=False,
            timeout=urllib3.Timeout(connect=connect.total_seconds(), read=read.total_seconds()),
            ssl_context=build_tls_context(),
        )
        self._pool.pool_classes_by_scheme = {"http": urllib3.HTTPConnectionPool, "https": _HandshakeCheckedPool}

    def post(self, url: str, *, body: bytes | str, headers: Mapping[str, str]) -> ProviderResponse:
        """Post once and return the response. Raises SendError when the provider is unreachable or fails."""
        response = self._send_request("POST", url, body=body, headers=headers)
        _raise_for_status(response.status)
        return response

    def delete(self, url: str, *, headers: Mapping[str, str]) -> ProviderResponse:
        """Delete once and return the response; 404 counts as deleted. Raises SendError like post()."""
        response = self._send_request("DELETE", url, body=b"", headers=headers)
        if response.status != 404:
            _raise_for_status(response.status)
        return response

    def _send_request(
        self, method: str, url: str, *, body: bytes | str, headers: Mapping[str, str]
    ) -> ProviderResponse:
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
        return ProviderResponse(response.status, _read_response_text(response), response.headers)


def build_tls_context() -> ssl.SSLContext:
    """Return a TLS context that trusts the authorities of the system, certifi, SSL_CERT_FILE and REQUESTS_CA_BUNDLE."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if bundle := os.environ.get("REQUESTS_CA_BUNDLE"):
        context.load_verify_locations(bundle)
    return context


def _read_response_text(response: urllib3.BaseHTTPResponse) -> str:
    """Return the text of the response, empty if reading fails: the status alone decides the result."""
    try:
        return response.read(MAX_RESPONSE_BYTES).decode(errors="replace")
    except (HTTPError, OSError):
        response.close()
        return ""
    finally:
        response.release_conn()


def _raise_for_status(status: int) -> None:
    """Raise SendError for a status that blames the provider or our account; others blame the message."""
    if status in (401, 403):
        raise SendError(SendStatus.RETRYABLE, "credentials")
    if status in (408, 429):
        raise SendError(SendStatus.RETRYABLE, "busy")
    if status >= 500 or 300 <= status < 400 or status == 404:
        raise SendError(SendStatus.RETRYABLE, "broken")
