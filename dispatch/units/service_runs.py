"""Timed runs: stand-by at events and planned transfers. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid, Refused
from dispatch.kernel.events import Event
from dispatch.kernel.ids import new_id
from dispatch.kernel.texts import text_fault
from dispatch.units.events_duty import RunCancelled, RunMoved, RunPlanned, RunStarted
from dispatch.units.queries_duty import find_status, get_run, lock_unit
from dispatch.units.rules_duty import as_utc, in_force
from dispatch.units.service_duty import clashes, record, true_time
from dispatch.units.service_status import StatusOutcome, StatusReport, report_status
from dispatch.units.states_crew import RunKind, RunState
from dispatch.units.states_duty import Effect, Source, UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitRun
from geo.points import GeoPoint

_CLASHES = {"ex_unit_runs_unit": Conflict("run.overlap", "The unit has another timed run in that period.")}
_STATUS = {RunKind.STANDBY: UnitStatus.STANDBY, RunKind.TRANSFER: UnitStatus.TRANSFER}
_MAX_PLACE = 200


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is planned. place: where the event or the pick-up is, in words (never who is carried); point: the same."""

    kind: RunKind
    from_at: datetime
    until_at: datetime
    place: str
    point: GeoPoint | None = None


async def plan_run(session: AsyncSession, clock: Clock, context: Context, unit_id: UUID, plan: RunPlan) -> UnitRun:
    """Plan a timed run. It may lie in the past: entered afterwards.

    Raises NotFound (`unit.not_found`), Conflict (`run.overlap`), Invalid (`run.times`, `run.place`).
    """
    unit = await lock_unit(session, unit_id)
    from_at, until_at = _checked(plan.from_at, plan.until_at)
    fault = text_fault(plan.place, _MAX_PLACE)
    if fault is not None or not plan.place.strip():
        raise Invalid("run.place", f"The place cannot be kept: {fault[1] if fault else 'it is empty'}.")
    run = UnitRun(
        id=new_id(clock), unit_id=unit.id, kind=str(plan.kind), state=str(RunState.PLANNED), from_at=from_at,
        until_at=until_at, place=plan.place, lat=plan.point.lat if plan.point else None,
        lon=plan.point.lon if plan.point else None, version=1,
    )  # fmt: skip
    async with clashes(session, _CLASHES):
        session.add(run)
    told = RunPlanned(
        run_id=run.id, unit_id=unit.id, organisation=unit.organisation, kind=plan.kind, from_at=from_at,
        until_at=until_at,
    )  # fmt: skip
    await _record(session, clock, context, told)
    return run


async def move_run(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    run_id: UUID,
    from_at: datetime,
    until_at: datetime,
    *,
    expected_version: int | None = None,
) -> UnitRun:
    """Give a run other times; of one that has begun only the end can change.

    Raises NotFound (`run.not_found`), Conflict (`run.overlap`, `run.outdated`), Refused (`run.over`, `run.begun`),
    Invalid (`run.times`).
    """
    unit, run = await _locked(session, run_id)
    if expected_version is not None and expected_version != run.version:
        current = {
            "id": str(run.id), "version": run.version, "state": run.state, "from_at": run.from_at.isoformat(),
            "until_at": run.until_at.isoformat(),
        }  # fmt: skip
        raise Conflict("run.outdated", "This run was changed in the meantime.", "Look at it again.", current=current)
    if run.state in (RunState.ENDED, RunState.CANCELLED):
        raise Refused("run.over", f"The run is {run.state}.")
    from_at, until_at = _checked(from_at, until_at)
    if run.state == RunState.STARTED and from_at != run.from_at:
        raise Refused("run.begun", "The run has begun: only its end can change.")
    async with clashes(session, _CLASHES):
        run.from_at, run.until_at, run.version = from_at, until_at, run.version + 1
    status = await find_status(session, unit.id)
    if status is not None and status.run_id == run.id:
        status.expected_end_at = until_at
    told = RunMoved(
        run_id=run.id, unit_id=unit.id, organisation=unit.organisation, from_at=from_at, until_at=until_at
    )  # fmt: skip
    await _record(session, clock, context, told)
    return run


