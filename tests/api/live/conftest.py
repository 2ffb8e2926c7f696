"""The service under a real server, with vehicles on duty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.live import Hall, open_hall


@pytest.fixture
async def hall(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    """One server, whose seconds are tenths."""
    monkeypatch.setattr("api.live.feed.BEAT_S", 0.1)
    async with open_hall(database_url, tmp_path) as opened:
        yield opened
