"""Where the service of a TARIM_HOME is on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dispatch.settings import Settings

PORT_FILE: Final = "port"
"""Below TARIM_HOME, while it is served: the port, which is another one than the setting's where that was taken."""
_LOOK_S: Final = 1.0


@contextmanager
def known_to_be_here(home: Path, listener: socket.socket) -> Iterator[None]:
    """Let other commands on this machine find the service while the block lasts."""
    file, port = home / PORT_FILE, str(listener.getsockname()[1])
    file.write_text(port, "utf-8")
    try:
        yield
    finally:
        if file.is_file() and file.read_text("utf-8") == port:
            file.unlink()


def served_port(settings: Settings) -> int:
    """The port on which this TARIM_HOME is served here; the setting's where no service says or answers."""
    try:
        port = int((settings.home / PORT_FILE).read_text("utf-8"))
        with socket.create_connection(("127.0.0.1", port), _LOOK_S):
            return port
    except (OSError, ValueError, OverflowError):
        return settings.port
