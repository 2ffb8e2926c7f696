"""The service under a real server, with vehicles on duty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.live import Hall, open_hall


@pytest.fixture
async def hall(database_url: str, tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(database_url, tmp_path, units=2) as opened:
        yield opened
