"""Ports for services that choose their own: the demo, the embedded database, measurements."""

import secrets
import socket
from collections.abc import Collection

OWN_PORTS = range(15_000, 32_000)
"""Below the range from which the system lends ports to clients (from 32768): one of those could be lent out to any
connection on the machine before the service binds it."""


def free_port(taken: Collection[int] = ()) -> int:
    """A loopback port that nobody uses and that is not among `taken`."""
    while True:
        port = secrets.choice(OWN_PORTS)
        if port not in taken and is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether a service could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
