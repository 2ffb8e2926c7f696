"""Small regions with invented people and vehicles, for tests of the domain."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context, system
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.rows import Table
from dispatch.kernel.tabular import read_table
from dispatch.roads.service import create_region
from dispatch.roads.tables import Region

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

STATION = {
    "id": "ST-1",
    "name_zh": "示例急救站",
    "organisation": "示例医院",
    "system": "地方",
    "lat": "41.168",
    "lon": "80.258",
}
UNIT = {
    "call_sign": "示例-01",
    "type": "抢救监护型",
    "organisation": "示例医院",
    "system": "地方",
    "station": "ST-1",
    "capabilities": "B;A",
}
HOSPITAL = {
    **STATION,
    "id": "H-1",
    "name_zh": "示例医院",
    "level": "三级甲等",
    "capabilities": "急诊;ecmo",
    "beds": "800",
}
PLACE = {
    "id": "PL-1",
    "name_zh": "示例团5连",
    "kind": "company",
    "lat": "40.638",
    "lon": "81.256",
    "aliases": "五连;示例五连",
}


def csv_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Write rows as a CSV with the columns of the first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def table(*rows: Mapping[str, str]) -> Table:
    """Make a table as if a file with these rows had been read."""
    return read_table(csv_text(rows).encode())


def clock() -> ManualClock:
    """A clock that stands at `START`."""
    return ManualClock(START)


CONTEXT = Context.begin(clock(), system("test"))
"""What a test does by itself."""


async def make_region(session: AsyncSession, name: str = "aksu") -> Region:
    """A region without network."""
    return await create_region(session, clock(), CONTEXT, name=name, name_zh="示例", name_en="Example", schematic=True)
