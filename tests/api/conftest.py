from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from factories import desk as desks
from factories import on_duty
from factories.desk import Desk
from factories.live import Hall, open_hall
from factories.on_duty import OnDuty
from factories.postgres import Scene, TestServer
from factories.service import Service, drawn, opened_parts, running

BEGINS_S = "api.loops.AFTER_S"
LATE_S = 10.0
"""What goes on by itself begins so late: tests do it by hand, and a slow machine is not made slower by it."""


@pytest.fixture
def drawn_scene(postgres_server: TestServer, tmp_path: Path) -> Iterator[Scene]:
    with postgres_server.scene(drawn, tmp_path) as made:
        yield made


@pytest.fixture
async def service(drawn_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    """The service on the drawn region with its fleet."""
    monkeypatch.setattr(BEGINS_S, LATE_S)
    url, people = drawn_scene
    async with opened_parts(url, tmp_path) as parts, running(parts, people) as made:
        yield made


@pytest.fixture
def staffed_scene(postgres_server: TestServer, tmp_path: Path) -> Iterator[Scene]:
    with postgres_server.scene(desks.staffed, tmp_path) as made:
        yield made


@pytest.fixture
async def desk(staffed_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """The service on a centre with vehicles on duty; no roads."""
    monkeypatch.setattr(BEGINS_S, LATE_S)
    async with desks.open_desk(*staffed_scene, tmp_path) as opened:
        yield opened


@pytest.fixture
def manned_scene(postgres_server: TestServer, tmp_path: Path) -> Iterator[Scene]:
    with postgres_server.scene(on_duty.manned, tmp_path) as made:
        yield made


@pytest.fixture
async def duty(manned_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OnDuty]:
    """The service on the drawn region, with vehicles on duty."""
    monkeypatch.setattr(BEGINS_S, LATE_S)
    url, filled = manned_scene
    async with on_duty.on_duty(url, tmp_path, filled=filled) as made:
        yield made


@pytest.fixture
async def hall(database_url: str, tmp_path: Path) -> AsyncIterator[Hall]:
    """The service under a real server, with vehicles on duty."""
    async with open_hall(database_url, tmp_path, units=2) as opened:
        yield opened
