"""Teams called for a patient, by name: activated, together, ended; their clocks stopped. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.service_patients import lock_patient
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.receiving.events_teams import (
    TeamActivated,
    TeamArrived,
    TeamClockResumed,
    TeamClockStopped,
    TeamEnded,
)
from dispatch.receiving.queries_teams import find_active_team, get_team, list_stops
from dispatch.receiving.rules_emergency import check_clock, in_force
from dispatch.receiving.states_emergency import Centre, Ending
from dispatch.receiving.tables_teams import TeamActivation, TeamStop


async def activate_team(
    act: Act, patient_id: UUID, hospital_id: UUID, centre: Centre, told: Told | None = None
) -> TeamActivation:
    """Call a centre's team for a patient. Called twice at once it is one: who was first counts.

    Raises NotFound (`patient.not_found`), Invalid (`time.*`).
    """
    async with act.together():
        patient, _ = await lock_patient(act, patient_id)
        known = await find_active_team(act.session, patient_id, hospital_id, centre)
        if known is not None:
            return known
        when = act.moment(told)
        row = TeamActivation(
            id=act.new_id(), patient_id=patient_id, hospital_id=hospital_id, centre=centre,
            activated_at=when.occurred_at, activated_by=act.actor, entered_at=when.entered_at, arrived_at=None,
            arrived_by=None, ended_at=None, ended_by=None, ending=None,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            TeamActivated(
                patient_id=patient_id, incident_id=patient.incident_id, team_id=row.id, hospital_id=hospital_id,
                centre=centre, at=row.activated_at,
            ),
            when,
        )  # fmt: skip
        return row


async def arrive_team(act: Act, team_id: UUID, told: Told | None = None) -> TeamActivation:
    """The team is together; told twice it is kept once. Raises NotFound, Conflict (`team.ended`), Invalid."""
    async with act.together():
        row = await _active(act, team_id)
        if row.arrived_at is not None:
            return row
        when = act.moment(told)
        _in_order(when.occurred_at, row.activated_at)
        row.arrived_at, row.arrived_by = when.occurred_at, act.actor
        await act.session.flush()
        patient = await get_patient(act.session, act.region, row.patient_id)
        act.tell(
            TeamArrived(
                patient_id=patient.id, incident_id=patient.incident_id, team_id=row.id, hospital_id=row.hospital_id,
                centre=Centre(row.centre), at=row.arrived_at,
            ),
            when,
        )  # fmt: skip
        return row


async def end_team(act: Act, team_id: UUID, ending: Ending, told: Told | None = None) -> TeamActivation:
    """Stand a team down, or cancel its activation. Raises NotFound, Conflict (`team.ended`), Invalid (`time.*`)."""
    async with act.together():
        row = await _active(act, team_id)
        when = act.moment(told)
        _in_order(when.occurred_at, row.activated_at)
        row.ended_at, row.ended_by, row.ending = when.occurred_at, act.actor, ending
        await act.session.flush()
        patient = await get_patient(act.session, act.region, row.patient_id)
        act.tell(
            TeamEnded(
                patient_id=patient.id, incident_id=patient.incident_id, team_id=row.id, hospital_id=row.hospital_id,
                centre=Centre(row.centre), ending=ending, at=row.ended_at,
            ),
            when,
        )  # fmt: skip
        return row


async def stop_clock(act: Act, team_id: UUID, clock: str, told: Told | None = None) -> TeamStop:
    """The event that stops a clock has been; told twice it is kept once, as it was first told.

    After the team was stood down it may be told still. Raises NotFound (`team.not_found`), Conflict
    (`team.cancelled`), Invalid (`team.clock`, `time.*`).
    """
    async with act.together():
        row = await get_team(act.session, act.region, team_id, lock=True)
        if row.ending == Ending.CANCELLED:
            raise Conflict("team.cancelled", "This activation was cancelled: its clocks count for nothing.")
        check_clock(in_force(act.session.info), Centre(row.centre), clock)
        known = await _stopped(act, team_id, clock)
        if known is not None:
            return known
        when = act.moment(told)
        stop = TeamStop(
            id=act.new_id(), activation_id=team_id, clock=clock, at=when.occurred_at, entered_at=when.entered_at,
            actor=act.actor, withdrawn_at=None, withdrawn_by=None,
        )  # fmt: skip
        act.session.add(stop)
        await act.session.flush()
        patient = await get_patient(act.session, act.region, row.patient_id)
        act.tell(
            TeamClockStopped(
                patient_id=patient.id, incident_id=patient.incident_id, team_id=team_id, hospital_id=row.hospital_id,
                clock=clock, stop_id=stop.id, at=stop.at,
            ),
            when,
        )  # fmt: skip
        return stop


async def resume_clock(act: Act, team_id: UUID, clock: str) -> None:
    """What stopped a clock was told by mistake. Raises NotFound (`team.not_found`), Conflict (`team.runs`)."""
    async with act.together():
        row = await get_team(act.session, act.region, team_id, lock=True)
        known = await _stopped(act, team_id, clock)
        if known is None:
            raise Conflict("team.runs", "This clock was not stopped.")
        known.withdrawn_at, known.withdrawn_by = act.clock.now(), act.actor
        await act.session.flush()
        patient = await get_patient(act.session, act.region, row.patient_id)
        act.tell(
            TeamClockResumed(
                patient_id=patient.id, incident_id=patient.incident_id, team_id=team_id, hospital_id=row.hospital_id,
                clock=clock, stop_id=known.id,
            )
        )  # fmt: skip


async def _active(act: Act, team_id: UUID) -> TeamActivation:
    row = await get_team(act.session, act.region, team_id, lock=True)
    if row.ended_at is not None:
        raise Conflict("team.ended", "This team was stood down, or its activation cancelled.")
    return row


async def _stopped(act: Act, team_id: UUID, clock: str) -> TeamStop | None:
    stops = await list_stops(act.session, [team_id])
    return next((one for one in stops.get(team_id, ()) if one.clock == clock), None)


def _in_order(at: datetime, activated_at: datetime) -> None:
    if at < activated_at:
        raise Invalid("time.order", "That was before the team was activated.")
