"""Events of a drill, chains made in memory, and a journal filled in bulk."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from dispatch.kernel.actor import Actor, ActorKind, Context, system
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.events import Event, event
from dispatch.kernel.journal_chain import GENESIS, Line, line_hash, time_bytes
from dispatch.kernel.journal_json import payload_bytes

START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DISPATCHER = Actor(ActorKind.PERSON, "018f2f7e-0000-7000-8000-000000000001", "aksu-120", frozenset({"dispatcher"}))


@event("drill.unit_sent", subject="unit_id")
class UnitSent(Event):
    unit_id: UUID
    incident_id: UUID
    eta_s: float
    sent_at: datetime
    reasons: tuple[str, ...] = ()
    organisation: str | None = None


@event("drill.free_told", subject="topic")
class FreeTold(Event):
    """A payload of any kind, for what an ordinary event cannot hold."""

    topic: str = "drill"
    value: Any = None


def unit_sent(number: int = 1, **changed: object) -> UnitSent:
    told: dict[str, Any] = {
        "unit_id": UUID(int=number),
        "incident_id": UUID(int=1000 + number),
        "eta_s": 312.5,
        "sent_at": START,
        "reasons": ("nearest", "capable"),
    }
    return UnitSent(**{**told, **changed})


def context(clock: Clock | None = None, actor: Actor = DISPATCHER) -> Context:
    return Context.begin(clock or ManualClock(START), actor)


def chain(count: int, seed: int = 1) -> Iterator[Line]:
    """A whole chain of lines as the table would give them."""
    draw = random.Random(seed)
    before = GENESIS
    for seq in range(1, count + 1):
        moment = START + timedelta(seconds=seq)
        line = Line(
            seq,
            draw.randbytes(16),
            b"drill.unit_sent",
            time_bytes(moment - timedelta(seconds=draw.choice([0, 0, 600]))),
            time_bytes(moment),
            str(draw.randrange(9)).encode(),
            draw.choice([None, b"aksu-120", b"xpcc-1"]),
            str(system("drill")).encode(),
            draw.randbytes(16),
            draw.choice([None, draw.randbytes(16)]),
            payload_bytes({"n": seq, "eta_s": draw.random()}),
            before,
        )
        before = line_hash(line)
        yield line._replace(hash=before)


def resealed(lines: Sequence[Line], start: int) -> list[Line]:
    """The lines from index `start` on hashed anew, each after the one before: what a forger would do."""
    made = list(lines)
    before = made[start - 1].hash if start else GENESIS
    for index in range(start, len(made)):
        line = made[index]._replace(prev_hash=before)
        before = line_hash(line)
        made[index] = line._replace(hash=before)
    return made


_COLUMNS = Line._fields


async def fill(connection: asyncpg.Connection, count: int, seed: int = 1) -> None:
    """Copy a whole chain of `count` lines into an empty journal: much quicker than appending."""

    def records() -> Iterator[tuple[object, ...]]:
        zero = datetime(2000, 1, 1, tzinfo=UTC)
        for line in chain(count, seed):
            occurred, recorded = (
                zero + timedelta(microseconds=int.from_bytes(raw, "big", signed=True))
                for raw in (line.occurred_at, line.recorded_at)
            )
            yield (
                line.seq,
                UUID(bytes=line.id),
                line.type.decode(),
                occurred,
                recorded,
                line.subject.decode(),
                line.organisation.decode() if line.organisation else None,
                line.actor.decode(),
                UUID(bytes=line.context_id),
                UUID(bytes=line.parent_id) if line.parent_id else None,
                line.payload.decode(),
                line.prev_hash,
                line.hash,
            )

    await connection.copy_records_to_table("journal", records=records(), columns=_COLUMNS)
