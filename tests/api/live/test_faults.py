"""The live feed when something breaks: its database, its journal, its server, a board, a client that does not read."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from factories.live import Hall, Listener, another_server, open_hall
from sqlalchemy import text
from websockets.asyncio.client import connect

from api.calls.board import CallRow
from api.live.feed import Feed
from api.live.reading import Board, boards_of
from api.live.topics import Topic
from dispatch.accounts import service_people
from dispatch.kernel import migrate
from dispatch.kernel.db import Session
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.postgres.status import Status

pytestmark = pytest.mark.database


@asynccontextmanager
async def following(hall: Hall, after: int | None = None, mark: str | None = None) -> AsyncIterator[Listener]:
    """A dispatcher's screen that has got its boards."""
    async with hall.listener() as screen:
        await screen.subscribe(after=after, mark=mark)
        await screen.next("snapshot", topic="assignments")
        yield screen


async def test_what_one_process_changes_is_told_by_another(hall: Hall, database_url: str, tmp_path: Path) -> None:
    """And whom one process sends away is sent away by the other."""
    async with another_server(database_url, tmp_path / "second", hall.centre, hall.people) as other:
        other.cookies["dispatcher"] = await hall.cookie("dispatcher")
        async with following(hall) as here, following(other) as there:
            incident = await hall.centre.incident()
            told = [await screen.next("fact", type="incident.opened") for screen in (here, there)]
            assert told[0] == told[1]
            assert told[0]["subject"] == str(incident)
            async with hall.centre.database.write() as session:
                act = hall.centre.act(session)
                await service_people.lock(session, act.clock, act.context, hall.people["dispatcher"])
            assert [await here.closed(), await there.closed()] == [4401, 4401]


@pytest.mark.parametrize(("reason", "stall_s", "lines"), [("live.stalled", 0.3, 4_096), ("live.too_slow", 60.0, 20)])
async def test_who_does_not_read_is_closed_and_resumes(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str, stall_s: float, lines: int
) -> None:
    """Little lies between here and there. Others are told meanwhile as ever."""
    monkeypatch.setattr("api.live.routes.STALL_S", stall_s)
    monkeypatch.setattr("api.wire.HELD_BYTES", 4_096)
    async with open_hall(database_url, tmp_path) as hall, following(hall) as quick:
        feed: Feed = hall.app.state.feed
        feed.log._most_lines = lines
        slow = await narrow_line(hall)
        await slow.subscribe(after=(await quick.next("tick"))["seq"])
        await slow.next("snapshot", topic="assignments")
        slow.line.transport.pause_reading()
        while feed.clients > 1 and not any(one.client._told < feed.log.start for one in feed._seats):
            await hall.centre.incident()
            await quick.next("rows", topic="incidents")
        slow.line.transport.resume_reading()
        assert await slow.closed() == 4008
        assert slow.line.close_reason == reason
        assert len(quick.facts()) < 1_000, "the system holds no more for it"
        await slow.line.close()
        head = feed.log.position
        async with following(hall, after=slow.facts()[-1]) as again:
            numbers = slow.facts() + again.facts()
            assert numbers[-1] == head
            assert numbers == [number for number in quick.facts() if number >= numbers[0]]


