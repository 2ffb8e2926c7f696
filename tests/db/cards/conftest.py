"""A region to act in."""

from __future__ import annotations

import pytest
from factories.fleet import make_region
from factories.incidents import REGION

from dispatch.kernel.db import Database


@pytest.fixture
async def region(database: Database) -> str:
    """A region, committed."""
    async with database.write() as session:
        await make_region(session, REGION)
    return REGION
