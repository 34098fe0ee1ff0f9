"""Tests that a pooler in transaction mode is detected, whatever the order of its connections."""

from collections import deque
from contextlib import ExitStack

import psycopg
import pytest

from tenants import pooling


class PoolerConnection:
    """A connection to a pooler in transaction mode: each statement runs on the next server connection."""

    def __init__(self, servers: deque[psycopg.Connection], *, in_turn: bool) -> None:
        self.servers = servers
        self.in_turn = in_turn

    def execute(self, statement: str) -> psycopg.Cursor:
        cursor = self.servers[0].execute(statement)
        if self.in_turn:
            self.servers.rotate(-1)
        return cursor

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


@pytest.mark.parametrize("servers", [1, 2, 3, 4, 5, 20])
@pytest.mark.parametrize("in_turn", [True, False], ids=["in turn", "newest first"])
def test_a_pooler_in_transaction_mode_is_rejected(db, monkeypatch, servers, in_turn):
    with ExitStack() as stack:
        ring = deque(stack.enter_context(pooling.open_connection()) for _ in range(servers))
        monkeypatch.setattr(pooling, "open_connection", lambda: PoolerConnection(ring, in_turn=in_turn))

        with pytest.raises(pooling.UnsafePooler, match="session mode"):
            pooling.assert_session_pooling()


def test_a_direct_connection_is_accepted(db):
    pooling.assert_session_pooling()


def test_a_pooler_that_tracks_the_search_path_is_accepted(db, monkeypatch):
    """A pooler that sets the search path of a connection again before its next statement."""

    class SearchPathTrackingConnection(PoolerConnection):
        schema = "public"

        def execute(self, statement):
            self.servers[0].execute(f"SET search_path TO {self.schema}")
            if statement.startswith("SET"):
                self.schema = statement.rsplit(" ", 1)[1]
            return super().execute(statement)

    with pooling.open_connection() as one, pooling.open_connection() as other:
        ring = deque([one, other])
        monkeypatch.setattr(pooling, "open_connection", lambda: SearchPathTrackingConnection(ring, in_turn=True))

        pooling.assert_session_pooling()
