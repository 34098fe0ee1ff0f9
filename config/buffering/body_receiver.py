"""Receives request bodies within their deadlines, and asks the application before it reads a large one."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from config.buffering.request_bodies import MANY_PIECES, BodyRefused, Receive, RequestBody
from config.buffering.wsgi_environs import Environ
from config.buffering.wsgi_responses import WSGIResponse
from tenants.body_limits import BODY_ADMISSION, BodyAdmission

# How long an answer that came before the end of the body waits for the rest, or the connection is reset under it.
LINGER_SECONDS = 5


@dataclass(frozen=True)
class BodyTimeouts:
    """How many seconds a body may take: one that anybody may send, and one that a page has admitted."""

    ordinary: float
    upload: float


class BodyReceiver:
    """Reads bodies on the event loop; `call` is how it asks the application."""

    def __init__(self, call: Callable[[Environ], Awaitable[WSGIResponse]], timeouts: BodyTimeouts) -> None:
        self._call = call
        self._timeouts = timeouts

    async def receive(self, body: RequestBody, environ: Environ, receive: Receive) -> WSGIResponse | None:
        """Receive a body; return the application's answer if it doesn't want it.

        Raises BodyRefused and BodyIncomplete.
        """
        try:
            async with asyncio.timeout(self._timeouts.ordinary) as deadline:
                while not body.is_complete:
                    if body.is_too_large:
                        deadline.reschedule(None)  # Whoever waits for a thread now is not the sender.
                        if answer := await self._request_admission(body, environ):
                            return answer
                        deadline.reschedule(asyncio.get_running_loop().time() + self._timeouts.upload)
                    body.append(await receive())
        except TimeoutError:
            raise BodyRefused(408) from None
        return None

    async def _request_admission(self, body: RequestBody, environ: Environ) -> WSGIResponse | None:
        """Ask the application whether it takes a large body from this sender. Raises BodyRefused."""
        if body.is_admitted:
            raise BodyRefused(413)
        admission = BodyAdmission(announced_bytes=body.announced_bytes)
        answer = await self._call(environ | {BODY_ADMISSION: admission})
        if not admission.is_granted:
            return answer
        body.admit(admission.max_bytes, admission.owner)
        return None


async def linger(receive: Receive) -> None:
    """Discard what still arrives of a body after its request was answered, some pieces and a few seconds at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            for _piece in range(MANY_PIECES):
                if not (await receive()).get("more_body"):
                    break
