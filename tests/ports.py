"""Ports for servers the tests start: none that the machine gives to outgoing connections meanwhile."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

BELOW_OUTGOING = range(20_000, 30_000)
"""Linux and macOS take the ports of outgoing connections from above; one of those could be gone again before the
server that was told to use it has started."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port of the loopback that nobody listens on; raises `OSError` where none of a hundred is free."""
    for port in random.sample(BELOW_OUTGOING, 100):
        with suppress(OSError), socket.socket(socket.AF_INET, kind) as probe:
            probe.bind(("127.0.0.1", port))
            return port
    msg = "None of a hundred ports on the loopback is free."
    raise OSError(msg)
