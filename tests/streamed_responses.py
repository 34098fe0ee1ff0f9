"""Closes the files of streamed responses that a test did not read, as a server does when a browser goes away."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client


@contextmanager
def close_streamed_responses() -> Iterator[None]:
    """Close the streamed responses that test clients get within the block."""
    request, streamed = Client.request, []

    def request_and_remember(self, **environ):
        response = request(self, **environ)
        streamed.extend([response] if response.streaming else [])
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request_and_remember)
        yield
    request_finished.disconnect(close_old_connections)
    for response in streamed:
        response.close()
    request_finished.connect(close_old_connections)
