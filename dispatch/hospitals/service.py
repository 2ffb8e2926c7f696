"""What is done to hospitals. Nothing here commits."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.hospitals.events import HospitalsImported
from dispatch.hospitals.rules_columns import hospital_records
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.actor import Context
from dispatch.kernel.cells import Bbox
from dispatch.kernel.clock import Clock
from dispatch.kernel.findings import MAX_LISTED, Findings, ImportReport
from dispatch.kernel.rows import Table
from dispatch.roads.service_import import Records, import_records


async def import_hospitals(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    table: Table,
    *,
    bbox: Bbox | None = None,
    dry_run: bool = False,
    replace: bool = False,
    max_listed: int = MAX_LISTED,
) -> ImportReport:
    """Bring the region's hospitals to what `hospitals.csv` says; all or nothing.

    A row with a known id changes that hospital in the columns that the file has. `replace` removes hospitals that it
    leaves out. `bbox` is the region's, for warnings. Errors are in the report. Raises NotFound (`region.not_found`).
    """
    findings = Findings(max_listed)
    records = await asyncio.to_thread(hospital_records, table, findings, bbox)
    wanted = Records("hospitals", Hospital, "code", len(table.rows), records, HospitalsImported)
    return await import_records(session, clock, context, region, wanted, findings, dry_run=dry_run, replace=replace)
