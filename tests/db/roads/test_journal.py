"""What is done to a region leaves its lines in the journal, in the same transaction, without a free word."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from factories.fleet import CONTEXT, HOSPITAL, PLACE, STATION, UNIT, clock, make_region, table
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import list_lines
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.journal_table import JournalLine
from dispatch.roads import service
from dispatch.roads.rules import ClosureDraft
from dispatch.units.service import import_stations, import_units

pytestmark = pytest.mark.database

CLOCK = clock()
SHA = "a" * 64


async def lines(session: AsyncSession) -> Sequence[JournalLine]:
    return await list_lines(session)


async def test_a_region_a_network_a_closure_and_its_lifting(session: AsyncSession) -> None:
    await make_region(session)
    await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="1", sha256=SHA)
    draft = ClosureDraft(reason="王某某家门口", author="示例值班长", edges=(4, 5), network_version=1)
    row = await service.add_closure(session, CLOCK, CONTEXT, "aksu", draft)
    await service.lift_closure(session, CLOCK, CONTEXT, "aksu", row.id, "示例值班长")
    await service.add_closure(session, CLOCK, CONTEXT, "aksu", draft)
    await service.adopt_network(session, CLOCK, CONTEXT, "aksu", file="2", sha256="b" * 64)
    told = await lines(session)
    assert [line.type for line in told] == [
        "region.created", "region.network_adopted", "closure.added", "closure.lifted", "closure.added",
        "region.network_adopted",
    ]  # fmt: skip
    assert {line.actor for line in told} == {"system:test"}
    assert {line.context_id for line in told} == {CONTEXT.id}
    assert (told[2].subject, told[2].payload["kind"], told[2].payload["edges"]) == (str(row.id), "edges", 2)
    assert told[3].payload == {"closure_id": str(row.id), "region": "aksu", "overlay_version": 2}
    assert len(told[5].payload["stale_closures"]) == 1
    written = json.dumps([line.payload for line in told], ensure_ascii=False)
    assert "王某某" not in written
    assert "值班长" not in written


async def test_imports_leave_counts_and_only_where_something_changed(session: AsyncSession) -> None:
    await make_region(session)
    for _ in range(2):
        await import_stations(session, CLOCK, CONTEXT, "aksu", table(STATION))
        await import_units(session, CLOCK, CONTEXT, "aksu", table(UNIT))
        await import_hospitals(session, CLOCK, CONTEXT, "aksu", table(HOSPITAL))
        await service.import_places(session, CLOCK, CONTEXT, "aksu", table(PLACE))
    await import_units(session, CLOCK, CONTEXT, "aksu", table(UNIT | {"plate": "x"}), dry_run=True)
    told = (await lines(session))[1:]
    assert [line.type for line in told] == [
        "region.stations_imported", "region.unit_changed", "region.units_imported", "region.hospitals_imported",
        "region.places_imported",
    ]  # fmt: skip
    assert told[2].payload == {
        "region": "aksu", "data_version": 2, "rows": 1, "added": 1, "updated": 0, "removed": 0,
    }  # fmt: skip


async def test_what_is_refused_leaves_no_line(session: AsyncSession) -> None:
    await make_region(session)
    report = await import_units(session, CLOCK, CONTEXT, "aksu", table(UNIT))
    assert not report.ok
    assert len(await lines(session)) == 1