async def narrow_line(hall: Hall) -> Listener:
    """A client that receives into 4 KB."""
    host, port = hall.address.split(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(narrow, (host, int(port)))
    cookie = {"cookie": await hall.cookie("dispatcher")}
    return Listener(await connect(f"ws://{hall.address}/api/live", additional_headers=cookie, sock=narrow, max_queue=1))


@asynccontextmanager
async def own_database(home: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of this test's own, which it may kill."""
    server = await asyncio.to_thread(EmbeddedPostgres(home).open)
    try:
        await migrate.upgrade(server.url())
        yield server
    finally:
        await asyncio.to_thread(server.close)


@pytest.mark.slow
async def test_the_database_is_killed_and_comes_back(passable_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket stays open, ticks say that nothing is known, and then all is told that was written."""
    monkeypatch.setattr("api.live.feed.BEAT_S", 0.1)
    monkeypatch.setattr("api.live.feed.FRESH_S", 0.4)
    monkeypatch.setattr("api.live.feed.POLL_S", 0.1)
    async with (
        own_database(passable_path / "home") as server,
        open_hall(server.url(), passable_path) as hall,
        following(hall) as screen,
    ):
        await hall.centre.incident()
        seen = (await screen.next("fact", type="incident.opened"))["seq"]
        status = Status.read(passable_path / "home" / "postgres")
        assert status is not None
        os.kill(status.guardian_pid, signal.SIGSTOP)  # so that it does not come back at once
        os.kill(postmaster_of(passable_path / "home"), signal.SIGKILL)
        await screen.next("tick", fresh=False)
        os.kill(status.guardian_pid, signal.SIGCONT)
        await asyncio.to_thread(server.revive)
        await screen.next("tick", fresh=True)
        await hall.centre.incident()
        fact = await screen.next("fact", type="incident.opened")
        assert fact["seq"] > seen
        numbers = screen.facts()
        assert numbers == list(range(numbers[0], numbers[-1] + 1))


def postmaster_of(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])


async def test_a_restored_backup_is_told_to_those_who_listen(hall: Hall) -> None:
    await hall.centre.incident()
    async with following(hall) as screen:
        at = (await screen.next("tick"))["seq"]
        await hall.centre.incident()
        await screen.until(at + 1)
        async with hall.centre.database.write() as session:
            await session.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
            await session.execute(text("DELETE FROM journal WHERE seq > :seq"), {"seq": at})
            await session.execute(text("ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_append_only"))
        await hall.centre.incident()
        assert (await screen.next("refused"))["code"] == "live.other_journal"
        boards = [await screen.next("snapshot") for _ in range(4)]
        assert {board["seq"] for board in boards} == {boards[0]["seq"]}
        await hall.centre.incident()
        assert (await screen.next("fact", type="incident.opened"))["seq"] > boards[0]["seq"]


async def test_screens_are_told_when_the_server_stops(database_url: str, tmp_path: Path) -> None:
    async with open_hall(database_url, tmp_path) as hall:
        line = await connect(f"ws://{hall.address}/api/live", additional_headers={"cookie": await hall.cookie("crew")})
        screen = Listener(line)
        await screen.next("welcome")
        ended = asyncio.create_task(screen.closed())
    assert await ended == 1012


async def test_one_board_that_cannot_be_read_silences_no_fact(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that nobody can tell, by a fault of ours: what it is told with comes when it can be read again."""
    board, broken = boards_of()[Topic.INCIDENTS], asyncio.Event()

    async def rows(session: Session, region: str, now: datetime, ids: Collection[UUID] | None = None) -> list[CallRow]:
        if broken.is_set():
            raise ValueError("a row that cannot be told")
        found: list[CallRow] = list(await board.rows(session, region, now, ids))
        return found

    async with following(hall) as screen:
        monkeypatch.setitem(hall.app.state.feed.reader._boards, Topic.INCIDENTS, Board(rows, board.shown))
        hall.app.state.feed._boards._held_s = 0.0  # what was read before the fault serves nobody
        broken.set()
        incident = await hall.centre.incident()
        fact = await screen.next("fact", type="incident.opened")
        async with hall.listener() as another:
            await another.subscribe(["incidents"])
            assert (await another.next("refused"))["code"] == "live.boards"
            broken.clear()
            assert [row["id"] for row in (await another.next("snapshot"))["items"]] == [str(incident)]
        second = await hall.centre.incident()
        owed = await screen.next("rows", topic="incidents")
        assert {row["id"] for row in owed["items"]} == {str(incident), str(second)}
        assert owed["seq"] > fact["seq"]
