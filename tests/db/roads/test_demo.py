"""The built-in region's stations, vehicles, hospitals, places and zones go through the same imports as anybody's."""

from __future__ import annotations

import json

import pytest
from factories.fleet import CONTEXT, clock, make_region
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.rows import table_of
from dispatch.roads.service import import_places, import_zones
from dispatch.units.service import import_stations, import_units
from geo.demo import DemoRegion, make_demo

pytestmark = pytest.mark.database

CLOCK = clock()


@pytest.fixture(scope="module")
def demo() -> DemoRegion:
    return make_demo()


async def test_the_demo_region_is_imported_without_fault_or_doubt(session: AsyncSession, demo: DemoRegion) -> None:
    await make_region(session)
    reports = [
        await import_stations(session, CLOCK, CONTEXT, "aksu", table_of(demo.stations)),
        await import_units(session, CLOCK, CONTEXT, "aksu", table_of(demo.units)),
        await import_hospitals(session, CLOCK, CONTEXT, "aksu", table_of(demo.hospitals)),
        await import_places(session, CLOCK, CONTEXT, "aksu", table_of(demo.places)),
        await import_zones(session, CLOCK, CONTEXT, "aksu", json.dumps(demo.zones)),
    ]
    for report in reports:
        assert (report.errors, report.warnings) == ((), ()), report.kind
        assert report.counts.added == report.rows > 0
    assert [report.data_version for report in reports] == [1, 2, 3, 4, 5]
