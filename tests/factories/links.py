"""A way to a server that can be cut, in the middle of a message too, and restored: as a radio link or a cable is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url


class Link:
    """Passes bytes on both ways between 127.0.0.1:`port` and a server, until it is cut."""

    def __init__(self, host: str, port: int) -> None:
        """host: a name, or the path of the server's socket."""
        self._host, self._server_port = host, port
        self._writers: set[asyncio.StreamWriter] = set()
        self._works: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._left: int | None = None
        self.was_cut = asyncio.Event()
        self.port = 0

    def cut(self) -> None:
        """Cut it: who is connected loses what is on its way, who comes is sent away."""
        self._is_cut, self._left = True, None
        for writer in self._writers:
            writer.transport.abort()
        self.was_cut.set()

    def cut_after(self, size: int) -> None:
        """Cut it when so many bytes more have gone to the server, wherever in a message that is."""
        self._left = size

    def restore(self) -> None:
        """Let through whoever comes."""
        self._is_cut = False
        self.was_cut.clear()

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[None]:
        """Be there while the block lasts."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            self.cut()
            await asyncio.gather(*self._works, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        work = asyncio.current_task()
        assert work is not None
        self._works.add(work)
        self._writers.add(writer)
        if self._is_cut:
            writer.transport.abort()
            return
        to_path = self._host.startswith("/")
        there, back = await (
            asyncio.open_unix_connection(self._host)
            if to_path
            else asyncio.open_connection(self._host, self._server_port)
        )
        self._writers.add(back)
        if self._is_cut:
            back.transport.abort()
        await asyncio.gather(self._pass(reader, back, up=True), self._pass(there, writer, up=False))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                left = self._left if up else None
                writer.write(data if left is None else data[:left])
                await writer.drain()
                if left is not None:
                    self._left = left - len(data)
                    if self._left <= 0:
                        self.cut()
        writer.transport.abort()


def linked_database(url: str) -> Link:
    """A link to the database server of an address."""
    made = make_url(url)
    host = made.host or str(made.query.get("host", ""))
    port = int(made.port or str(made.query.get("port", 5_432)))
    return Link(str(Path(host) / f".s.PGSQL.{port}") if host.startswith("/") else host, port)


def through(link: Link, url: str) -> str:
    """The same address by way of a link."""
    made = make_url(url)
    query = {name: value for name, value in made.query.items() if name not in ("host", "port")}
    return made.set(host="127.0.0.1", port=link.port, query=query).render_as_string(hide_password=False)
