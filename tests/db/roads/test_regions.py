"""Regions, their networks and versions, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import astuple
from typing import Any

import asyncpg
import pytest
from factories.fleet import CONTEXT, START, clock, make_region
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.roads import queries, service
from dispatch.roads.rules import ClosureDraft
from dispatch.roads.tables import Region

pytestmark = pytest.mark.database

CLOCK = clock()

SHA = "a" * 64
OTHER = "b" * 64


async def test_a_region_begins_without_a_network(session: AsyncSession) -> None:
    region = await make_region(session)
    assert await queries.get_region(session, "aksu") is region
    assert [found.name for found in await queries.list_regions(session)] == ["aksu"]
    assert await queries.get_versions(session, "aksu") == queries.Versions(0, None, None, 0, 0)
    assert region.created_at == START


@pytest.mark.parametrize("name", ["", "Aksu", "a b", "阿克苏", "-a", "a" * 64, "a\n", "a\x00"])
async def test_names_that_are_no_slugs(session: AsyncSession, name: str) -> None:
    with pytest.raises(Invalid, match="cannot name a region"):
        await make_region(session, name)


async def test_a_name_is_given_once_even_when_two_give_it_at_once(database: Database) -> None:
    async def make() -> str:
        try:
            async with database.write() as session:
                await make_region(session)
                await asyncio.sleep(0.05)
        except Conflict as refused:
            return refused.code
        return "made"

    assert sorted(await asyncio.gather(make(), make(), make())) == ["made", "region.exists", "region.exists"]


async def test_a_refused_region_leaves_the_transaction_usable(database: Database) -> None:
    async with database.write() as session:
        await make_region(session)
    async with database.write() as session:
        with pytest.raises(Conflict):
            await make_region(session)
        await make_region(session, "other")
    async with database.read() as session:
        assert len(await queries.list_regions(session)) == 2


@pytest.mark.parametrize("name", ["nowhere", "a\x00b"])
async def test_an_unknown_region_is_told(session: AsyncSession, name: str) -> None:
    assert await queries.find_region(session, name) is None
    for question in (queries.get_region, queries.lock_region, queries.get_versions, queries.load_overlay):
        with pytest.raises(NotFound) as caught:
            await question(session, name)
        assert caught.value.code == "region.not_found"


async def test_networks_are_counted(database: Database, database_url: str) -> None:
    async with database.write() as session:
        await make_region(session)
        adopted = await service.adopt_network(
            session, CLOCK, CONTEXT, "aksu", file="aksu/1-aaaaaaaa.tarimnet", sha256=SHA
        )
        assert (adopted.region.network_version, adopted.stale_closures) == (1, ())
        assert adopted.region.network_adopted_at == START
        await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="aksu/2-bbbbbbbb.tarimnet", sha256=OTHER)
    expected = (2, "aksu/2-bbbbbbbb.tarimnet", OTHER, 0, 0)
    async with database.read() as session:
        assert astuple(await queries.get_versions(session, "aksu")) == expected
    raw = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        assert tuple(await raw.fetchrow(queries.VERSIONS_SQL, "aksu")) == expected
    finally:
        await raw.close()


@pytest.mark.parametrize(("file", "sha"), [("", SHA), ("x", "A" * 64), ("x", "a"), ("x\x00", SHA)])
async def test_a_network_needs_its_file_and_sum(session: AsyncSession, file: str, sha: str) -> None:
    await make_region(session)
    with pytest.raises(Invalid):
        await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file=file, sha256=sha)


def edges(version: int, *numbers: int) -> ClosureDraft:
    return ClosureDraft(reason="bridge", author="x", edges=numbers, network_version=version)


async def test_a_new_network_puts_edge_closures_out_of_force_and_says_so(session: AsyncSession) -> None:
    await make_region(session)
    await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256=SHA)
    by_edge = await service.add_closure(session, CLOCK, CONTEXT, "aksu", edges(1, 5, 6))
    by_way = await service.add_closure(session, CLOCK, CONTEXT, "aksu", ClosureDraft(reason="x", author="x", ways=(3,)))
    lifted = await service.add_closure(session, CLOCK, CONTEXT, "aksu", edges(1, 7))
    await service.lift_closure(session, CLOCK, CONTEXT, "aksu", lifted.id, "x")
    assert (await queries.get_versions(session, "aksu")).overlay_version == 4

    adopted = await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="2", sha256=OTHER)
    assert [row.id for row in adopted.stale_closures] == [by_edge.id]
    overlay = await queries.load_overlay(session, "aksu")
    assert (overlay.version, [closure.id for closure in overlay.closures]) == (5, [by_way.id])
    listed = await queries.list_closures(session, "aksu")
    assert [(row.id, row.stale_network) for row in listed] == [(by_edge.id, True), (by_way.id, False)]
    again = await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="3", sha256=SHA)
    assert again.stale_closures == ()
    assert (await queries.load_overlay(session, "aksu")).version == 5


async def test_the_very_same_network_keeps_its_edge_closures(session: AsyncSession) -> None:
    await make_region(session)
    await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256=SHA)
    row = await service.add_closure(session, CLOCK, CONTEXT, "aksu", edges(1, 5))
    adopted = await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="2", sha256=SHA)
    assert adopted.stale_closures == ()
    assert (row.network_version, row.stale_network) == (2, False)
    assert len((await queries.load_overlay(session, "aksu")).closures) == 1


async def test_edges_of_another_network_are_refused(session: AsyncSession) -> None:
    await make_region(session)
    await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256=SHA)
    for version in (0, 2):
        with pytest.raises(Conflict) as caught:
            await service.add_closure(session, CLOCK, CONTEXT, "aksu", edges(version, 5))
        assert caught.value.code == "closure.stale_network"
    assert (await queries.get_versions(session, "aksu")).overlay_version == 0


GOOD: dict[str, Any] = {"name": "r", "name_zh": "x", "name_en": "x", "schematic": False, "created_at": START}
NETWORK = {"network_version": 1, "network_file": "1", "network_sha256": SHA, "network_adopted_at": START}


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "Aksu"},
        {"name": "a" * 64},
        {"name_zh": ""},
        {"network_version": 1},
        {"network_version": -1},
        NETWORK | {"network_version": 0},
        NETWORK | {"network_file": None},
        NETWORK | {"network_file": ""},
        NETWORK | {"network_sha256": "A" * 64},
        NETWORK | {"network_sha256": None},
        NETWORK | {"network_adopted_at": None},
        {"overlay_version": -1},
        {"data_version": -1},
    ],
)
async def test_the_database_has_the_last_word(session: AsyncSession, bad: dict[str, Any]) -> None:
    for good in (GOOD, GOOD | NETWORK | {"name": "s"}):
        await session.execute(insert(Region).values(**good))
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            await session.execute(insert(Region).values(**GOOD | {"name": "t"} | bad))
