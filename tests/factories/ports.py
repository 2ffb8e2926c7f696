"""Ports of servers that go and come back."""

from __future__ import annotations

import random
import socket

_BELOW_THOSE_OF_CONNECTIONS = range(20_000, 32_000)
"""The system gives none of these to a connection: what listened there can listen again, whoever connects meanwhile."""


def lasting_port() -> int:
    """Return a port of this machine that is free, and stays so while its server is away."""
    while True:
        port = random.choice(_BELOW_THOSE_OF_CONNECTIONS)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