async def start_run(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    run_id: UUID,
    *,
    at: datetime | None = None,
    source: Source = Source.DISPATCHER,
) -> StatusOutcome:
    """Begin a run: the unit's status becomes STANDBY or TRANSFER.

    Raises NotFound (`run.not_found`), Refused (`run.not_planned`), Conflict (`run.overlap`, begun earlier than planned;
    `run.not_begun`, the unit's status is newer than `at`), Invalid (`run.times`) and as `report_status` for a person.
    """
    unit, run = await _locked(session, run_id)
    if run.state != RunState.PLANNED:
        raise Refused("run.not_planned", f"The run is {run.state}.")
    when = true_time(at, clock.now(), in_force(session.info).clock_tolerance_s)
    if when >= run.until_at:
        raise Invalid("run.times", "The run is over by its plan.", "Give it another end first.")
    async with clashes(session, _CLASHES):
        run.state, run.started_at, run.from_at = str(RunState.STARTED), when, min(when, run.from_at)
        run.version += 1
    report = StatusReport(
        _STATUS[RunKind(run.kind)], source, at=when, run_id=run.id, expected_end_at=run.until_at
    )  # fmt: skip
    outcome = await report_status(session, clock, context, unit.id, report, held=unit)
    if outcome.effect != Effect.APPLIED:
        raise Conflict("run.not_begun", f"The unit is {outcome.standing.status} since a later time.")
    await _record(
        session, clock, context, RunStarted(run_id=run.id, unit_id=unit.id, organisation=unit.organisation, at=when)
    )
    return outcome


async def end_run(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    run_id: UUID,
    *,
    at: datetime | None = None,
    status: UnitStatus = UnitStatus.RETURNING_AVAILABLE,
    source: Source = Source.DISPATCHER,
) -> StatusOutcome:
    """End a run that began: the unit's status becomes `status`. Any other change of its status ends the run too.

    Raises NotFound (`run.not_found`), Refused (`run.not_begun`), Conflict (`run.not_ended`), and as `report_status`.
    """
    unit, run = await _locked(session, run_id)
    if run.state != RunState.STARTED:
        raise Refused("run.not_begun", f"The run is {run.state}.")
    outcome = await report_status(session, clock, context, unit.id, StatusReport(status, source, at=at), held=unit)
    if outcome.effect != Effect.APPLIED:
        raise Conflict("run.not_ended", f"The unit is {outcome.standing.status} since a later time.")
    return outcome


async def cancel_run(session: AsyncSession, clock: Clock, context: Context, run_id: UUID) -> UnitRun:
    """Cancel a run that has not begun. Saying it again changes nothing.

    Raises NotFound (`run.not_found`), Refused (`run.begun`).
    """
    unit, run = await _locked(session, run_id)
    if run.state == RunState.CANCELLED:
        return run
    if run.state != RunState.PLANNED:
        raise Refused("run.begun", f"The run is {run.state}: end it.")
    run.state, run.version = str(RunState.CANCELLED), run.version + 1
    await _record(session, clock, context, RunCancelled(run_id=run.id, unit_id=unit.id, organisation=unit.organisation))
    return run


async def _locked(session: AsyncSession, run_id: UUID) -> tuple[Unit, UnitRun]:
    unit = await lock_unit(session, (await get_run(session, run_id)).unit_id)
    return unit, await get_run(session, run_id)


async def _record(session: AsyncSession, clock: Clock, context: Context, event: Event) -> None:
    await record(session, clock, context, [event], at=clock.now(), source=Source.DISPATCHER)


def _checked(from_at: datetime, until_at: datetime) -> tuple[datetime, datetime]:
    begin_at, end_at = as_utc(from_at), as_utc(until_at)
    if begin_at is None or end_at is None or end_at <= begin_at:
        raise Invalid("run.times", "A run ends after it begins.")
    return begin_at, end_at
