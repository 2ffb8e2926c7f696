"""How WebSockets lie on the wire: uvicorn's protocol, with an end for peers that no longer read, and a short way in.

As it stands, closing waits until all that was written before has been taken: a peer that is there but does not read
would keep its socket, and what is buffered for it, for ever; and the closing frame itself would wait for it. And the
system takes up to 4 MB for each peer before it says that one does not read: on a busy day a minute of the feed.

Whole messages, each one masked frame, are read here; all else (fragments, pings, closing, what breaks the rules) goes
to the library, frame by frame. Who hears a socket by itself (`hand_over`) is called with each message at once: no
queue, no task to be woken, and the socket is only stopped when the hearer has enough.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import Any, Final, Protocol, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import frames
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.protocol import State

FRAMED: Final = "tarim.framed"
"""The key of a `websocket.send` under which whole frames lie, as they go over the wire."""
LINGER_S: Final = 5.0
"""After its end a socket stays so long for its peer to read the rest."""
HELD_BYTES: Final = 65_536
"""So much the system holds for a peer that does not read; Linux takes it twice, for its own needs."""
WIRE: Final = "tarim.wire"
"""The key of a scope's extensions under which the connection's `Wire` lies."""
_TEXT: Final = 0x80 | int(Opcode.TEXT)
_BINARY: Final = 0x80 | int(Opcode.BINARY)
_WHOLE: Final = (_TEXT, _BINARY)
_MASKED: Final = 0x80


class Hearer(Protocol):
    """Who hears a socket by itself."""

    def heard(self, message: bytes | str) -> bool:
        """Take a message; return whether more may come at once. If not, `Wire.go_on` is called later."""


class Wire(Protocol):
    """A WebSocket below ASGI, for one that many messages come through."""

    def hand_over(self, hearer: Hearer) -> None:
        """From now on the hearer gets all messages, those that wait first; ASGI's `receive` only tells the end."""

    def go_on(self) -> None:
        """Let more come."""

    def say(self, text: bytes) -> bool:
        """Send a text (UTF-8) at once; False, and nothing is sent, where the peer has not read what came before."""


def framed(text: bytes) -> bytes:
    """Return a text message (UTF-8) as the frame that a server sends: the same for every peer."""
    size = len(text)
    if size < 126:
        return bytes((_TEXT, size)) + text
    if size < 65_536:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big") + text
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big") + text


class WireProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that ends, and that may be heard by itself."""

    _hearer: Hearer | None = None
    _short = False
    """Whether the library is between two frames, and gets whole ones only."""
    _early = _stopped = False
    _rest = b""

    def data_received(self, data: bytes) -> None:
        """Take bytes as they come."""
        if not self._short:
            self._early = self.handshake_initiated and not self.handshake_complete
            super().data_received(data)
            return
        self._rest = self._rest + data if self._rest else data
        if not self._stopped:
            self._read()

    def _read(self) -> None:
        """Go through all whole frames that are there."""
        data, place = self._rest, 0
        while not self._stopped and len(data) >= place + 2:
            start, size = place + 2, data[place + 1] & 0x7F
            if size >= 126:
                start += 2 if size == 126 else 8
                size = int.from_bytes(data[place + 2 : start])
            end = start + 4 + size
            if data[place + 1] < _MASKED or size > self.config.ws_max_size:
                end = len(data)  # against the rules: the library says so
            if len(data) < end:
                break
            if data[place] in _WHOLE and end == start + 4 + size and not self.frames:
                content = frames.apply_mask(data[start + 4 : end], data[start : start + 4])  # type: ignore[attr-defined]
                if self._hearer is not None and data[place] == _BINARY:
                    self._tell(content)
                else:
                    self.curr_msg_data_type = "bytes" if data[place] == _BINARY else "text"
                    self.frames = [content]
                    self.send_receive_event_to_app()
            else:
                super().data_received(data[place:end])
            place = end
        self._rest = data[place:]

    def send_receive_event_to_app(self) -> None:
        """Give away a message that was read."""
        if self._hearer is None:
            super().send_receive_event_to_app()
            return
        whole, self.frames = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames), []
        try:
            message = whole.decode() if self.curr_msg_data_type == "text" else whole
        except UnicodeDecodeError:
            self.conn.send_close(1007)
            self.handle_parser_exception()
            return
        self._tell(message)

    def _tell(self, message: bytes | str) -> None:
        if self.close_sent or self._hearer is None:
            return
        if not self._hearer.heard(message) and not self._stopped:
            self._stopped = True
            self.transport.pause_reading()

    def hand_over(self, hearer: Hearer) -> None:
        """From now on the hearer gets all messages, those that wait first."""
        self._hearer = hearer
        waiting = [self.queue.get_nowait() for _ in range(self.queue.qsize())]
        for event in waiting:
            if event["type"] == "websocket.receive":
                text = event.get("text")
                self._tell(event.get("bytes") or b"" if text is None else text)
            else:
                self.queue.put_nowait(event)
        if self.read_paused and not self._stopped:
            self.transport.resume_reading()
        self.read_paused = False

    def go_on(self) -> None:
        """Let more come."""
        if self._stopped:
            self._stopped = False
            self._read()
            if not self._stopped and not self.disconnected and not self.transport.is_closing():
                self.transport.resume_reading()

    def say(self, text: bytes) -> bool:
        """Send a text at once, if the peer has read what came before."""
        if not self.writable.is_set() or self.disconnected or self.close_sent:
            return False
        if self.conn.state is not State.OPEN:
            return False
        self.transport.write(framed(text))
        return True

    def handle_connect(self, event: Request) -> None:
        """A client asks for a WebSocket; whoever serves it finds the wire in its scope."""
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][WIRE] = self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hold little for it."""
        super().connection_made(transport)
        line = transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES)

    async def send(self, message: ASGISendEvent) -> None:
        """Send; a closing frame goes behind what is buffered, without waiting for its being read."""
        frames: bytes | None = cast("Mapping[str, Any]", message).get(FRAMED)
        if frames is not None:
            await self._send_frames(frames)
            return
        if message["type"] == "websocket.close":
            self.writable.set()
            # Whatever still comes is read to the peer's own closing frame.
            self.go_on()
        await super().send(message)
        if message["type"] == "websocket.accept":
            self._short = not self._early and not self.conn.reader.buffer and not self.conn.extensions

    async def _send_frames(self, frames: bytes) -> None:
        await self.writable.wait()
        if self.disconnected or self.close_sent or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        self.transport.write(frames)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application is done with it."""
        super().on_task_complete(task)
        if not self.disconnected:
            self.loop.call_later(LINGER_S, self.transport.abort)
