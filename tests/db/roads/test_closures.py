"""Closures on a real PostgreSQL: kept as they were meant, versioned without loss, and guarded by the database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import shapely
from factories.fleet import CONTEXT, START, clock, make_region
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.roads import queries, service
from dispatch.roads.rules import ClosureDraft
from dispatch.roads.tables import ClosureRow
from geo.overlay import Closure
from geo.points import GeoPoint

pytestmark = pytest.mark.database

CLOCK = clock()

DRAFT = ClosureDraft(reason="沙尘暴", author="dispatcher 7", ways=(9_007_199_254_740_993, 7))
SQUARE = "POLYGON ((80.1 41.1, 80.2 41.1, 80.2 41.2, 80.1 41.1))"


async def overlay_version(session: AsyncSession, region: str = "aksu") -> int:
    return (await queries.get_versions(session, region)).overlay_version


async def test_every_kind_of_closure_reaches_geo_as_it_was_meant(database: Database) -> None:
    until = datetime(2026, 3, 2, 0, 0, 0, 123456, tzinfo=UTC)
    async with database.write() as session:
        await make_region(session)
        await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256="a" * 64)
        drafts = [
            replace(DRAFT, active_until=until),
            replace(DRAFT, ways=(), edges=(4, 2), network_version=1, speed_factor=0.3),
            replace(DRAFT, ways=(), polygon=SQUARE, active_from=START + timedelta(hours=1)),
            replace(DRAFT, ways=(), centre=GeoPoint(41.1234567, 80.7654321), radius_m=250.5),
        ]
        ids = [(await service.add_closure(session, CLOCK, CONTEXT, "aksu", draft)).id for draft in drafts]
    async with database.read() as session:
        overlay = await queries.load_overlay(session, "aksu")
    assert overlay.version == 4
    common: dict[str, Any] = {"reason": "沙尘暴", "author": "dispatcher 7"}
    ways, edges, area, circle = overlay.closures
    assert ways == Closure(ids[0], START, until, 0.0, ways=(7, 9_007_199_254_740_993), **common)
    assert edges == Closure(ids[1], START, None, 0.3, edges=(2, 4), **common)
    assert area.polygon is not None
    assert area.polygon.equals(shapely.from_wkt(SQUARE))
    assert (area.id, area.active_from) == (ids[2], START + timedelta(hours=1))
    assert circle == Closure(ids[3], START, centre=GeoPoint(41.1234567, 80.7654321), radius_m=250.5, **common)


async def test_lifting_keeps_the_record(session: AsyncSession) -> None:
    await make_region(session)
    row = await service.add_closure(session, CLOCK, CONTEXT, "aksu", DRAFT)
    later = clock()
    later.advance(timedelta(hours=3))
    await service.lift_closure(session, later, CONTEXT, "aksu", row.id, " supervisor ")
    assert await overlay_version(session) == 2
    assert (await queries.load_overlay(session, "aksu")).closures == ()
    assert list(await queries.list_closures(session, "aksu")) == []
    (kept,) = await queries.list_closures(session, "aksu", include_lifted=True)
    assert (kept.lifted_at, kept.lifted_by, kept.reason) == (START + timedelta(hours=3), "supervisor", "沙尘暴")
    with pytest.raises(Conflict) as twice:
        await service.lift_closure(session, later, CONTEXT, "aksu", row.id, "x")
    assert twice.value.code == "closure.already_lifted"
    assert await overlay_version(session) == 2


async def test_a_closure_of_another_region_is_not_found(session: AsyncSession) -> None:
    await make_region(session)
    await make_region(session, "other")
    row = await service.add_closure(session, CLOCK, CONTEXT, "aksu", DRAFT)
    for region, closure_id in (("other", row.id), ("aksu", uuid4())):
        with pytest.raises(NotFound) as caught:
            await service.lift_closure(session, CLOCK, CONTEXT, region, closure_id, "x")
        assert caught.value.code == "closure.not_found"
    with pytest.raises(Invalid):
        await service.lift_closure(session, CLOCK, CONTEXT, "aksu", row.id, "a\x00")
    assert (await queries.load_overlay(session, "other")).closures == ()


async def test_those_that_hold_at_a_moment(session: AsyncSession) -> None:
    await make_region(session)
    soon = replace(DRAFT, active_from=START + timedelta(hours=1), active_until=START + timedelta(hours=2))
    row = await service.add_closure(session, CLOCK, CONTEXT, "aksu", soon)
    for hours, expected in ((0.99, []), (1, [row]), (1.99, [row]), (2, [])):
        at = START + timedelta(hours=hours)
        assert list(await queries.list_closures(session, "aksu", active_at=at)) == expected
        assert len((await queries.load_overlay(session, "aksu")).active(at)) == len(expected)


async def test_a_refused_closure_changes_nothing(session: AsyncSession) -> None:
    await make_region(session)
    with pytest.raises(Invalid):
        await service.add_closure(session, CLOCK, CONTEXT, "aksu", replace(DRAFT, reason=""))
    assert await overlay_version(session) == 0


async def test_no_version_is_lost_between_real_connections(database: Database) -> None:
    async with database.write() as session:
        await make_region(session)

    async def close_one(way: int) -> int:
        async with database.write() as session:
            # The region is in the session's memory before the lock is asked for: it must be read anew under it.
            before = (await queries.get_region(session, "aksu")).overlay_version
            await service.add_closure(session, CLOCK, CONTEXT, "aksu", replace(DRAFT, ways=(way,)))
            return before

    before = await asyncio.gather(*(close_one(way) for way in range(1, 13)))
    async with database.read() as session:
        overlay = await queries.load_overlay(session, "aksu")
    assert overlay.version == 12
    assert len(overlay.closures) == 12
    assert len(set(before)) < 12, "they did not run beside each other, so that this showed nothing"


async def test_two_who_lift_the_same_closure(database: Database) -> None:
    async with database.write() as session:
        await make_region(session)
        closure_id = (await service.add_closure(session, CLOCK, CONTEXT, "aksu", DRAFT)).id

    async def lift(by: str) -> str:
        try:
            async with database.write() as session:
                await queries.get_closure(session, "aksu", closure_id)
                await service.lift_closure(session, CLOCK, CONTEXT, "aksu", closure_id, by)
        except Conflict as refused:
            return refused.code
        return "lifted"

    assert sorted(await asyncio.gather(lift("a"), lift("b"))) == ["closure.already_lifted", "lifted"]
    async with database.read() as session:
        assert await overlay_version(session) == 2


async def test_a_closure_and_a_new_network_at_once_never_leave_an_edge_of_the_old_one_in_force(
    database: Database,
) -> None:
    async with database.write() as session:
        await make_region(session)
        await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256="a" * 64)

    async def close_edge(edge: int) -> None:
        draft = replace(DRAFT, ways=(), edges=(edge,), network_version=1)
        try:
            async with database.write() as session:
                await service.add_closure(session, CLOCK, CONTEXT, "aksu", draft)
        except Conflict:
            pass

    async def adopt() -> None:
        async with database.write() as session:
            await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="2", sha256="b" * 64)

    await asyncio.gather(*(close_edge(edge) for edge in range(4)), adopt(), *(close_edge(edge) for edge in range(4)))
    async with database.read() as session:
        assert (await queries.load_overlay(session, "aksu")).closures == ()


GOOD: dict[str, Any] = {
    "region": "aksu",
    "kind": "ways",
    "ways": [1],
    "speed_factor": 0.0,
    "active_from": START,
    "reason": "x",
    "author": "x",
    "created_at": START,
}
CIRCLE = {"kind": "circle", "ways": None, "centre_lat": 41.0, "centre_lon": 80.0, "radius_m": 5.0}


@pytest.mark.parametrize(
    "bad",
    [
        {"region": "nowhere"},
        {"kind": "street"},
        {"ways": None},
        {"ways": []},
        {"edges": [1]},
        {"kind": "edges", "ways": None, "edges": [1]},
        {"kind": "polygon", "ways": None},
        {"kind": "circle", "ways": None},
        {"network_version": 1},
        {"stale_network": True},
        CIRCLE | {"radius_m": None},
        CIRCLE | {"radius_m": 0.0},
        CIRCLE | {"radius_m": float("nan")},
        CIRCLE | {"centre_lat": 91.0},
        CIRCLE | {"centre_lat": float("nan")},
        CIRCLE | {"centre_lon": -181.0},
        {"speed_factor": 1.0},
        {"speed_factor": -0.1},
        {"speed_factor": 0.001},
        {"speed_factor": float("nan")},
        {"active_until": START},
        {"reason": ""},
        {"author": ""},
        {"lifted_at": START},
        {"lifted_by": "x"},
        {"lifted_at": START, "lifted_by": ""},
    ],
)
async def test_the_database_has_the_last_word(session: AsyncSession, bad: dict[str, Any]) -> None:
    await make_region(session)
    await session.execute(insert(ClosureRow).values(id=uuid4(), **GOOD))
    await session.execute(insert(ClosureRow).values(id=uuid4(), **GOOD | CIRCLE))
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            await session.execute(insert(ClosureRow).values(id=uuid4(), **GOOD | bad))
