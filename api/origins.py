"""Where a request comes from: pages of other sites may neither change anything here nor open a WebSocket.

A browser tells the page's origin on every unsafe request and on every WebSocket (`Origin`), or at least its relation to
us (`Sec-Fetch-Site`). What is no browser tells neither, and carries no cookie that it was not given on purpose.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_CODE: Final = "origin.refused"
_PORTS: Final = {"http": 80, "https": 443}
_POLICY_VIOLATION: Final = 1008


class Origins:
    """Refuses unsafe requests and WebSockets that pages of other origins send: 403, `origin.refused`.

    `trusted`: further origins (https://console.example) whose pages are ours, as in the setting `trusted_origins`.
    """

    def __init__(self, app: ASGIApp, *, trusted: Collection[str] = ()) -> None:
        self._app = app
        self._trusted = frozenset(origin.rstrip("/").lower() for origin in trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        kind = scope["type"]
        guarded = kind == "websocket" or (kind == "http" and scope["method"] not in SAFE_METHODS)
        if not guarded or is_own(scope, self._trusted):
            await self._app(scope, receive, send)
            return
        if kind == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": _CODE})
            return
        refused = problem(
            403,
            _CODE,
            "A page of another site sent this; only this service's own pages may.",
            scope["path"],
            hint="Behind a proxy: let it pass the Host header on, or name the address in TARIM_TRUSTED_ORIGINS.",
        )
        await refused(scope, receive, send)


def is_own(scope: Scope, trusted: Collection[str]) -> bool:
    """Tell whether the request comes from one of our own pages, or from no page at all."""
    origins: list[str] = []
    relation = host = ""
    for name, value in scope["headers"]:
        if name == b"origin":
            origins.append(value.decode("latin-1"))
        elif name == b"sec-fetch-site":
            relation = value.decode("latin-1")
        elif name == b"host":
            host = value.decode("latin-1")
    if len(origins) > 1:
        return False
    if not origins:
        return relation in ("", "same-origin", "none")
    origin = origins[0].lower()
    return origin in trusted or _same_place(origin, host.lower(), scope["scheme"])


def _same_place(origin: str, host: str, scheme: str) -> bool:
    """Compare host and port. A proxy in front may have taken TLS off; it never puts plain HTTP in the place of TLS."""
    try:
        said, ours = urlsplit(origin), urlsplit(f"//{host}")
        port = _PORTS.get(said.scheme, 0)
        places = (said.hostname, said.port or port), (ours.hostname, ours.port or port)
    except ValueError:
        return False
    if not port or not said.hostname or f"{said.scheme}://{said.netloc}" != origin or "@" in said.netloc:
        return False
    return places[0] == places[1] and not (said.scheme == "http" and scheme in ("https", "wss"))
