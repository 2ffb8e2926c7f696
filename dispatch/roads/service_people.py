"""The people of a region brought in from a file. Nothing here commits."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.cells import Bbox
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.findings import MAX_LISTED, Counts, Findings, ImportReport, report
from dispatch.kernel.journal import append
from dispatch.kernel.rows import Table
from dispatch.kernel.texts import text_fault
from dispatch.roads.events import PopulationImported
from dispatch.roads.queries import lock_region
from dispatch.roads.queries_people import find_population
from dispatch.roads.rules_people import pack, people_cells
from dispatch.roads.tables_people import Population

_LONGEST: Final = 200


async def import_population(  # noqa: PLR0913 - each by its name
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    table: Table,
    *,
    source: str,
    estimate: bool,
    bbox: Bbox | None = None,
    dry_run: bool = False,
    max_listed: int = MAX_LISTED,
) -> ImportReport:
    """Put a file of cells in place of what was known of a region's people; with any fault nothing changes.

    source: where the figures are from, as every answer repeats it. The same file again changes nothing.
    Raises NotFound (`region.not_found`), Invalid (`region.population_source`).
    """
    fault = text_fault(source, _LONGEST)
    if fault or not source.strip():
        told = fault[1] if fault else "it is empty"
        raise Invalid("region.population_source", f"The source cannot be kept: {told}.", "Name it in short.")
    findings = Findings(max_listed)
    cells = await asyncio.to_thread(people_cells, table, findings, bbox)
    locked = await lock_region(session, region)
    counts = Counts()
    if not findings.error_count:
        content = await asyncio.to_thread(pack, cells)
        known = await find_population(session, region)
        values: dict[str, Any] = {
            "source": source.strip(), "estimate": estimate, "cells": len(cells),
            "people": float(sum(cell["people"] for cell in cells)), "digest": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
        same = known is not None and all(getattr(known, name) == value for name, value in values.items())
        counts = Counts(unchanged=len(cells)) if same else Counts(added=len(cells), removed=known.cells if known else 0)
        if not same and not dry_run:
            values |= {"content": content, "imported_at": clock.now()}
            if known is None:
                session.add(Population(region=region, **values))
            else:
                for name, value in values.items():
                    setattr(known, name, value)
            locked.data_version += 1
            await session.flush()
            made = PopulationImported(
                region=region, data_version=locked.data_version, cells=len(cells), people=round(values["people"]),
                estimate=estimate, digest=values["digest"],
            )  # fmt: skip
            await append(session, clock, context, [made])
    return report("population", len(table.rows), findings, counts, dry_run=dry_run, data_version=locked.data_version)
