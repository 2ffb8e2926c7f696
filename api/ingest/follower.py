"""A process of its own that looks for alarms: `python -m api.ingest.follower`.

It is told on its standard input where to look, says in one line that it can, and ends when that input does: with the
process that began it, however that ends.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import msgspec

from api import event_loop
from api.figures import carried
from api.ingest.following import Following
from api.kernel_cache import prepare_kernel_cache
from api.logs import configure_logs
from api.parts import Parts
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.digests import Digester
from dispatch.kernel.service_role import service_access
from dispatch.settings import load_settings


class Where(msgspec.Struct, frozen=True):
    """Where to look. url: the database's, as its owner; home: the folder of the service."""

    url: str
    region: str
    home: str


async def follow(where: Where, ended: asyncio.Event) -> None:
    """Follow until told to end; say once that it is ready to."""
    home = Path(where.home)
    settings = load_settings(home=home, region=where.region, database_url=where.url)
    access = await service_access(where.url)
    engine = make_engine(access.url, role=access.role, application_name="tarim detection", pool_size=3)
    async with Database(engine, carried(settings)) as database:
        following = Following(Parts(settings, SystemClock(), database, where.url), Digester.of_home(home))
        await following.warm()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        async with following.running():
            await ended.wait()


async def _until_the_end(where: Where) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, daemon=True).start()
    await follow(where, ended)


def main() -> None:
    """Follow."""
    prepare_kernel_cache()
    configure_logs()
    where = msgspec.json.decode(sys.stdin.buffer.readline(), type=Where)
    event_loop.run(_until_the_end(where))


if __name__ == "__main__":
    main()
