"""A vehicle's link ends when it is told to, whatever comes at that moment."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import cast

import pytest
from factories.patience import PATIENCE_S
from websockets.asyncio.client import ClientConnection

from api.vehicle.client import Vehicle
from api.vehicle.store import Measured, Store
from dispatch.telemetry.rules_vehicle import VehicleSession
from dispatch.telemetry.states import Kind, Stream


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


def test_a_store_is_closed_once_nobody_is_in_the_middle_of_reading_it(tmp_path: Path) -> None:
    """Once it was closed at any time, and SQLite ended the whole program."""
    for turn in range(10):
        store = Store(tmp_path / f"log{turn}")
        store.add([Measured(Stream(Kind.VITALS, 1), 1_000_000 + number, bytes(50)) for number in range(600)])
        read = threading.Event()

        def go_on(store: Store, read: threading.Event) -> None:
            with contextlib.suppress(sqlite3.ProgrammingError):
                while True:
                    store.next_frames(2_000_000, lambda _stream, _seq: False, most=64)
                    read.set()

        reading = threading.Thread(target=go_on, args=(store, read))
        reading.start()
        assert read.wait(PATIENCE_S)
        store.close()
        reading.join(PATIENCE_S)
        assert not reading.is_alive()
