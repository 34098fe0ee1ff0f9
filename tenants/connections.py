"""Closes database connections that the server has ended."""

import select

from django.db import DEFAULT_DB_ALIAS, connections


def close_dead_connection() -> None:
    """Close this thread's connection if the server has ended it, so that a restart of PostgreSQL fails no request.

    An idle connection with data to read has been ended by the server. Polling the socket takes a microsecond;
    asking the server, as CONN_HEALTH_CHECKS does, a round trip.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.connection is None or wrapper.in_atomic_block or wrapper.connection.closed:
        return
    poll = select.poll()
    poll.register(wrapper.connection.fileno(), select.POLLIN)
    if poll.poll(0):
        wrapper.close()
