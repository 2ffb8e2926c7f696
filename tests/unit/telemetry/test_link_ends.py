"""A vehicle's link ends when it is told to, whatever comes at that moment."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest
from factories.patience import PATIENCE_S
from websockets.asyncio.client import ClientConnection

from api.vehicle.client import Vehicle
from api.vehicle.store import Store
from dispatch.telemetry.rules_vehicle import VehicleSession


async def test_a_link_that_is_ended_as_an_answer_comes_ends(tmp_path: Path) -> None:
    """Once it did not: what waited for both took the answer, and went on for ever."""
    with Store(tmp_path / "log") as store:
        vehicle = Vehicle(store, "ws://127.0.0.1:1", "")
        nobody = cast("ClientConnection", None)  # with an empty store nothing is sent
        sending = asyncio.create_task(vehicle._send(nobody, VehicleSession(store.log, {})))
        async with asyncio.timeout(PATIENCE_S):
            while not vehicle._wake._waiters:  # type: ignore[attr-defined]  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0)
        vehicle._wake.set()
        await asyncio.sleep(0)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(sending, PATIENCE_S)
