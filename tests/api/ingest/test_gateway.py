"""The vehicle gateway through a real socket: kept before it is acknowledged, and each vehicle by itself."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from factories.live import Hall, another_server
from factories.patience import PATIENCE_S
from factories.vehicles import PLACE, device, kept_frames, kept_streams, open_line, rate, raw_line
from websockets.exceptions import InvalidStatus

from api.ingest.gateway import Gateway
from api.ingest.writer import Item, Writer
from dispatch.accounts.service_devices import revoke_device
from dispatch.kernel.db import Line
from dispatch.kernel.prepared import driver_of
from dispatch.telemetry.queries import list_connections
from dispatch.telemetry.rules_payloads import PositionFix, Values
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.rules_share import Share
from dispatch.telemetry.states import Kind, Stream, Window

pytestmark = pytest.mark.database


def rates(frames: list[object]) -> list[float]:
    return [one.payload.values[0].value for one in frames if isinstance(one.payload, Values)]  # type: ignore[attr-defined]


async def test_what_is_acknowledged_is_kept_and_the_welcome_knows_it(hall: Hall) -> None:
    _, token = await device(hall)
    async with open_line(hall, token) as line:
        assert line.welcome["streams"] == {}
        await line.send(1, rate(80))
        await line.send(3, rate(82))
        await line.acked(1)
        assert rates(await kept_frames(hall))[0] == 80
        await line.say(op="lost", stream="vitals.1", first=2, last=2)
        await line.acked(3)
    async with open_line(hall, token, log=line.log) as again:
        assert again.welcome["streams"] == {"vitals.1": {"upto": 3, "also": []}}
    (stream,) = await kept_streams(hall)
    assert (stream.held, stream.lost) == (Ranges([(1, 3)]), Ranges([(2, 2)]))


async def test_a_position_moves_the_map_at_once(hall: Hall) -> None:
    _, token = await device(hall)
    unit_id = str(hall.centre.units[0])
    async with hall.listener() as screen, open_line(hall, token) as line:
        await screen.subscribe(["units"])
        await screen.next("snapshot")
        fix = PositionFix(line.now_us, 41.171, 80.262, speed_mps=15.0, heading_deg=90.0)
        await line.send(1, fix, PLACE)
        await line.acked(1, PLACE)
        told = await screen.next("latest")
        while not any(one["id"] == unit_id and one["lat"] == 41.171 for one in told["items"]):
            told = await screen.next("latest")
    async with httpx.AsyncClient(base_url=f"http://{hall.address}", timeout=PATIENCE_S) as client:
        cookie = {"cookie": await hall.cookie("dispatcher")}
        (row,) = [
            one for one in (await client.get("/api/fleet", headers=cookie)).json()["units"] if one["id"] == unit_id
        ]
    assert (row["position"]["lat"], row["position"]["speed_mps"]) == (41.171, 15.0)


async def test_the_same_frames_twice_shuffled_and_over_two_connections_are_kept_once(hall: Hall) -> None:
    _, token = await device(hall)
    chance, log = random.Random(4), uuid4()
    numbers = list(range(1, 41))
    async with open_line(hall, token, log=log) as older:
        for seq in chance.sample(numbers, 30):
            await older.send(seq, rate(seq))
        async with open_line(hall, token, log=log) as newer:
            assert (await older.next("bye"))["code"] == "connection.replaced"
            assert await older.closed() == 4409
            for seq in (*chance.sample(numbers, 40), *numbers):
                await newer.send(seq, rate(seq))
            await newer.acked(40)
    assert sorted(rates(await kept_frames(hall))) == numbers


async def test_a_newer_connection_at_another_process_wins_too(hall: Hall, database_url: str, tmp_path: Path) -> None:
    _, token = await device(hall)
    async with (
        another_server(database_url, tmp_path / "second", hall.centre, hall.people) as other,
        open_line(hall, token) as older,
        open_line(other, token, log=older.log) as newer,
    ):
        assert await older.closed() == 4409
        await newer.send(1, rate(80))
        await newer.acked(1)


async def test_a_bad_frame_is_refused_alone_with_its_reason(hall: Hall) -> None:
    (_, token), (_, other_token) = await device(hall), await device(hall, 1)
    chance = random.Random(9)
    async with open_line(hall, token) as line, open_line(hall, other_token) as other:
        for _ in range(50):
            await line.line.send(chance.randbytes(chance.randrange(80)))
        refused = [(await line.next("refused"))["code"] for _ in range(50)]
        assert all(code.startswith("frame.") for code in refused)
        await line.send(1, rate(80), Stream(Kind.ECMO, 1))
        told = await line.next("refused")
        assert (told["code"], told["stream"], told["seq"], told["again"]) == ("value.unknown", "ecmo.1", 1, False)
        await line.line.send("words")
        assert (await line.next("refused"))["code"] == "message.unreadable"
        for one in (line, other):
            await one.send(1, rate(80))
            await one.acked(1)


async def test_who_may_not_send_is_not_let_in(hall: Hall) -> None:
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        assert (await client.get(f"http://{hall.address}/api/ingest")).status_code == 404
    for token in ("", "td_wrong"):
        with pytest.raises(InvalidStatus, match="403"):
            async with raw_line(hall, token):
                pass


async def test_a_token_that_is_revoked_closes_in_the_middle(hall: Hall) -> None:
    device_id, token = await device(hall)
    async with open_line(hall, token) as line:
        await line.send(1, rate(80))
        await line.acked(1)
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            await revoke_device(session, act.clock, act.context, device_id)
        assert await line.closed() == 4401
    assert len(await kept_frames(hall)) == 1


async def test_a_connection_that_begins_wrongly_is_told_where(hall: Hall) -> None:
    _, token = await device(hall)
    async with raw_line(hall, token) as line:
        await line.send(b"frame")
        assert json.loads(await line.recv())["code"] == "hello.first"
        await line.wait_closed()
        assert line.close_code == 4400


async def test_who_sends_a_hundred_times_its_share_waits_and_nobody_else(hall: Hall) -> None:
    """And is closed for nothing: all that it sent is kept in the end."""
    gateway: Gateway = hall.app.state.gateway
    gateway.share, gateway.window = Share(frames_s=100.0, bytes_s=1e6, burst_s=0.1), Window(20, 10_000)
    gateway.monotonic = lambda: 0.0
    paused, go_on = asyncio.Event(), asyncio.Event()

    async def pause(_seconds: float) -> None:
        paused.set()
        await go_on.wait()

    gateway.pause = pause
    (_, token), (_, other_token) = await device(hall), await device(hall, 1)
    async with open_line(hall, token) as greedy, open_line(hall, other_token) as modest:
        for seq in range(1, 61):
            await greedy.send(seq, rate(seq % 200))
        await modest.send(1, rate(80))
        await modest.acked(1)
        await asyncio.wait_for(paused.wait(), PATIENCE_S)
        assert len(await kept_frames(hall)) < 20
        go_on.set()
        await greedy.acked(60)
    assert len(await kept_frames(hall)) == 60


async def test_connections_are_recorded_with_their_ends_and_clocks(hall: Hall) -> None:
    _, token = await device(hall)
    year_us = 365 * 86_400_000_000
    async with open_line(hall, token, offset_us=-40 * year_us) as line:
        await line.send(1, rate(80))
        await line.acked(1)
    (frame,) = await kept_frames(hall)
    assert (frame.received_at - frame.at).total_seconds() < 60
    assert frame.device_at.year < 2000
    assert frame.sure
    async with hall.centre.database.read() as session:
        (connection,) = await list_connections(session, hall.centre.units[0])
    assert connection.id == UUID(line.welcome["connection"])
    assert connection.clock_offset_us is not None
    assert connection.clock_offset_us < -39 * year_us


async def test_a_vehicle_waits_while_the_others_fill_the_writer(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.ingest.writer.MOST_WAITING_BYTES", 300)
    _, token = await device(hall)
    async with open_line(hall, token) as line:
        for seq in range(1, 31):
            await line.send(seq, rate(seq))
        await line.acked(30)
    assert hall.app.state.gateway.writer.batches >= 2


async def test_what_comes_while_the_writer_lays_its_connection_down_waits_for_nothing_more(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, give_back, put = hall.app.state.gateway.writer, Line.give_back, Writer.put
    laying_down, has_come = asyncio.Event(), asyncio.Event()

    async def slowly(line: Line) -> None:
        await give_back(line)
        laying_down.set()
        await has_come.wait()

    def noted(self: Writer, item: Item) -> None:
        put(self, item)
        if laying_down.is_set():
            has_come.set()

    _, token = await device(hall)
    async with open_line(hall, token) as line:
        monkeypatch.setattr(Line, "give_back", slowly)
        monkeypatch.setattr(Writer, "put", noted)
        await line.send(1, rate(80))
        await line.acked(1)
        await asyncio.wait_for(laying_down.wait(), PATIENCE_S)
        await line.send(2, rate(81))
        await line.acked(2)
    assert (has_come.is_set(), writer.rows) == (True, 2)


FULL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no space left on device' USING ERRCODE = '{state}';
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON telemetry_frames FOR EACH ROW {when} EXECUTE FUNCTION refuse()
"""


