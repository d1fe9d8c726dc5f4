"""Django's backend for PostgreSQL, whose kept connections are looked at without asking the server.

Django lets the pool run an empty statement before each request uses a connection: a whole way to the server and back,
a third of what some requests cost in all. A server that died, or that ended the connection, has closed its side, and
the kernel knows: a closed socket has something to read, an idle one has not.

What this does not see is a server that vanished without a word (its machine lost power): there the first statement
fails by the time limits of TCP, where the empty statement would have waited just as long.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is known to be open when a request gets it from the pool."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; those that the server has closed go back to the pool, which replaces them."""
        connection = super().get_new_connection(conn_params)
        while self.pool is not None and _has_something_to_say(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def _has_something_to_say(connection: Any) -> bool:
    """An idle connection has nothing to read, unless the server closed it, or is about to say that it will."""
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return bool(watch.poll(0))
