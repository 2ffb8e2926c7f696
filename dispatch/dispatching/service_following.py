"""What crews and dispatchers report of units, and what follows for assignments and incidents. Nothing here commits.

Every change of a unit's status goes through here: only so does an incident never keep a unit that has left it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.rules_assignment import how_ended
from dispatch.dispatching.service_runs import finish, lock_run, offer_freed, set_status
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.rules_times import OLDEST, Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_progress import mark_on_scene
from dispatch.incidents.states import Source as IncidentSource
from dispatch.incidents.states_incidents import IncidentState
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Refused
from dispatch.kernel.events import Event, Late
from dispatch.units.queries_duty import find_status, get_entry, get_run
from dispatch.units.service_runs import end_run, start_run
from dispatch.units.service_status import StatusOutcome, StatusReport, correct_status
from dispatch.units.states_duty import BY_PERSON, FREE, TIMED_RUN, Effect, Source, UnitStatus

_THERE: Final = frozenset((UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT, UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL))
_SOURCES: Final = {
    Source.CREW: IncidentSource.DEVICE,
    Source.AUTO: IncidentSource.AUTO,
    Source.VOICE: IncidentSource.VOICE,
    Source.PAPER: IncidentSource.PAPER,
    Source.DISPATCHER: IncidentSource.MANUAL,
}


async def report_unit_status(
    act: Act,
    unit_id: UUID,
    report: StatusReport,
    *,
    expected_version: int | None = None,
) -> StatusOutcome:
    """Take a report of a unit's status, and let its incident follow: arrival, the end of a run, breakdown, return.

    A report of a run that the unit is on no more is kept with that run and moves nothing. Raises as
    `units.report_status`, and Refused (`assignment.use_assign`, `run.use_start`) for what is an order, not a report.
    """
    if report.status is UnitStatus.ASSIGNED:
        raise Refused("assignment.use_assign", "A unit is assigned to an incident, not by its status.")
    if report.status in TIMED_RUN and report.source in BY_PERSON:
        raise Refused("run.use_start", "A stand-by or a planned transfer begins by its run.", "Plan it, then begin it.")
    async with act.together():
        unit, active = await lock_run(act, unit_id)
        outcome = await set_status(act, unit_id, report, expected_version, unit)
        if outcome.effect is Effect.APPLIED:
            await _follow(act, unit_id, active, outcome, report.source)
        return outcome


async def correct_unit_status(
    act: Act,
    entry_id: UUID,
    *,
    at: datetime | None = None,
    status: UnitStatus | None = None,
    source: Source = Source.DISPATCHER,
) -> StatusOutcome:
    """Correct the time or the status of an entry (T3 to T9, T11, T12); where it stands now, its incident follows.

    Raises as `units.correct_status`.
    """
    async with act.together():
        unit_id = (await get_entry(act.session, entry_id)).unit_id
        _, active = await lock_run(act, unit_id)
        row = await find_status(act.session, unit_id)
        version = row.version if row is not None else 0
        outbox: list[Event | Late] = []
        outcome = await correct_status(
            act.session, act.clock, act.context, entry_id, at=at, status=status, source=source, outbox=outbox
        )
        act.tell_all(outbox)
        if outcome.version != version:
            await _follow(act, unit_id, active, outcome, source)
        return outcome


async def begin_timed_run(
    act: Act, run_id: UUID, *, at: datetime | None = None, source: Source = Source.DISPATCHER
) -> StatusOutcome:
    """Begin a stand-by or a planned transfer. Raises as `units.start_run`."""
    return await _timed(act, run_id, source, lambda: start_run(*_of(act), run_id, at=at, source=source))


async def end_timed_run(
    act: Act,
    run_id: UUID,
    *,
    at: datetime | None = None,
    status: UnitStatus = UnitStatus.RETURNING_AVAILABLE,
    source: Source = Source.DISPATCHER,
) -> StatusOutcome:
    """End one; a unit that is free by it is offered to what waits. Raises as `units.end_run`."""
    return await _timed(act, run_id, source, lambda: end_run(*_of(act), run_id, at=at, status=status, source=source))


async def _timed(act: Act, run_id: UUID, source: Source, step: Callable[[], Awaitable[StatusOutcome]]) -> StatusOutcome:
    async with act.together():
        unit_id = (await get_run(act.session, run_id)).unit_id
        _, active = await lock_run(act, unit_id)
        outcome = await step()
        await _follow(act, unit_id, active, outcome, source)
        return outcome


def _of(act: Act) -> tuple[AsyncSession, Clock, Context]:
    return act.session, act.clock, act.context


async def _follow(
    act: Act,
    unit_id: UUID,
    active: Assignment | None,
    outcome: StatusOutcome,
    source: Source,
) -> None:
    before, after = outcome.before, outcome.standing.status
    if active is not None:
        if after in _THERE and outcome.standing.run_id == active.id:
            await _arrived(act, active.incident_id, outcome.at, source)
        ended = how_ended(before.status, after)
        if ended is not None:
            await finish(act, active, ended, outcome.at, before.status, source)
    if after in FREE and before.status not in FREE:
        await offer_freed(act, unit_id)


async def _arrived(act: Act, incident_id: UUID, at: datetime, source: Source) -> None:
    incident = await get_incident(act.session, act.region, incident_id)
    if incident.state != IncidentState.DISPATCHED:
        return
    # Nobody loses a report because its clock is a year behind.
    at = max(at, act.clock.now() - OLDEST)
    await mark_on_scene(act, incident_id, Told(at, _SOURCES[source]))
