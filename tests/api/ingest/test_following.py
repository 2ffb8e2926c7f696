"""Alarms are looked for in all that vehicles send: late if need be, told while it is so, and never passed over."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from factories.live import Hall, another_server, open_hall
from factories.patience import PATIENCE_S
from factories.vehicles import device, open_line
from factories.watching import attach, desk, patient, send, until
from sqlalchemy import func, select

from api.ingest.apart import Apart
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.turns import Turn, Work
from dispatch.telemetry.detection.service_circuits import keep_running
from dispatch.telemetry.detection.tables_unlooked import Unlooked
from dispatch.telemetry.rules_payloads import Value, Values
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database


async def soon(ask: Callable[[], Awaitable[Any]], wanted: Callable[[Any], object]) -> Any:  # noqa: ANN401 - JSON
    """Ask until the answer is what is wanted."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            told = await ask()
            if wanted(told):
                return told
            await asyncio.sleep(0.05)


async def listed(client: httpx.AsyncClient) -> Any:  # noqa: ANN401 - JSON
    return (await client.get("/detections")).json()


async def listed_of(client: httpx.AsyncClient, code: str) -> list[dict[str, Any]]:
    return [one for one in (await listed(client))["detections"] if one["code"] == code]


async def journalled(hall: Hall) -> list[str]:
    query = select(JournalLine.type).where(JournalLine.type.startswith("gateway.")).order_by(JournalLine.seq)
    async with hall.centre.database.read() as session:
        return list(await session.scalars(query))


async def waiting(hall: Hall) -> int:
    async with hall.centre.database.read() as session:
        return await session.scalar(select(func.count()).select_from(Unlooked)) or 0


async def test_frames_that_nobody_looks_at_are_told_and_then_looked_at(database_url: str, tmp_path: Path) -> None:
    """Whoever looks hangs: screens say so, at whom and since when. Then all is looked at, and none was passed over."""
    async with Database(make_engine(database_url)) as elsewhere:
        hangs = Turn(elsewhere, Work.DETECTION)
        assert await hangs.mine()
        async with open_hall(database_url, tmp_path, units=1) as hall:
            hall.app.state.gateway.lookout.after = timedelta(seconds=0.1)
            who = await patient(hall, 60)
            _, token = await device(hall)
            async with desk(hall) as client, open_line(hall, token) as line:
                await attach(hall, client, who)
                for second in range(12):
                    await send(line, second + 1, Values((Value(3, 90.0),)), second - 25.0)
                await line.acked(12)
                await asyncio.sleep(hall.app.state.gateway.lookout.after.total_seconds())
                await hall.app.state.gateway.lookout.look()
                told = await listed(client)
                (one,) = told["unwatched"]
                assert (one["patient_id"], one["slot"], told["detections"]) == (str(who), 1, [])
                health = (await client.get("/health")).json()
                assert (health["unwatched_frames"], health["unwatched_s"] > 0) == (12, True)
                assert hall.app.state.gateway.lookout.problem
                await hangs.give_up()
                (found,) = await until(client, ["limit.spo2_low"])
                assert found["patient_id"] == str(who)
                await hall.app.state.gateway.lookout.look()
                assert (await listed(client))["unwatched"] == []
            assert await journalled(hall) == ["gateway.detection_behind", "gateway.detection_caught_up"]


async def test_the_next_process_goes_on_where_the_last_one_was(database_url: str, tmp_path: Path) -> None:
    """A limit has held for six seconds when a process ends: those count in the next one."""
    async with open_hall(database_url, tmp_path, units=1) as hall:
        who = await patient(hall, 60)
        _, token = await device(hall)
        async with desk(hall) as client:
            await attach(hall, client, who)
            async with another_server(database_url, tmp_path, hall.centre, hall.people) as other:
                async with open_line(other, token) as line:
                    began_us = line.now_us
                    for second in range(7):
                        await send(line, second + 1, Values((Value(3, 90.0),)), second - 20.0)
                    await line.acked(7)
                await soon(lambda: waiting(hall), lambda count: count == 0)
                # Another process looks from now on.
                follower, heir = (one.app.state.gateway.following for one in (hall, other))
                if not follower.follows:
                    follower, heir = heir, follower
                assert (follower.follows, heir.follows) == (True, False)
                await follower.rest()
                await soon(lambda: asyncio.sleep(0, heir.follows), bool)
                async with open_line(hall, token, log=line.log) as again:
                    again.now_us = began_us
                    for second in range(7, 12):
                        await send(again, second + 1, Values((Value(3, 90.0),)), second - 20.0)
                    (found,) = await until(client, ["limit.spo2_low"])
                    assert (found["patient_id"], found["late"]) == (str(who), False)


