"""The small service on a real database, with its people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from factories.doors import House, open_house
from factories.people import clock, populate
from factories.postgres import Scene, TestServer

from dispatch.kernel.db import Database, make_engine


async def peopled(url: str, _home: Path) -> dict[str, UUID]:
    """Fill a database with one person per role."""
    async with Database(make_engine(url)) as database:
        return await populate(database, clock())


@pytest.fixture
def peopled_scene(postgres_server: TestServer, tmp_path: Path) -> Iterator[Scene]:
    with postgres_server.scene(peopled, tmp_path) as made:
        yield made


@pytest.fixture
async def house(peopled_scene: Scene, tmp_path: Path) -> AsyncIterator[House]:
    """The service, with one person per role."""
    url, people = peopled_scene
    engine = make_engine(url, application_name="tarim tests", pool_size=5)
    async with Database(engine) as database, open_house(database, clock(), tmp_path) as opened:
        opened.people = dict(people)
        yield opened
