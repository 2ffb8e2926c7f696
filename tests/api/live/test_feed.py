"""The live feed through a real server: snapshots, facts, rows, newest values, wrong messages."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.vehicles import PLACE, device, open_line
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from dispatch.dispatching.service_calling_off import cancel
from dispatch.telemetry.rules_payloads import PositionFix
from dispatch.units.rules_position import Fix
from dispatch.units.service_position import add_fixes
from dispatch.units.states_duty import Source, UnitStatus

pytestmark = pytest.mark.database


async def test_a_screen_gets_its_boards_then_what_changes(hall: Hall) -> None:
    first = await hall.centre.incident()
    async with hall.listener() as screen:
        welcome = await screen.next("welcome")
        assert welcome["topics"] == ["assignments", "calls", "ecmo", "incidents", "units"]
        await screen.subscribe()
        boards = {topic: await screen.next("snapshot", topic=topic) for topic in ("calls", "incidents", "units")}
        assert [row["id"] for row in boards["incidents"]["items"]] == [str(first)]
        assert len(boards["units"]["items"]) == 4
        assert boards["calls"]["seq"] == boards["units"]["seq"] == welcome["seq"]

        made = await hall.centre.send(first, unit=1)
        fact = await screen.next("fact", type="assignment.made")
        assert fact["topic"] == "assignments"
        assert fact["payload"]["assignment_id"] == str(made.id)
        rows = await screen.next("rows", topic="assignments")
        assert rows["seq"] >= fact["seq"]
        assert [(row["id"], row["unit_id"]) for row in rows["items"]] == [(str(made.id), str(made.unit_id))]
        assert rows["gone"] == []
        numbers = screen.facts()
        assert numbers == list(range(welcome["seq"] + 1, numbers[-1] + 1))


async def test_who_comes_first_is_not_told_that_the_journal_cannot_be_read(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read while nobody listens; a screen that is opened then may command from its first tick on."""
    monkeypatch.setattr("api.live.feed.BEAT_S", PATIENCE_S)
    async with hall.listener() as screen:
        await screen.subscribe()
        assert (await screen.next("tick"))["fresh"] is True


async def test_a_change_is_told_on_every_board_that_shows_it(hall: Hall) -> None:
    incident = await hall.centre.incident()
    made = await hall.centre.send(incident, unit=0)
    async with hall.listener() as screen:
        await screen.subscribe()
        await screen.next("snapshot", topic="assignments")
        await hall.centre.say(0, UnitStatus.EN_ROUTE, run_id=made.id)
        status = await screen.next("fact", type="unit.status_changed")
        units = await screen.next("rows", topic="units")
        assignments = await screen.next("rows", topic="assignments")
        assert units["seq"] == assignments["seq"] >= status["seq"]
        assert [row["status"] for row in units["items"]] == [row["status"] for row in assignments["items"]]
        assert units["items"][0]["assignment"]["incident_id"] == str(incident)


async def test_who_resumes_loses_nothing_and_gets_nothing_twice(hall: Hall) -> None:
    """Writers go on all the time; the line is cut three times."""
    incidents = [await hall.centre.incident() for _ in range(2)]
    stop = asyncio.Event()

    async def write(number: int) -> None:
        while not stop.is_set():
            made = await hall.centre.send(incidents[number], unit=number)
            async with hall.centre.database.write() as session:
                await cancel(hall.centre.act(session), made.id)

    writers = [asyncio.create_task(write(number)) for number in range(2)]
    numbers: list[int] = []
    after = None
    try:
        for _ in range(4):
            async with hall.listener() as screen:
                await screen.subscribe(after=after)
                await screen.next("snapshot", topic="assignments")
                while len(screen.facts()) < 15:
                    await screen.next("fact")
                numbers += screen.facts()
            after = numbers[-1]
    finally:
        stop.set()
        await asyncio.gather(*writers)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


async def test_wrong_messages_are_refused_and_close_nothing(hall: Hall) -> None:
    async with hall.listener() as screen:
        wrong: dict[str, str | bytes] = {
            "live.message": "{",
            "live.too_long": json.dumps({"op": "subscribe", "topics": ["x" * 5_000]}),
            "live.binary": b"\x00",
        }
        for code, message in wrong.items():
            await screen.line.send(message)
            assert (await screen.next("refused"))["code"] == code
        for said in ({"op": "dance"}, {"op": "subscribe", "topics": ["weather"]}, {"op": "subscribe", "after": 3}, []):
            await screen.line.send(json.dumps(said))
            assert (await screen.next("refused"))["code"] == "live.message"
        await screen.say(op="ping", t=17)
        assert (await screen.next("pong"))["t"] == 17


async def test_a_flood_of_questions_is_answered_one_by_one(hall: Hall) -> None:
    async with hall.listener() as screen:
        for number in range(500):
            await screen.say(op="ping", t=number)
        assert [(await screen.next("pong"))["t"] for _ in range(500)] == list(range(500))


