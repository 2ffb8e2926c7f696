from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from factories.browser import Room, dispatch_room


@pytest.fixture
async def room(database_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    """A dispatch room with two vehicles of each organisation on duty."""
    async with dispatch_room(database_url, tmp_path) as opened:
        yield opened
