from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.desk import Desk, open_desk
from factories.on_duty import OnDuty, on_duty
from factories.service import Service, drawing, keep_fleet, keep_network, opened_parts, running

from dispatch.kernel.db import Database


@pytest.fixture
async def service(database_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    """The service on the drawn region with its fleet."""
    map_ = drawing()
    network = map_.network()
    async with opened_parts(database_url, tmp_path) as parts:
        await keep_network(parts, network)
        await keep_fleet(parts, map_)
        async with running(parts, map_, network) as made:
            yield made


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    """The service on a centre with vehicles on duty; no roads."""
    async with open_desk(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def duty(database_url: str, tmp_path: Path) -> AsyncIterator[OnDuty]:
    """The service on the drawn region, with vehicles on duty."""
    async with on_duty(database_url, tmp_path) as made:
        yield made
