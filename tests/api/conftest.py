from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.service import Service, drawing, keep_fleet, keep_network, opened_parts, running


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
