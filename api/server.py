"""Runs the service under uvicorn, in this process or in several."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from dispatch.kernel.errors import Conflict, Refused, Unavailable
from dispatch.settings import Settings

_PORTS_TRIED = 50
_STOP_S = 5


def listening(host: str, port: int, *, search: bool = False) -> socket.socket:
    """Return a listening socket on a loopback address; with `search` on the next free port if that one is taken.

    Raises Refused (`serve.not_loopback`), Conflict (`serve.port_taken`), Unavailable (`serve.address`).
    """
    family, address = _loopback(host)
    ports = range(port, min(port + _PORTS_TRIED, 65_536)) if search and port else [port]
    for candidate in ports:
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. Without it the second half of every answer waits 40 ms for the first to be confirmed.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            opened.bind((address, candidate))
            opened.listen(2048)
        except OSError as error:
            opened.close()
            if not isinstance(error, PermissionError) and error.errno in (98, 48):
                continue
            raise Unavailable(
                "serve.address",
                f"{host}:{candidate} cannot be listened on: {error.strerror}.",
                "Choose another --port.",
            ) from error
        opened.set_inheritable(True)
        return opened
    raise Conflict(
        "serve.port_taken", f"Port {port} on {host} is taken by another program.", "Choose another with --port."
    )


def address_of(listener: socket.socket) -> str:
    """Return the address for people: http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family is socket.AF_INET6 else f"http://{host}:{port}"


async def serve_here(app: FastAPI, listener: socket.socket, started: Callable[[], None]) -> None:
    """Serve in this process until a signal asks to stop. `started` is called when questions are answered."""
    await _Server(uvicorn.Config(app, **_options()), started).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when it has started."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._told()


def serve_workers(settings: Settings, listener: socket.socket, workers: int) -> None:
    """Serve in several processes until a signal asks to stop. Their settings go by the environment."""
    os.environ["TARIM_REGION"] = settings.region
    os.environ["TARIM_HOME"] = str(settings.home)
    config = uvicorn.Config("api.app:worker_app", factory=True, workers=workers, **_options())
    Multiprocess(config, sockets=[listener]).run()


@contextmanager
def stopping_quietly() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the work inside without ending the process by the signal.

    uvicorn raises the signal again once it has stopped; that second one must find a handler that does nothing.
    """

    def ignore(_number: int, _frame: FrameType | None) -> None:
        """Do nothing."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _options() -> dict[str, Any]:
    return {
        "loop": "uvloop" if sys.platform != "win32" else "asyncio",
        "http": "httptools",
        "ws": "websockets-sansio",
        "access_log": False,
        "log_config": None,
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": _STOP_S,
        "timeout_keep_alive": 75,
        "backlog": 2048,
    }


def _loopback(host: str) -> tuple[socket.AddressFamily, str]:
    name = "127.0.0.1" if host == "localhost" else host
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise Refused(
            "serve.not_loopback",
            f"Tarim does not listen on {host}: it has no logins yet, so it answers this machine only.",
            "Leave --host out; reach it from elsewhere through SSH or a proxy that asks who is there.",
        )
    return (socket.AF_INET6 if address.version == 6 else socket.AF_INET), str(address)
