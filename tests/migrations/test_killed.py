"""A server that is killed while it migrates leaves whole steps, and the next one finishes."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
from factories.forks import Worker
from factories.loads import upgrade
from factories.migrating import definitions
from factories.patience import times
from factories.postgres import TestServer

from dispatch.kernel import migrate

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]


def test_migrations_killed_anywhere_are_finished_by_the_next(postgres_server: TestServer, database_url: str) -> None:
    draw, whole = random.Random(3), asyncio.run(definitions(database_url))
    for _ in range(times(5, 200)):
        url = postgres_server.create(template="template0")
        worker = Worker(upgrade, url)
        for _ in range(draw.randrange(1, 8)):
            worker.hear()
        time.sleep(draw.random() * 0.05)
        worker.kill(may_have_ended=True)
        assert asyncio.run(migrate.current(url)) is not None
        asyncio.run(migrate.upgrade(url))
        assert asyncio.run(migrate.current(url)) == migrate.head()
        assert asyncio.run(definitions(url)) == whole
        postgres_server.drop(url)
