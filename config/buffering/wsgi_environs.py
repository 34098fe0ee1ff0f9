"""Builds the WSGI environment of a request from an ASGI scope."""

import io
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from config.buffering.wsgi_responses import FileWrapper

Environ = dict[str, Any]

STATIC_VARIABLES: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileWrapper,
}
# What belongs to one connection. The body is passed on whole, under its own length.
CONNECTION_HEADERS = {"HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_TRAILER", "HTTP_TE"}


def build_environ(scope: Mapping[str, Any]) -> Environ:
    """Return the WSGI environment of a request, with an empty body."""
    host, port = scope["server"] or ("", "")
    client, client_port = scope["client"] or ("", "")
    return STATIC_VARIABLES | {
        "REQUEST_METHOD": scope["method"].upper(),
        # Undone escapes and nothing else: Django decodes the bytes itself.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client,
        "REMOTE_PORT": str(client_port),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        **_build_header_variables(scope["headers"]),
    }


def has_body(scope: Mapping[str, Any]) -> bool:
    """Return whether a request announces a body."""
    return any(name in (b"content-length", b"transfer-encoding") for name, _value in scope["headers"])


def get_announced_bytes(scope: Mapping[str, Any]) -> int | None:
    """Return the length of the body, or None if it is sent in chunks. The server has checked that it is a number."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), None)


def _build_header_variables(headers: list[tuple[bytes, bytes]]) -> Environ:
    variables: Environ = {}
    for name, value in headers:
        variable = _get_variable_name(name)
        if variable in CONNECTION_HEADERS or not variable:
            continue
        text = value.decode("latin-1")
        if variable in variables:
            separator = "; " if variable == "HTTP_COOKIE" else ","
            text = f"{variables[variable]}{separator}{text}"
        variables[variable] = text
    return variables


@lru_cache(maxsize=512)
def _get_variable_name(header: bytes) -> str:
    """Return the variable of a header, or nothing for a name that another header would overwrite.

    X_Forwarded_For would become the variable of X-Forwarded-For, which only proxies may write.
    """
    if b"_" in header:
        return ""
    variable = header.decode("latin-1").upper().replace("-", "_")
    return variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"
