"""Downloads a file from an address that somebody typed, under the guards of webhooks.

Redirects are followed, as addresses of files move; each leads to an address that is judged like the first one.
"""

import http.client
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from tenants.webhooks.destinations import InvalidDestination, RefusedAddress, parse_destination, resolve_destination
from tenants.webhooks.http_client import (
    CONNECTION_ERRORS,
    build_own_headers,
    name_connection_error,
    open_connection,
)

REDIRECTS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 3
GZIP_WINDOW = 31


@dataclass(frozen=True)
class DownloadLimits:
    """The most that a download may take: bytes, packed and unpacked, and seconds for all redirects together."""

    max_bytes: int
    seconds: float


@dataclass(frozen=True)
class Download:
    """What came of a download. `status` is None if there was no answer, or none of use: `error` says why in one word.

    `etag` and `last_modified` name the version of the file.
    """

    status: int | None = None
    error: str = ""
    body: bytes = b""
    etag: str = ""
    last_modified: str = ""


def download_file(
    url: str, *, headers: Mapping[str, str], limits: DownloadLimits, check_url: Callable[[str], None]
) -> Download:
    """Return what came of downloading a file; `check_url` may raise an error of its own about any URL on the way."""
    deadline = time.monotonic() + limits.seconds
    for _attempt in range(MAX_REDIRECTS + 1):
        check_url(url)
        found = _try_download(url, headers, limits.max_bytes, deadline)
        if isinstance(found, Download):
            return found
        url = found
    return Download(error="redirects")


def _try_download(url: str, headers: Mapping[str, str], max_bytes: int, deadline: float) -> Download | str:
    """Return what came of one request: a download, or the URL that it is redirected to."""
    try:
        return _request(url, headers, max_bytes, deadline)
    except InvalidDestination as error:
        return Download(error="private-address" if str(error) == "private-address" else "redirects")
    except RefusedAddress as error:
        return Download(error=str(error))
    except CONNECTION_ERRORS as error:
        return Download(error=name_connection_error(error))


def _request(url: str, headers: Mapping[str, str], max_bytes: int, deadline: float) -> Download | str:
    destination = parse_destination(url)
    addresses = resolve_destination(destination)
    own = {"Accept-Encoding": "gzip", **build_own_headers(destination)}
    with open_connection(destination, addresses, deadline=deadline, max_answer_bytes=max_bytes) as connection:
        connection.request("GET", destination.path, headers=dict(headers) | own)
        response = connection.getresponse()
        if response.status in REDIRECTS:
            return urljoin(url, response.headers.get("Location", ""))
        return _read_file(response, max_bytes) if response.status == 200 else Download(status=response.status)


def _read_file(response: http.client.HTTPResponse, max_bytes: int) -> Download:
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes:
        return Download(error="too-large")
    if response.length:
        return Download(error="unreachable")
    try:
        body = _unpack(body, response.headers.get("Content-Encoding", ""), max_bytes)
    except ValueError as error:
        return Download(error=str(error))
    versions = {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
    return Download(status=response.status, body=body, **{name: _clean(value) for name, value in versions.items()})


def _unpack(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """Return a body as it was before it was packed. Raises ValueError with the reason in one word."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise ValueError("no-http")
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    try:
        unpacked = unpacker.decompress(body, max_bytes + 1)
    except zlib.error:
        raise ValueError("no-http") from None
    if len(unpacked) > max_bytes:
        raise ValueError("too-large")
    if not unpacker.eof:
        raise ValueError("unreachable")
    return unpacked


def _clean(value: str | None) -> str:
    """Return a header that is sent back later, or nothing for one that no server needs."""
    return value if value and len(value) <= 100 and value.isascii() and value.isprintable() else ""