async def change(hall: Hall, *statements: str) -> None:
    async with hall.centre.database.write() as session:
        driver = await driver_of(session)
        for statement in statements:
            await driver.execute(statement)


async def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(hall: Hall) -> None:
    _, token = await device(hall)
    await change(hall, FULL.format(state="53100", when=""))
    async with open_line(hall, token) as line:
        for seq in (1, 2, 3):
            await line.send(seq, rate(seq))
        await line.send(1, PositionFix(line.now_us, 41.0, 80.2), PLACE)
        assert await kept_frames(hall) == []
        await change(hall, "DROP TRIGGER refuse ON telemetry_frames")
        await line.acked(3)
    assert rates(await kept_frames(hall)) == [1, 2, 3]


async def test_a_frame_that_cannot_be_kept_is_refused_alone(hall: Hall) -> None:
    _, token = await device(hall)
    await change(hall, FULL.format(state="23514", when="WHEN (NEW.seq = 7)"))
    async with open_line(hall, token) as line:
        for seq in range(1, 11):
            await line.send(seq, rate(seq))
        told = await line.next("refused")
        assert (told["code"], told["stream"], told["seq"], told["again"]) == ("frame.unstorable", "vitals.1", 7, False)
        await line.say(op="lost", stream="vitals.1", first=7, last=7)
        await line.acked(10)
    assert len(await kept_frames(hall)) == 9
