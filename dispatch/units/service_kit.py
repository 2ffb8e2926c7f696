"""What kit is on board. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.ids import new_id
from dispatch.units.events_duty import KitChanged
from dispatch.units.queries_crew import list_kit
from dispatch.units.queries_duty import lock_unit
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, CapabilityTable
from dispatch.units.rules_duty import in_force
from dispatch.units.service_duty import clashes, record, true_time
from dispatch.units.states_duty import Source
from dispatch.units.tables_crew import UnitKit

_CLASHES = {"ex_unit_kit_kit": Conflict("kit.times", "It was entered on board for a time that overlaps this one.")}


async def set_kit(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit_id: UUID,
    kit: Collection[str],
    *,
    at: datetime | None = None,
    source: Source = Source.CREW,
    table: CapabilityTable = PROPOSED_CAPABILITIES,
) -> frozenset[str]:
    """Say all that is on board, as checked: what is not named is not there. Returns what changed.

    Raises NotFound (`unit.not_found`), Conflict (`kit.times`), Invalid (`kit.unknown`, `kit.times`, `time.*`).
    """
    wanted = frozenset(kit)
    if unknown := sorted(wanted - set(table.kit)):
        raise Invalid("kit.unknown", f"There is no kit of the code {unknown[0]!r}.", f"Known: {', '.join(table.kit)}.")
    unit = await lock_unit(session, unit_id)
    now = clock.now()
    when = true_time(at, now, in_force(session.info).clock_tolerance_s)
    there = {item.kit: item for item in await list_kit(session, unit.id)}
    stowed, removed = sorted(wanted - set(there)), sorted(set(there) - wanted)
    if not stowed and not removed:
        return frozenset()
    async with clashes(session, _CLASHES):
        for code in removed:
            if when <= there[code].from_at:
                raise Invalid("kit.times", f"{code} came on board later than that.")
            there[code].until_at = when
        session.add_all(
            UnitKit(
                id=new_id(clock), unit_id=unit.id, kit=code, from_at=when, until_at=None, source=str(source),
                actor=str(context.actor), recorded_at=now,
            )
            for code in stowed
        )  # fmt: skip
    told = KitChanged(
        unit_id=unit.id, organisation=unit.organisation, stowed=tuple(stowed), removed=tuple(removed), at=when,
        source=source,
    )  # fmt: skip
    await record(session, clock, context, [told], at=when, source=source)
    return frozenset((*stowed, *removed))
