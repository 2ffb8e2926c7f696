"""Places and zones imported into a real PostgreSQL."""

from __future__ import annotations

import json

import pytest
import shapely
from factories.fleet import PLACE, clock, make_region, table
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import Invalid, NotFound
from dispatch.kernel.findings import Counts
from dispatch.kernel.ids import new_id
from dispatch.roads import queries, service
from dispatch.roads.rules_columns import zones_template
from dispatch.roads.tables import OwnPlaceRow
from geo.network.attributes import StreetName
from geo.places.own import OwnPlace

pytestmark = pytest.mark.database

CLOCK = clock()


def zones(*ids: str) -> str:
    document = json.loads(zones_template())
    (first,) = document["features"]
    document["features"] = [first | {"properties": first["properties"] | {"id": zone_id}} for zone_id in ids]
    return json.dumps(document)


async def test_places_reach_geo(session: AsyncSession) -> None:
    await make_region(session)
    report = await service.import_places(session, CLOCK, "aksu", table(PLACE | {"organisation": "示例团"}))
    assert (report.applied, report.counts, report.data_version) == (True, Counts(added=1), 1)
    assert await queries.list_own_places(session, "aksu") == [
        OwnPlace(
            id="PL-1",
            lat=40.638,
            lon=81.256,
            kind="company",
            names=StreetName(name="示例团5连", zh="示例团5连"),
            aliases=("五连", "示例五连"),
            organisation="示例团",
        )
    ]


async def test_the_same_file_again_changes_nothing(session: AsyncSession) -> None:
    await make_region(session)
    await service.import_places(session, CLOCK, "aksu", table(PLACE))
    report = await service.import_places(session, CLOCK, "aksu", table(PLACE))
    assert (report.counts, report.data_version) == (Counts(unchanged=1), 1)


async def test_zones_reach_geo_and_are_replaced(session: AsyncSession) -> None:
    await make_region(session)
    first = await service.import_zones(session, CLOCK, "aksu", zones("Z-1", "Z-2"))
    assert (first.kind, first.rows, first.counts, first.data_version) == ("zones", 2, Counts(added=2), 1)
    second = await service.import_zones(session, CLOCK, "aksu", zones("Z-2", "Z-3"), replace=True)
    assert (second.counts, second.data_version) == (Counts(added=1, unchanged=1, removed=1), 2)
    found = await queries.list_zones(session, "aksu")
    assert [zone.id for zone in found] == ["Z-2", "Z-3"]
    assert found[0].names == StreetName(zh="示例城区", en="Example built-up area")
    assert shapely.equals(found[0].polygon, shapely.box(80.20, 41.14, 80.30, 41.20))


async def test_bad_zones_change_nothing(session: AsyncSession) -> None:
    await make_region(session)
    with pytest.raises(Invalid) as caught:
        await service.import_zones(session, CLOCK, "aksu", "{}")
    assert caught.value.code == "zones.invalid"
    report = await service.import_zones(session, CLOCK, "aksu", zones("Z-1", "Z-1"))
    assert ([(error.row, error.column) for error in report.errors], report.applied) == ([(2, "id")], False)
    assert await queries.list_zones(session, "aksu") == []
    assert report.data_version == 0


async def test_an_unknown_region(session: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await service.import_places(session, CLOCK, "nowhere", table(PLACE))


async def test_regions_do_not_see_each_other(session: AsyncSession) -> None:
    for name in ("aksu", "other"):
        await make_region(session, name)
        await service.import_places(session, CLOCK, name, table(PLACE))
    report = await service.import_places(session, CLOCK, "other", table(PLACE | {"id": "PL-9"}), replace=True)
    assert report.counts == Counts(added=1, removed=1)
    assert [place.id for place in await queries.list_own_places(session, "aksu")] == ["PL-1"]


@pytest.mark.parametrize("bad", [{"lat": 90.1}, {"lon": float("nan")}, {"code": ""}, {"kind": ""}, {"region": "x"}])
async def test_the_database_has_the_last_word(session: AsyncSession, bad: dict[str, object]) -> None:
    await make_region(session)
    good = {"region": "aksu", "code": "A", "kind": "camp", "name_zh": "x", "lat": 41.0, "lon": 80.0}
    await session.execute(insert(OwnPlaceRow).values(id=new_id(CLOCK), **good))
    for values in ({**good, "code": "B", **bad}, good):
        with pytest.raises(IntegrityError):
            async with session.begin_nested():
                await session.execute(insert(OwnPlaceRow).values(id=new_id(CLOCK), **values))
