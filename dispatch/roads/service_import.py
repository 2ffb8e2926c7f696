"""One import of one kind of record into one region, whatever the kind; used by the features that stand in a region."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.db import Base
from dispatch.kernel.events import Event
from dispatch.kernel.findings import Counts, Findings, ImportReport, report
from dispatch.kernel.journal import MAX_EVENTS, append
from dispatch.kernel.upsert import Values, carry_out, plan, present_rows
from dispatch.roads.queries import lock_region


@dataclass(frozen=True, slots=True)
class Records:
    """What a file wants: the kind, how many rows it has, and the records made of them by `key`.

    `told` makes the event of its journal line. `refuse_removal` is asked with the ids that would be removed, and notes
    what still needs them. `changes` makes events of all the region's rows before and after, told before that line.
    """

    kind: str
    table: type[Base]
    key: str
    rows: int
    wanted: Sequence[dict[str, Any]]
    told: Callable[..., Event]
    refuse_removal: Callable[[Sequence[UUID]], Awaitable[None]] | None = None
    changes: Callable[[Sequence[Values], Sequence[Values]], Sequence[Event]] | None = None


async def import_records(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    region: str,
    records: Records,
    findings: Findings,
    *,
    dry_run: bool,
    replace: bool,
) -> ImportReport:
    """Write the records and raise the region's data version, unless nothing differs; with any fault write nothing.

    The session must be able to write, even on a dry run.

    Raises:
        NotFound: `region.not_found`. Conflict: `import.in_use`.
    """
    locked = await lock_region(session, region)
    counts = Counts()
    there: Sequence[Values] = ()
    if not findings.error_count:
        there = await present_rows(session, records.table, region)
        planned = plan(there, records.wanted, key=records.key, replace=replace)
        if records.refuse_removal is not None and planned.removed:
            await records.refuse_removal(planned.removed)
        if not findings.error_count:
            await carry_out(session, clock, records.table, region, planned, dry_run=dry_run)
            counts = planned.counts
    if counts.changed and not dry_run:
        locked.data_version += 1
        made = records.told(
            region=region,
            data_version=locked.data_version,
            rows=records.rows,
            added=counts.added,
            updated=counts.updated,
            removed=counts.removed,
        )
        now = () if records.changes is None else await present_rows(session, records.table, region)
        each = () if records.changes is None else records.changes(there, now)
        for begin in range(0, len(each), MAX_EVENTS):
            await append(session, clock, context, each[begin : begin + MAX_EVENTS])
        await append(session, clock, context, [made])
    return report(records.kind, records.rows, findings, counts, dry_run=dry_run, data_version=locked.data_version)
