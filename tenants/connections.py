"""Is this thread's connection to PostgreSQL still one?"""

import select

from django.db import DEFAULT_DB_ALIAS, connections


def close_dead_connection() -> None:
    """Close a connection the server has hung up on, so that a restart of PostgreSQL costs no visitor a page.

    An idle connection with something to read has been told goodbye. Asking the socket
    costs a microsecond; asking the server, as CONN_HEALTH_CHECKS does, a round trip.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.connection is None or wrapper.in_atomic_block or wrapper.connection.closed:
        return
    poll = select.poll()
    poll.register(wrapper.connection.fileno(), select.POLLIN)
    if poll.poll(0):
        wrapper.close()
