"""How many people live where: bad files change nothing, a good one takes the place of what was known."""

from __future__ import annotations

import pytest
from factories.fleet import CONTEXT, clock, make_region
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.errors import Invalid, NotFound
from dispatch.kernel.findings import Findings, ImportReport
from dispatch.kernel.journal_table import JournalLine
from dispatch.kernel.rows import table_of
from dispatch.kernel.tabular import read_table
from dispatch.roads.queries_people import find_people
from dispatch.roads.rules_people import pack, people_cells, unpack
from dispatch.roads.service_people import import_population
from geo.demo import make_demo

pytestmark = pytest.mark.database
CLOCK = clock()
BOX = (79.0, 40.0, 83.0, 42.0)
GOOD = "lat,lon,people\n41.1680,80.2580,1250\n41.20,80.30,0.5\n41.20,80.31,0\n"


async def _bring(session: AsyncSession, text: str, source: str = "census", *, dry_run: bool = False) -> ImportReport:
    return await import_population(
        session, CLOCK, CONTEXT, "aksu", read_table(text.encode()), source=source, estimate=False, bbox=BOX,
        dry_run=dry_run,
    )  # fmt: skip


async def test_a_file_takes_the_place_of_the_one_before_and_the_same_again_changes_nothing(
    session: AsyncSession,
) -> None:
    await make_region(session)
    assert await find_people(session, "aksu") is None
    assert (await _bring(session, GOOD, dry_run=True)).counts.added == 2
    assert await find_people(session, "aksu") is None
    first = await _bring(session, GOOD)
    assert (first.applied, first.rows, first.counts.added, first.data_version) == (True, 3, 2, 1)
    found = await find_people(session, "aksu")
    assert found is not None
    assert (found.lat.tolist(), found.people.tolist(), found.source) == ([41.168, 41.2], [1250.0, 0.5], "census")
    assert (await _bring(session, GOOD)).counts.unchanged == 2
    again = await _bring(session, "纬度,经度,人口\n41.3,80.1,７\n", source="another")
    assert (again.counts.added, again.counts.removed, again.data_version) == (1, 2, 2)
    lines = (
        await session.scalars(select(JournalLine.payload).where(JournalLine.type == "region.population_imported"))
    ).all()
    assert [(line["cells"], line["people"]) for line in lines] == [(2, 1250), (1, 7)]


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("lat,lon\n41,80\n", "column.missing", 1),
        ("lat,lon,people\n41,80,-5\n", "cell.range", 2),
        ("lat,lon,people\n41,80,2000000\n", "cell.range", 2),
        ("lat,lon,people\n41,80,many\n", "cell.number", 2),
        ("lat,lon,people\n41,80,\n", "cell.missing", 2),
        ("lat,lon,people\n41,80,nan\n", "cell.number", 2),
        ("lat,lon,people\n95,80,5\n", "cell.coordinates", 2),
        ("lat,lon,people\n0,0,5\n", "cell.coordinates", 2),
        ("lat,lon,people,datum\n41,80,5,mars\n", "cell.choice", 2),
        ("lat,lon,people\n41,80,0\n", "population.nobody", 0),
    ],
)
async def test_a_file_with_a_fault_changes_nothing(session: AsyncSession, text: str, code: str, row: int) -> None:
    await make_region(session)
    await _bring(session, GOOD)
    told = await _bring(session, text)
    assert [(one.code, one.row) for one in told.errors] == [(code, row)]
    assert (told.applied, told.data_version) == (False, 1)
    found = await find_people(session, "aksu")
    assert found is not None
    assert len(found.people) == 2


async def test_what_a_person_should_look_at_is_told_and_a_source_must_be_named(session: AsyncSession) -> None:
    await make_region(session)
    told = await _bring(session, "lat,lon,people\n41.1,80.1,3\n41.1,80.1,4\n80.2,41.2,5\n")
    assert [(one.code, one.row) for one in told.warnings] == [("place.twice", 3), ("place.suspect", 4)]
    for source in ("", "  ", "x" * 201):
        with pytest.raises(Invalid, match="source"):
            await _bring(session, GOOD, source=source)
    with pytest.raises(NotFound):
        await import_population(
            session, CLOCK, CONTEXT, "nowhere", read_table(GOOD.encode()), source="x", estimate=True
        )


def test_the_people_of_the_schematic_region_are_those_of_the_census_and_survive_packing() -> None:
    findings = Findings()
    cells = people_cells(table_of(make_demo().people), findings, (78.2, 39.6, 84.2, 42.7))
    assert (findings.error_count, findings.warning_count) == (0, 0)
    lat, lon, people = unpack(pack(cells))
    assert round(float(people.sum())) == 2_714_422 + 328_241
    assert lat.tolist() == pytest.approx([cell["lat"] for cell in cells], abs=1e-7)
    assert lon.tolist() == pytest.approx([cell["lon"] for cell in cells], abs=1e-7)
