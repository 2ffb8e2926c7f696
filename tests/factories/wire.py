"""A wire between a browser and a server that can be cut, made to fall silent, and mended: real sockets all the way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from factories.ports import lasting_port


class Wire:
    """Listens on a port of its own and passes every byte on, while it is whole."""

    def __init__(self, address: str) -> None:
        host, port = address.split(":")
        self._behind = (host, int(port))
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._carries = asyncio.Event()
        self._port = lasting_port()

    @property
    def url(self) -> str:
        """Where a browser finds the server."""
        return f"http://127.0.0.1:{self._port}"

    async def mend(self) -> None:
        """Carry again, on the same port."""
        self._carries.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)

    def hush(self) -> None:
        """Leave all connections open and let nothing through."""
        self._carries.clear()

    async def cut(self) -> None:
        """End all connections, and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._open):
            writer.transport.abort()
        self._carries.set()  # what waited finds its connection gone

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._behind)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._open |= both
        try:
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            for each in both:
                each.transport.abort()
            self._open -= both

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._carries.wait()
                writer.write(data)
                await writer.drain()
            writer.close()


@asynccontextmanager
async def wired(address: str) -> AsyncIterator[Wire]:
    """A whole wire to a server."""
    wire = Wire(address)
    await wire.mend()
    try:
        yield wire
    finally:
        await wire.cut()