async def test_who_resumes_after_a_line_that_is_not_there_is_told_and_begins_anew(hall: Hall) -> None:
    async with hall.listener() as screen:
        head = (await screen.next("welcome"))["seq"]
        await screen.subscribe(after=head + 1_000)
        assert (await screen.next("refused"))["code"] == "live.ahead"
        assert (await screen.next("snapshot"))["seq"] == head
        await screen.subscribe(after=head, mark="0123456789abcdef")
        assert (await screen.next("refused"))["code"] == "live.other_journal"
        assert (await screen.next("snapshot"))["seq"] == head
        mark = (await screen.next("tick", seq=head))["mark"]
        await screen.subscribe(after=head, mark=mark)
        assert (await screen.next("snapshot", "refused"))["kind"] == "snapshot"


async def test_the_whole_journal_can_be_replayed(hall: Hall) -> None:
    """From its first line on, in pages; lines about accounts and roads are told to nobody."""
    async with hall.listener() as screen:
        await screen.subscribe(["units"], after=0)
        head = (await screen.next("snapshot"))["seq"]
        told = {fact["type"] for fact in screen.heard if fact["kind"] == "fact"}
        assert told == {"crew.signed_on", "unit.status_changed"}
        assert screen.facts() == sorted(set(screen.facts()))
        assert screen.facts()[0] < screen.facts()[-1] <= head


async def test_newest_positions_are_told_once_a_second_and_never_again(hall: Hall) -> None:
    async with hall.listener() as screen:
        await screen.subscribe(["units"])
        await screen.next("snapshot")
        unit, at = hall.centre.units[2], hall.centre.clock.now()
        fixes = [Fix(unit, at - timedelta(seconds=age), 41.17, 80.26, 12.5, 90.0, source=Source.AUTO) for age in (2, 1)]
        async with hall.centre.database.write() as session:
            await add_fixes(session, hall.centre.clock, fixes)
        latest = await screen.next("latest")
        (item,) = latest["items"]
        assert (item["id"], item["lat"], item["speed_mps"], item["source"]) == (str(unit), 41.17, 12.5, "auto")
        for _ in range(4):  # boards that were read just before serve others too
            await screen.next("tick")
    async with hall.listener() as later:
        await later.subscribe(["units"])
        board = await later.next("snapshot")
        (row,) = [row for row in board["items"] if row["id"] == str(unit)]
        assert row["position"]["fix_at"] == item["fix_at"]
        await later.next("tick")
        await later.next("tick")
        assert "latest" not in {told["kind"] for told in later.heard}


async def test_a_position_that_comes_to_this_process_is_told_at_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No beat is waited for: the next one is an hour away. Of the others nothing is read and nothing told."""
    monkeypatch.setattr("api.live.feed.BEAT_S", 3_600.0)
    _, token = await device(hall)
    async with hall.listener() as screen, open_line(hall, token) as line:
        await screen.subscribe(["units"])
        await screen.next("snapshot")
        for number in range(1, 4):
            fix = PositionFix(line.now_us + number, 41.17, 80.26 + number * 0.001, 12.5, 90.0, 5.0)
            await line.send(number, fix, PLACE)
            (item,) = (await screen.next("latest"))["items"]
            assert (item["id"], item["lon"]) == (str(hall.centre.units[0]), pytest.approx(80.26 + number * 0.001))
        async with httpx.AsyncClient(base_url=f"http://{hall.address}/api", timeout=PATIENCE_S) as client:
            client.headers["authorization"] = f"Bearer {token}"
            sent = await client.post(f"/fleet/{hall.centre.units[0]}/position", json={"lat": 41.18, "lon": 80.27})
            assert sent.status_code == 200, sent.text
        (item,) = (await screen.next("latest"))["items"]
        assert item["lat"] == 41.18


async def test_topics_can_be_changed(hall: Hall) -> None:
    async with hall.listener() as screen:
        await screen.subscribe(["calls"])
        await screen.next("snapshot", topic="calls")
        await hall.centre.incident()
        await screen.until(await hall.head())
        assert screen.facts() == []
        await screen.subscribe(["incidents"])
        board = await screen.next("snapshot", topic="incidents")
        assert len(board["items"]) == 1
        await screen.subscribe([])
        await screen.next("tick")
        await screen.next("tick")  # nothing answers that it wants nothing more
        seen = len(screen.heard)
        await hall.centre.incident()
        await screen.until(await hall.head())
        await screen.next("tick")
        assert {told["kind"] for told in screen.heard[seen:]} == {"tick"}


async def test_who_may_not_gets_no_socket(hall: Hall) -> None:
    administrator = {"cookie": await hall.cookie("administrator")}
    good = {"cookie": await hall.cookie("dispatcher")}
    for headers in ({}, administrator, {"authorization": "Bearer x"}, {**good, "origin": "https://evil.example"}):
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://{hall.address}/api/live", additional_headers=headers)
        assert refused.value.response.status_code == 403


async def test_a_revoked_session_is_closed(hall: Hall) -> None:
    async with hall.listener() as screen:
        await screen.subscribe()
        await screen.next("snapshot", topic="assignments")
        async with httpx.AsyncClient(base_url=f"http://{hall.address}", timeout=PATIENCE_S) as client:
            left = await client.delete("/api/session", headers={"cookie": await hall.cookie("dispatcher")})
            assert left.status_code == 204
        assert await screen.closed() == 4401
