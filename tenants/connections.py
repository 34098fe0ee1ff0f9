"""Is this thread's connection to PostgreSQL still one?"""

import select

from django.db import DEFAULT_DB_ALIAS, connections


def drop_dead_connection() -> None:
    """Close a connection the server has hung up on, so that a restart of PostgreSQL costs no visitor a page.

    An idle connection with something to read has been told goodbye. Asking the socket
    costs a microsecond; asking the server, as CONN_HEALTH_CHECKS does, a round trip.
    """
    mine = connections[DEFAULT_DB_ALIAS]
    if mine.connection is None or mine.in_atomic_block or mine.connection.closed:
        return
    poll = select.poll()
    poll.register(mine.connection.fileno(), select.POLLIN)
    if poll.poll(0):
        mine.close()
