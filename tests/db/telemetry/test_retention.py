"""How long frames are kept, by kind; what is held stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from factories.dispatching import Centre, make_centre
from sqlalchemy import func, select, text

from dispatch.dispatching.queries_held import MARGIN, list_held_times
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict
from dispatch.telemetry.queries_retention import list_days, list_held
from dispatch.telemetry.rules_arrivals import Arrival, arrived, micros
from dispatch.telemetry.rules_payloads import Value, Values, encode_payload
from dispatch.telemetry.rules_waves import Ecg, encode_ecg
from dispatch.telemetry.service_retention import drop_days, forget_day, hold, lift
from dispatch.telemetry.service_store import store
from dispatch.telemetry.states import Frame, Kind, Stream
from dispatch.telemetry.tables import TelemetryFrame

pytestmark = pytest.mark.database

LONG_AGO = datetime(2020, 5, 4, 12, tzinfo=UTC)
RATE = Values((Value(1, 80.0),))
CURVE = Ecg(0, 500, 1, 200.0, (2,), b"\x05\0")
KEEP = {Kind.VITALS: 100, Kind.ECG: 10}


@pytest.fixture
async def centre(database: Database) -> Centre:
    return await make_centre(database, clock=ManualClock(LONG_AGO))


async def measure(centre: Centre, unit: int, seq: int) -> None:
    """One value and one stretch of ECG, now."""
    now = centre.clock.now()

    def one(kind: Kind, payload: bytes) -> Arrival:
        frame = Frame(Stream(kind, 1), seq, micros(now), payload)
        read = RATE if kind is Kind.VITALS else CURVE
        return arrived(centre.units[unit], UUID(int=1), frame, read, now, 0)

    async with centre.database.write() as session:
        await store(session, centre.clock, [one(Kind.VITALS, encode_payload(RATE)), one(Kind.ECG, encode_ecg(CURVE))])


async def sweep(centre: Centre) -> list[date]:
    while True:
        async with centre.database.write() as session:
            held = await list_held_times(session, await list_held(session), centre.clock.now())
            if await forget_day(session, centre.clock, KEEP, held) is None:
                return await drop_days(session, KEEP)


async def left(centre: Centre) -> tuple[int, int]:
    """Frames, and days with a partition, of the year 2020."""
    async with centre.database.read() as session:
        frames = await session.scalar(select(func.count()).select_from(TelemetryFrame))
        return frames or 0, len([day for day in await list_days(session) if day.year == 2020])


async def test_each_kind_is_kept_for_its_days_and_empty_days_go(centre: Centre) -> None:
    await measure(centre, 0, 1)
    centre.manual.advance(timedelta(days=10))
    assert await sweep(centre) == []
    assert await left(centre) == (2, 1)
    centre.manual.advance(timedelta(days=1))
    assert await sweep(centre) == []
    assert await left(centre) == (1, 1)
    centre.manual.advance(timedelta(days=90))
    assert await sweep(centre) == [LONG_AGO.date()]
    assert await left(centre) == (0, 0)


async def test_what_is_held_stays_until_the_hold_is_lifted(centre: Centre) -> None:
    incident = await centre.incident()
    await centre.send(incident, 0)
    for unit in (0, 1):
        await measure(centre, unit, 1)
    async with centre.database.write() as session:
        await hold(centre.act(session), incident)
    with pytest.raises(Conflict, match="held already"):
        async with centre.database.write() as session:
            await hold(centre.act(session), incident)
    centre.manual.advance(timedelta(days=200))
    await measure(centre, 1, 2)
    assert await sweep(centre) == []
    assert await left(centre) == (4, 2)  # those of the held run, and those of today
    async with centre.database.write() as session:
        await lift(centre.act(session), incident)
    assert await sweep(centre) == [LONG_AGO.date()]
    assert await left(centre) == (2, 1)
    with pytest.raises(Conflict, match="not held"):
        async with centre.database.write() as session:
            await lift(centre.act(session), incident)
    async with centre.database.read() as session:
        told = await session.scalars(text("SELECT type FROM journal WHERE type ~ '^incident.h' ORDER BY seq"))
        assert list(told) == ["incident.held", "incident.hold_lifted"]


async def test_before_and_after_a_run_belongs_to_it(centre: Centre) -> None:
    incident = await centre.incident()
    made = await centre.send(incident, 0)
    async with centre.database.read() as session:
        (held,) = await list_held_times(session, [incident], centre.clock.now())
    assert (held.from_at, held.until_at) == (made.assigned_at - MARGIN, centre.clock.now() + MARGIN)
