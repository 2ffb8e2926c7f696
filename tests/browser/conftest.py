from __future__ import annotations

from collections.abc import AsyncIterator
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio
from factories.browser import Room, browsing, dispatch_room
from playwright.async_api import Browser

_HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of a worker share one loop, because they share one browser."""
    for item in items:
        if item.path.is_relative_to(_HERE) and isinstance(item, pytest.Function) and iscoroutinefunction(item.function):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The worker's browser. A test's pages are its own: they live in contexts that end with it."""
    async with browsing() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def room(database_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[Room]:
    """A dispatch room with two vehicles of each organisation on duty."""
    async with dispatch_room(database_url, tmp_path, browser) as opened:
        yield opened
