"""How WebSockets lie on the wire: uvicorn's protocol, with an end for peers that no longer read.

As it stands, closing waits until all that was written before has been taken: a peer that is there but does not read
would keep its socket, and what is buffered for it, for ever; and the closing frame itself would wait for it.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LINGER_S: Final = 5.0
"""After its end a socket stays so long for its peer to read the rest."""


class WireProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that ends."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send; a closing frame goes behind what is buffered, without waiting for its being read."""
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application is done with it."""
        super().on_task_complete(task)
        if not self.disconnected:
            self.loop.call_later(LINGER_S, self.transport.abort)
