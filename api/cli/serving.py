"""Serving in this process, as `serve` and `demo` do it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

from api.app import create_app
from api.cli.here import known_to_be_here
from api.cli.progress import shown
from api.parts import Parts
from api.server import serve_here
from dispatch.settings import Settings


async def serve_shown(parts: Parts, settings: Settings, listener: socket.socket, started: Callable[[], None]) -> None:
    """Serve until a signal asks to stop, and show how far the roads are until `started` is called."""
    with ExitStack() as bar:
        progress = bar.enter_context(shown("road network"))

        def begin() -> None:
            bar.close()
            started()

        with known_to_be_here(settings.home, listener):
            await serve_here(create_app(parts, progress=progress), settings, listener, begin)
