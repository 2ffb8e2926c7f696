"""Runs the service under uvicorn, in this process or in several."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from api.memory import settle
from api.wire import WireProtocol
from dispatch.kernel.errors import Conflict, Refused, Unavailable
from dispatch.settings import Settings

_PORTS_TRIED = 50
_STOP_S = 5
_SENT_AGAIN_S = 0.02
_LARGEST_MESSAGE_BYTES = 65_536
"""Of a WebSocket, from a client."""
_UNREAD_BYTES = 262_144
"""So much the system keeps for a peer that does not read (Linux doubles it)."""


def listening(settings: Settings, *, search: bool = False) -> socket.socket:
    """Return a listening socket; with `search` on the next free port if the one that is set is taken.

    Raises Refused (`serve.not_loopback`: neither TLS nor a proxy is set), Conflict (`serve.port_taken`), Unavailable
    (`serve.address`, `serve.tls`).
    """
    host, port = settings.host, settings.port
    family, address = _address(host, protected=settings.tls_cert is not None or bool(settings.behind_proxy))
    _must_have_tls(settings)
    ports = range(port, min(port + _PORTS_TRIED, 65_536)) if search and port else [port]
    for candidate in ports:
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. Without it the second half of every answer waits 40 ms for the first to be confirmed.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # And this: who does not read is noticed when so much waits, not when 4 MB do.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD_BYTES)
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


def address_of(listener: socket.socket, *, tls: bool = False) -> str:
    """Return the address for people: http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    place = f"[{host}]:{port}" if listener.family is socket.AF_INET6 else f"{host}:{port}"
    return f"{'https' if tls else 'http'}://{place}"


async def serve_here(app: FastAPI, settings: Settings, listener: socket.socket, started: Callable[[], None]) -> None:
    """Serve in this process until a signal asks to stop. `started` is called when questions are answered."""
    await _Server(uvicorn.Config(app, **_options(settings)), started).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Tells when it has started, and stops without ending the process: who serves has more to close."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell, unless asked to stop meanwhile."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            settle()
            self._told()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note that it is to stop; before it has started that takes until the searches are compiled."""
        if not self.started and not self.should_exit:
            sys.stderr.write("Stopping, as soon as the road network is ready.\n")
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at the first signal; uvicorn raises it again afterwards, and then nothing more is to happen."""
        with _handled(_ignore), super().capture_signals():
            yield


def serve_workers(settings: Settings, listener: socket.socket, workers: int) -> None:
    """Serve in several processes until a signal asks to stop. Their settings go by the environment."""
    os.environ["TARIM_REGION"] = settings.region
    os.environ["TARIM_HOME"] = str(settings.home)
    os.environ["TARIM_BEHIND_PROXY"] = settings.behind_proxy
    config = uvicorn.Config("api.app:worker_app", factory=True, workers=workers, **_options(settings))
    Multiprocess(config, sockets=[listener]).run()


@contextmanager
def stopping_quietly() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the work inside, its cleaning up included, without a trace.

    A signal that comes while a finalizer runs raises there, where Python drops what is raised: then it is sent again.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    before = sys.unraisablehook

    def dropped(told: sys.UnraisableHookArgs) -> None:
        if issubclass(told.exc_type, SystemExit):
            threading.Timer(_SENT_AGAIN_S, os.kill, (os.getpid(), signal.SIGINT)).start()
        else:
            before(told)

    sys.unraisablehook = dropped
    try:
        with _handled(stop):
            yield
    finally:
        sys.unraisablehook = before


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Give the signals that ask to stop another handler for a while."""
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing."""


def _options(settings: Settings) -> dict[str, Any]:
    return {
        # Without a proxy nobody's word about who else is asking counts: wrong passwords are counted by address.
        "proxy_headers": bool(settings.behind_proxy),
        "forwarded_allow_ips": settings.behind_proxy or None,
        "ssl_certfile": settings.tls_cert,
        "ssl_keyfile": settings.tls_key,
        "loop": "uvloop" if sys.platform != "win32" else "asyncio",
        "http": "httptools",
        "ws": WireProtocol,
        # What goes to many is encoded once: compressing it for each would cost more than all else, and 256 KB each.
        "ws_per_message_deflate": False,
        "ws_max_size": _LARGEST_MESSAGE_BYTES,
        "access_log": False,
        "log_config": None,
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": _STOP_S,
        "timeout_keep_alive": 75,
        "backlog": 2048,
    }


def _must_have_tls(settings: Settings) -> None:
    """Find out before anybody waits whether certificate and key can be used. Raises Unavailable (`serve.tls`)."""
    if settings.tls_cert is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
    except OSError as error:
        raise Unavailable(
            "serve.tls",
            f"The certificate {settings.tls_cert} with its key cannot be used: {error.strerror or error}.",
            "Make a pair: tarim tls self-signed NAME.",
        ) from error


def _address(host: str, *, protected: bool) -> tuple[socket.AddressFamily, str]:
    name = "127.0.0.1" if host == "localhost" else host
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        raise Unavailable("serve.address", f"{host} is no address.", "Give one such as 127.0.0.1 or 0.0.0.0.") from None
    if not address.is_loopback and not protected:
        raise Refused(
            "serve.not_loopback",
            f"Tarim does not listen on {host} without TLS: passwords would cross the network in the clear.",
            "Set TARIM_TLS_CERT and TARIM_TLS_KEY (tarim tls self-signed NAME makes a pair), or, with a proxy in front "
            "that does TLS, give its address: --behind-proxy 10.0.0.5.",
        )
    return (socket.AF_INET6 if address.version == 6 else socket.AF_INET), str(address)
