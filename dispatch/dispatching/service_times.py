"""T4 and T10, which no status tells, their corrections, and when a unit will be free. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.dispatching.events import ClearingProjected, TimeTold
from dispatch.dispatching.queries import get_assignment, get_told, list_told
from dispatch.dispatching.states import TOLD, AssignmentState, Point
from dispatch.dispatching.tables import Assignment, AssignmentTime
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.events import Late
from dispatch.units.queries_duty import lock_unit
from dispatch.units.rules_duty import as_utc, in_force, reckon
from dispatch.units.service_duty import true_time
from dispatch.units.states_duty import BY_PERSON, Source
from geo.points import GeoPoint


async def tell_time(
    act: Act,
    assignment_id: UUID,
    point: Point,
    *,
    at: datetime | None = None,
    sent_at: datetime | None = None,
    source: Source = Source.CREW,
) -> AssignmentTime:
    """Acknowledge (T4) or hand over (T10). Saying it again changes nothing; on a run that is over it is kept.

    at, sent_at: by the clock of who says it. Raises NotFound (`assignment.not_found`), Invalid (`assignment.point`,
    `time.*`).
    """
    if point not in TOLD:
        raise Invalid("assignment.point", f"{point} is told by the unit's status.")
    async with act.together():
        assignment = await _locked(act, assignment_id)
        for row in await list_told(act.session, assignment_id):
            if row.point == point:
                return row
        now = act.clock.now()
        if source in BY_PERSON:
            true_at = true_time(at, now, in_force(act.session.info).clock_tolerance_s)
        else:
            true_at = reckon(at, now, sent_at=sent_at, tolerance_s=in_force(act.session.info).clock_tolerance_s).at
        return await add_time(act, assignment, point, true_at, source, device_at=as_utc(at))


async def correct_time(act: Act, time_id: UUID, at: datetime, *, source: Source = Source.DISPATCHER) -> AssignmentTime:
    """Correct T4 or T10; the earlier version stays.

    Raises NotFound (`assignment.time_not_found`), Conflict (`assignment.time_corrected`), Invalid (`time.*`).
    """
    async with act.together():
        seen = await get_told(act.session, time_id)
        assignment = await _locked(act, seen.assignment_id)
        if time_id not in {row.id for row in await list_told(act.session, assignment.id)}:
            raise Conflict("assignment.time_corrected", "This time was corrected already.", "Correct the newer one.")
        true_at = true_time(at, act.clock.now(), in_force(act.session.info).clock_tolerance_s)
        return await add_time(act, assignment, Point(seen.point), true_at, source, corrects=seen.id)


async def project_clearing(
    act: Act,
    assignment_id: UUID,
    clear_at: datetime | None,
    *,
    point: GeoPoint | None = None,
    destination_id: UUID | None = None,
) -> Assignment:
    """Set when and where a unit will be free, and its destination, as far as is known; None takes it back.

    Raises NotFound (`assignment.not_found`), Conflict (`assignment.over`), Invalid (`time.no_zone`, `time.range`).
    """
    async with act.together():
        assignment = await _locked(act, assignment_id)
        if assignment.state != AssignmentState.ACTIVE:
            raise Conflict("assignment.over", "This assignment is over.")
        assignment.clear_at, assignment.destination_id = as_utc(clear_at), destination_id
        assignment.clear_lat, assignment.clear_lon = (point.lat, point.lon) if point is not None else (None, None)
        assignment.version += 1
        await act.session.flush()
        act.tell(
            ClearingProjected(
                assignment_id=assignment.id, unit_id=assignment.unit_id, organisation=assignment.organisation,
                clear_at=assignment.clear_at,
            )
        )  # fmt: skip
        return assignment


async def _locked(act: Act, assignment_id: UUID) -> Assignment:
    seen = await get_assignment(act.session, act.region, assignment_id)
    await lock_unit(act.session, seen.unit_id)
    return await get_assignment(act.session, act.region, assignment_id)


async def add_time(
    act: Act,
    assignment: Assignment,
    point: Point,
    at: datetime,
    source: Source,
    *,
    device_at: datetime | None = None,
    corrects: UUID | None = None,
) -> AssignmentTime:
    """Write T4 or T10 of an assignment whose unit is locked, and its line."""
    row = AssignmentTime(
        id=act.new_id(), assignment_id=assignment.id, point=point, at=at, device_at=device_at,
        entered_at=max(act.clock.now(), at), source=source, actor=act.actor, corrects=corrects,
    )  # fmt: skip
    act.session.add(row)
    await act.session.flush()
    told = TimeTold(
        assignment_id=assignment.id, unit_id=assignment.unit_id, organisation=assignment.organisation,
        time_id=row.id, point=point, at=at, source=source, corrects=corrects,
        kept=assignment.state != AssignmentState.ACTIVE,
    )  # fmt: skip
    act.tell_all([Late(told, at, str(source))])
    return row
