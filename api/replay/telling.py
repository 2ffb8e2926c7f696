"""A past moment told in the rows of the boards."""

from __future__ import annotations

from datetime import datetime, timedelta

from api.fleet.board import row_of
from api.incidents.board import IncidentRow
from api.replay.schemas import PastAssignmentOut, ReplayOut
from dispatch.dispatching.queries_board import BoardRun
from dispatch.dispatching.queries_replay import AssignmentThen, list_assignments_then
from dispatch.incidents.queries_replay import IncidentThen, list_incidents_then
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.db import Session
from dispatch.units.queries_replay import list_units_then
from dispatch.units.states_duty import UnitStatus


async def told_then(session: Session, region: str, at: datetime) -> ReplayOut:
    """The region as it was known at `at`."""
    incidents = await list_incidents_then(session, region, at)
    units = await list_units_then(session, region, at)
    assignments = await list_assignments_then(session, region, at)
    priorities = {one.id: one.course.priority for one in incidents}
    statuses = {unit.id: unit.standing.status for unit in units}
    past = [
        _assignment(one, priorities[one.incident_id], statuses.get(one.unit_id, UnitStatus.UNKNOWN))
        for one in assignments
        # A unit that still had an incident which was over stands with its status alone.
        if one.incident_id in priorities
    ]
    runs = {
        one.unit_id: BoardRun(one.unit_id, one.id, one.incident_id, one.incident_number, one.priority) for one in past
    }
    rows = [row_of(unit, runs.get(unit.id), at) for unit in units]
    return ReplayOut(at, [_incident(one) for one in incidents], rows, past)


def _assignment(one: AssignmentThen, priority: Priority, status: UnitStatus) -> PastAssignmentOut:
    promised = None if one.planned_s is None else one.assigned_at + timedelta(seconds=one.planned_s)
    return PastAssignmentOut(
        id=one.id,
        unit_id=one.unit_id,
        call_sign=one.call_sign,
        organisation=one.organisation,
        incident_id=one.incident_id,
        incident_number=one.incident_number,
        priority=priority,
        assigned_at=one.assigned_at,
        acknowledged_at=one.acknowledged_at,
        status=status,
        planned_s=one.planned_s,
        promised_at=promised,
    )


def _incident(one: IncidentThen) -> IncidentRow:
    course = one.course
    return IncidentRow(
        id=one.id,
        number=course.number,
        state=course.state,
        priority=course.priority,
        initial_priority=course.initial_priority,
        provisional=course.provisional,
        complaint=course.complaint,
        capabilities=course.capabilities,
        people=course.people,
        t0=course.t0,
        t0_source=course.t0_source,
        taken_at=course.taken_at,
        dispatched_at=course.dispatched_at,
        on_scene_at=course.on_scene_at,
        returned_at=course.returned_at,
        closed_at=None,
        cancelled_at=None,
        cancel_reason=None,
        lat=one.lat,
        lon=one.lon,
        direction=one.direction,
        # What is over by now shows its place to the street, as everywhere.
        words=masked(PersonalKind.ADDRESS, one.words) if one.over else (one.words or ""),
        calls=one.calls,
        asked_again=one.asked_again,
        asked_again_at=one.asked_again_at,
        patients=one.patients,
        patients_open=one.patients_open,
        last_note_at=one.last_note_at,
        active=True,
        version=0,
        place_version=one.place_version,
    )
