"""The small service on a real database, with its people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.doors import House, open_house
from factories.people import clock, populate

from dispatch.kernel.db import Database


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """The service, with one person per role."""
    at = clock()
    async with open_house(database, at, tmp_path) as opened:
        opened.people = await populate(database, at)
        yield opened