async def test_much_is_looked_at_in_a_process_of_its_own_which_is_begun_again_when_it_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    """Frames that come while no such process is there are looked at by the next one."""
    async with open_hall(database_url, tmp_path, units=1) as hall:
        apart: Apart = hall.app.state.gateway.apart
        apart.apart_from = 0.1
        who = await patient(hall, 60)
        _, token = await device(hall)
        async with desk(hall) as client, open_line(hall, token) as line:
            await attach(hall, client, who)
            # Already before it sends anything: it will.
            first = await soon(lambda: asyncio.sleep(0, apart.pid), bool)
            assert not hall.app.state.gateway.following.follows
            await send(line, 1, Values((Value(3, 98.0),)), -40.0)
            os.kill(first, signal.SIGKILL)
            for second in range(12):
                await send(line, second + 2, Values((Value(3, 90.0),)), second - 25.0)
            (found,) = await until(client, ["limit.spo2_low"])
            second_one = await soon(lambda: asyncio.sleep(0, apart.pid), bool)
            assert (found["patient_id"], second_one != first) == (str(who), True)
            assert not hall.app.state.gateway.following.follows
            line.now_us += 1
            await send(line, 14, Values((Value(3, 98.0),)), -12.0)
            await send(line, 15, Values((Value(3, 98.0),)), -1.0)
            await soon(lambda: listed(client), lambda answer: answer["detections"][0]["ended_at"])
    # It ends with the service.
    with pytest.raises(ProcessLookupError):
        os.kill(second_one, 0)


async def test_a_circuit_that_fell_silent_while_nobody_looked_is_missed_by_the_next_process(
    database_url: str, tmp_path: Path
) -> None:
    """Nothing comes of it any more: who begins to look asks which circuits run. Of one that never sent none is said."""
    async with open_hall(database_url, tmp_path, units=1) as hall:
        who, never = await patient(hall, 60), await patient(hall, 60)
        _, token = await device(hall)
        async with hall.centre.database.write() as session:
            for one in (who, never):
                await keep_running(hall.centre.act(session), one, "va", on_circuit=True, needed_until=None)
        following = hall.app.state.gateway.following
        async with desk(hall) as client, open_line(hall, token) as line:
            await attach(hall, client, who, ago_s=400.0)
            flow = Values((Value(SIGNALS.by_name["ecmo_flow"].number, 4.0),))
            # So late that it says nothing of now: nobody followed the circuit when it fell silent.
            await send(line, 1, flow, -300.0, Stream(Kind.ECMO, 1))
            await line.acked(1, Stream(Kind.ECMO, 1))
            await soon(lambda: waiting(hall), lambda count: count == 0)
            assert (await listed(client))["detections"] == []
            await following.rest()
            await following.begin()
            (found,) = await until(client, ["circuit.silent"], ended_at=None)
            silent_s = datetime.fromisoformat(found["raised_at"]) - datetime.fromisoformat(found["began_at"])
            assert (found["patient_id"], silent_s > timedelta(seconds=299)) == (str(who), True)
            # Begun once more it goes on, and is over when something comes.
            await following.rest()
            await following.begin()
            await soon(lambda: asyncio.sleep(0, following.follows), bool)
            await send(line, 2, flow, -1.0, Stream(Kind.ECMO, 1))
            (over,) = await soon(lambda: listed_of(client, "circuit.silent"), lambda told: told[0]["ended_at"])
            assert (over["id"], over["times"]) == (found["id"], 1)
