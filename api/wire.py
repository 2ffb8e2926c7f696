"""How WebSockets lie on the wire: uvicorn's protocol, with an end for peers that no longer read.

As it stands, closing waits until all that was written before has been taken: a peer that is there but does not read
would keep its socket, and what is buffered for it, for ever; and the closing frame itself would wait for it. And the
system takes up to 4 MB for each peer before it says that one does not read: on a busy day a minute of the feed.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import Any, Final, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State

FRAMED: Final = "tarim.framed"
"""The key of a `websocket.send` under which whole frames lie, as they go over the wire."""
LINGER_S: Final = 5.0
"""After its end a socket stays so long for its peer to read the rest."""
HELD_BYTES: Final = 65_536
"""So much the system holds for a peer that does not read; Linux takes it twice, for its own needs."""


def framed(text: bytes) -> bytes:
    """Return a text message (UTF-8) as the frame that a server sends: the same for every peer."""
    return Frame(Opcode.TEXT, text).serialize(mask=False)


class WireProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that ends."""

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
        await super().send(message)

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
