from __future__ import annotations

import asyncio

import pytest

from api.regions.gate import Gate


class Source:
    """A value that is read slowly, and how often it was read."""

    def __init__(self) -> None:
        self.value = 0
        self.reads = 0
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def read(self) -> int:
        self.reads += 1
        self.begun.set()
        seen = self.value
        await self.go.wait()
        return seen


async def test_who_asks_during_a_check_gets_the_next_one() -> None:
    source = Source()
    gate = Gate(source.read)
    early = asyncio.create_task(gate.ask())
    await source.begun.wait()
    source.value = 1
    late = [asyncio.create_task(gate.ask()) for _ in range(10)]
    await asyncio.sleep(0)
    source.go.set()
    assert await early == 0
    assert await asyncio.gather(*late) == [1] * 10
    assert source.reads == 2


async def test_who_asks_in_the_same_moment_shares_one_check() -> None:
    source = Source()
    gate = Gate(source.read)
    source.go.set()
    assert await asyncio.gather(*(gate.ask() for _ in range(20))) == [0] * 20
    assert source.reads == 1


async def test_an_asker_that_gives_up_takes_nothing_from_the_others() -> None:
    source = Source()
    gate = Gate(source.read)
    first = asyncio.create_task(gate.ask())
    second = asyncio.create_task(gate.ask())
    third = asyncio.create_task(gate.ask())
    await asyncio.sleep(0.01)
    first.cancel()
    second.cancel()
    await asyncio.sleep(0)
    source.go.set()
    assert await third == 0
    assert first.cancelled()
    assert second.cancelled()


async def test_a_failing_check_fails_those_who_shared_it_and_no_others() -> None:
    fails = True

    async def check() -> str:
        await asyncio.sleep(0)
        if fails:
            raise LookupError("away")
        return "back"

    gate = Gate(check)
    answers = await asyncio.gather(gate.ask(), gate.ask(), gate.ask(), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError] * 3
    fails = False
    assert await gate.ask() == "back"


async def test_every_answer_is_at_least_as_new_as_its_question() -> None:
    version = 0

    async def check() -> int:
        seen = version
        await asyncio.sleep(0.001)
        return seen

    gate = Gate(check)

    async def asker(delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        asked_at = version
        assert await gate.ask() >= asked_at

    async def changer() -> None:
        nonlocal version
        for _ in range(50):
            version += 1
            await asyncio.sleep(0.0005)

    await asyncio.gather(changer(), *(asker(number * 0.0003) for number in range(100)))
    assert version == pytest.approx(50)
