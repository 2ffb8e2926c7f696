"""Servers and databases that are killed: how they are started, and how they end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from factories.command import environment
from factories.service import REGION

from dispatch.kernel import migrate
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.postgres.processes import in_folder


def settings(home: Path, url: str = "") -> dict[str, str]:
    own = {"TARIM_DATABASE_URL": url} if url else {}
    return environment(home) | {"TARIM_REGION": REGION} | own


@contextmanager
def own_database(home: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(home, options={"fsync": "off"}) as postgres:
        asyncio.run(migrate.upgrade(postgres.url()))
        yield postgres


def kill_database(home: Path) -> None:
    for pid in in_folder(home / "postgres" / "data"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
