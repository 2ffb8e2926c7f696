"""The edge around every request, as plain ASGI: id, size limit, NUL bytes, and the last catch."""

from __future__ import annotations

import re
import secrets
import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ProblemError, problem, refusal
from dispatch.kernel.errors import TarimError
from geo.errors import GeoError

MAX_BODY_BYTES: Final = 10_000_000
SLOW_S: Final = 2.0
REQUEST_ID: Final = b"x-request-id"
_GOOD_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger("tarim.http")


class _Exchange:
    """One request and its answer as they pass: the id is added, the body counted, the status noted."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body_bytes: int) -> None:
        given = self.length = b""
        for name, value in scope["headers"]:
            if name == REQUEST_ID:
                given = value
            elif name == b"content-length":
                self.length = value
        self.id = given if given and _GOOD_ID.fullmatch(given) else secrets.token_hex(8).encode()
        self.status = 0
        self._receive, self._send = receive, send
        self._left_bytes = max_body_bytes

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (REQUEST_ID, self.id)]
        await self._send(message)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left_bytes -= len(message.get("body", b""))
            if self._left_bytes < 0:
                raise _too_large()
        return message


class Edge:
    """Gives each request an id, refuses what is too large or malformed, and turns what is left over into a 500.

    An id that a proxy in front gave (`X-Request-Id`) is kept. Nothing of a request's content is logged.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; what is not HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = time.perf_counter()
        exchange = _Exchange(scope, receive, send, self._max_body_bytes)
        try:
            self._check(scope, exchange.length)
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            if not isinstance(error, TarimError | GeoError):
                log.exception("request failed", request_id=exchange.id.decode(), method=scope["method"])
            if exchange.status:
                raise
            await _told(error, scope["path"], exchange.id)(scope, receive, exchange.send)
        took_s = time.perf_counter() - began_s
        if took_s > SLOW_S:
            log.warning(
                "slow request", request_id=exchange.id.decode(), status=exchange.status, took_s=round(took_s, 3)
            )

    def _check(self, scope: Scope, length: bytes) -> None:
        if length and (not length.isdigit() or int(length) > self._max_body_bytes):
            raise _too_large()
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            raise ProblemError("request.invalid", "The address holds NUL bytes.", "Take them out.")


def _too_large() -> ProblemError:
    limit = f"{MAX_BODY_BYTES // 1_000_000} MB"
    return ProblemError("request.body_too_large", f"The body is larger than {limit}.", "Send less at once.")


def _told(error: Exception, path: str, request_id: bytes) -> ASGIApp:
    if isinstance(error, TarimError | GeoError):
        return refusal(error, path)
    return problem(
        500,
        "internal",
        "Something went wrong here that is not your fault.",
        path,
        hint=f"Tell the operator the request id {request_id.decode()}.",
    )
