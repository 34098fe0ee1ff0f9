"""Sends finished responses from the event loop, large ones in blocks as their readers take them."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from config.buffering.request_bodies import MANY_PIECES, Receive
from config.buffering.wsgi_responses import ReadableFile, WSGIResponse

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

BLOCK_SIZE = 64 * 1024
BODILESS_STATUSES = (204, 304)


def count_held_bytes(response: WSGIResponse) -> int:
    """Return how much of the disk a response takes up until it was sent; 0 for small ones and for files with a name.

    A temporary file has no name; a static file costs nothing.
    """
    if isinstance(response.body, bytes):
        return 0
    try:
        stat = os.fstat(response.body.fileno())
        return 0 if stat.st_nlink else stat.st_size
    except OSError:
        return next((int(value) for name, value in response.headers if name == b"content-length"), 0)


async def send_response(response: WSGIResponse, method: str, receive: Receive, send: Send) -> None:
    """Send a response, as far as its reader is there to take it."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    if method == "HEAD" or response.status in BODILESS_STATUSES:
        await send({"type": "http.response.body", "body": b""})
    elif isinstance(response.body, bytes):
        await send({"type": "http.response.body", "body": response.body})
    else:
        await _send_file(response.body, receive, send)


async def _send_file(file: ReadableFile, receive: Receive, send: Send) -> None:
    """Send a file block by block, each when the connection has room for it."""
    block = file.read(BLOCK_SIZE)
    if len(block) == BLOCK_SIZE:
        disconnection = asyncio.ensure_future(_wait_for_disconnection(receive))
        try:
            while block and not disconnection.done():
                await send({"type": "http.response.body", "body": block, "more_body": True})
                block = file.read(BLOCK_SIZE)
        finally:
            disconnection.cancel()
    await send({"type": "http.response.body", "body": block})


async def _wait_for_disconnection(receive: Receive) -> None:
    """Return when the connection ends. What still arrives of an unwanted body is discarded, some pieces at most."""
    for _piece in range(MANY_PIECES):
        if (await receive())["type"] == "http.disconnect":
            return
    # Whoever goes on sending is not read any more, so the kernel holds them up; the response is sent to its end.
    await asyncio.Event().wait()
