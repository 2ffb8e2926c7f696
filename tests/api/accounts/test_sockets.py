"""Open WebSockets end with the session or device that opened them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import uvicorn
from factories.doors import House
from factories.people import CIVIL, PASSWORD, context
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.sockets import OpenSockets, close_all, watch
from dispatch.accounts import service_people
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.service_devices import add_device, revoke_device
from dispatch.accounts.states import DeviceKind
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.errors import DatabaseUnavailable


class Line:
    """A socket that remembers how it was closed."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.closed: int | None = None
        self.done = asyncio.Event()
        self.hangs = hangs

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        del reason
        if self.hangs:
            await asyncio.Event().wait()
        self.closed = code
        self.done.set()


def principal(number: int, kind: ActorKind = ActorKind.PERSON, person: int = 99) -> Principal:
    return Principal(kind, UUID(int=person), CIVIL, frozenset(), UUID(int=number), None)


@given(st.lists(st.integers(1, 5), max_size=30), st.frozensets(st.integers(1, 5)), st.frozensets(st.integers(1, 5)))
def test_only_those_asked_about_and_not_alive_are_taken(held: list[int], alive: set[int], asked: set[int]) -> None:
    sockets = OpenSockets()
    for number in held:
        sockets.add(principal(number), Line())
    gone = sockets.take_ended([UUID(int=n) for n in alive], [UUID(int=n) for n in asked])
    assert sorted(one.principal.credential.int for one in gone) == sorted(n for n in held if n in asked - alive)
    assert len(sockets) == len(held) - len(gone)
    assert {credential.int for credential in sockets.credentials(ActorKind.PERSON)} == set(held) - (asked - alive)


def test_a_person_is_found_by_every_session_and_removal_is_harmless() -> None:
    sockets = OpenSockets()
    first = sockets.add(principal(1, person=7), Line())
    sockets.add(principal(2, person=7), Line())
    sockets.add(principal(3, ActorKind.DEVICE, person=8), Line())
    assert sockets.credentials(ActorKind.DEVICE) == {UUID(int=3)}
    assert len(sockets.take([UUID(int=7)])) == 2
    sockets.remove(first)
    assert len(sockets) == 1


async def test_one_that_hangs_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sockets._CLOSE_TIMEOUT_S", 0.01)
    sockets, good = OpenSockets(), Line()
    opened = [sockets.add(principal(1), Line(hangs=True)), sockets.add(principal(2), good)]
    await close_all(opened)
    assert good.closed == 4401


async def test_a_silent_database_closes_nothing_and_the_next_answer_does() -> None:
    sockets, line, answers = OpenSockets(), Line(), 0

    async def alive(_sessions: frozenset[UUID], _devices: frozenset[UUID]) -> frozenset[UUID]:
        nonlocal answers
        answers += 1
        if answers < 3:
            assert line.closed is None
            raise DatabaseUnavailable
        return frozenset()

    sockets.add(principal(1), line)
    watching = asyncio.create_task(watch(sockets, alive, every_s=0.001))
    await line.done.wait()
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    assert (answers, len(sockets)) == (3, 0)


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    """The small service under the server that is used in earnest."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(house.app, ws="websockets-sansio", log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by this flag alone
        await asyncio.sleep(0.005)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


async def cookie(house: House, name: str) -> str:
    answered = await house.client().post("/api/session", json={"name": name, "password": PASSWORD})
    return f"tarim={answered.cookies['tarim']}"


async def closed_with(line: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        await line.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


@pytest.mark.database
async def test_revoking_a_person_closes_their_sockets(house: House, address: str) -> None:
    own = await cookie(house, "dispatcher")
    async with connect(f"ws://{address}/api/live", additional_headers={"cookie": own}) as line:
        await line.send("here")
        assert await line.recv() == "here"
        administrator = await house.logged_in("administrator")
        await administrator.post(f"/api/people/{house.people['dispatcher']}/revoke")
        assert await closed_with(line) == 4401
    assert len(house.door.sockets) == 0


@pytest.mark.database
async def test_what_another_process_revokes_closes_too(house: House, address: str) -> None:
    async with house.door.parts.database.write() as session:
        device, token = await add_device(
            session, house.clock, context(house.clock), kind=DeviceKind.VEHICLE, organisation=CIVIL, region="aksu",
            call_sign="阿-07",
        )  # fmt: skip
    own = await cookie(house, "dispatcher")
    bearer = {"authorization": f"Bearer {token}"}
    async with (
        connect(f"ws://{address}/api/live", additional_headers={"cookie": own}) as person,
        connect(f"ws://{address}/api/live", additional_headers=bearer) as tablet,
        connect(f"ws://{address}/api/live", additional_headers={"cookie": await cookie(house, "crew")}) as other,
    ):
        for line in (person, tablet, other):
            await line.send("here")
            await line.recv()
        async with house.door.parts.database.write() as session:
            at = context(house.clock)
            await service_people.lock(session, house.clock, at, house.people["dispatcher"])
            await revoke_device(session, house.clock, at, device.id)
        assert [await closed_with(person), await closed_with(tablet)] == [4401, 4401]
        await other.send("still here")
        assert await other.recv() == "still here"


@pytest.mark.database
@pytest.mark.parametrize(
    "headers",
    [{}, {"cookie": f"tarim={'A' * 43}"}, {"authorization": "Bearer x"}, {"origin": "https://evil.example"}],
)
async def test_who_may_not_gets_no_socket(house: House, address: str, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{address}/api/live", additional_headers=headers)
    assert refused.value.response.status_code == 403
    administrator = await cookie(house, "administrator")
    with pytest.raises(InvalidStatus):
        await connect(f"ws://{address}/api/live", additional_headers={"cookie": administrator})
