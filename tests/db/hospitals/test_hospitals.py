"""Hospitals imported into a real PostgreSQL."""

from __future__ import annotations

import pytest
from factories.fleet import CONTEXT, HOSPITAL, clock, make_region, table
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.queries import list_hospitals
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.findings import Counts
from dispatch.kernel.ids import new_id

pytestmark = pytest.mark.database

CLOCK = clock()


async def test_hospitals_are_kept_changed_and_removed(session: AsyncSession) -> None:
    await make_region(session)
    first = await import_hospitals(
        session, CLOCK, CONTEXT, "aksu", table(HOSPITAL, HOSPITAL | {"id": "H-2", "beds": ""})
    )
    assert (first.kind, first.counts, first.data_version) == ("hospitals", Counts(added=2), 1)
    second = await import_hospitals(session, CLOCK, CONTEXT, "aksu", table(HOSPITAL | {"beds": ""}), replace=True)
    assert (second.counts, second.data_version) == (Counts(updated=1, removed=1), 2)
    (hospital,) = await list_hospitals(session, "aksu")
    assert (hospital.code, hospital.level, hospital.capabilities, hospital.beds) == (
        "H-1",
        "3A",
        ["emergency", "ecmo"],
        None,
    )


async def test_an_error_leaves_nothing(session: AsyncSession) -> None:
    await make_region(session)
    bad = HOSPITAL | {"id": "H-2", "lat": "80.258", "lon": "141.168", "beds": "many"}
    report = await import_hospitals(
        session, CLOCK, CONTEXT, "aksu", table(HOSPITAL, bad), bbox=(79.0, 40.0, 84.0, 42.0)
    )
    assert [(error.row, error.column) for error in report.errors] == [(3, "beds")]
    assert [warning.code for warning in report.warnings] == ["place.outside"]
    assert list(await list_hospitals(session, "aksu")) == []


@pytest.mark.parametrize(
    "bad",
    [{"level": "9"}, {"capabilities": ["tea"]}, {"beds": -1}, {"system": ""}, {"lat": -91.0}, {"organisation": ""}],
)
async def test_the_database_has_the_last_word(session: AsyncSession, bad: dict[str, object]) -> None:
    await make_region(session)
    good = {"region": "aksu", "name_zh": "x", "organisation": "x", "system": "civil", "lat": 41.0, "lon": 80.0}
    await session.execute(insert(Hospital).values(id=new_id(CLOCK), code="A", **good))
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            await session.execute(insert(Hospital).values(id=new_id(CLOCK), code="B", **{**good, **bad}))
