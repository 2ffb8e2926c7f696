"""From records of units on duty to what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from api.fleet.board import FleetRow, rows
from api.fleet.schemas import CrewDutyOut, NotApplied, StatusEntryOut, StatusToldOut
from api.fleet.schemas_runs import TimedRunOut
from dispatch.accounts.queries import display_names
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.incidents.service import Act
from dispatch.kernel.db import Session
from dispatch.units.service_status import StatusOutcome
from dispatch.units.states_crew import RunKind, RunState, Skill
from dispatch.units.states_duty import Effect, OutReason, Source, UnitStatus
from dispatch.units.tables_crew import CrewDuty
from dispatch.units.tables_duty import UnitRun, UnitStatusEntry


async def unit_now(session: Session, region: str, now: datetime, unit_id: UUID) -> FleetRow:
    """Return the row of a unit that is there."""
    (row,) = await rows(session, region, now, [unit_id])
    return row


async def status_told(act: Act, unit_id: UUID, outcome: StatusOutcome) -> StatusToldOut:
    """Tell what became of a report."""
    refusal = outcome.refusal
    return StatusToldOut(
        effect=outcome.effect,
        entry_id=outcome.entry_id,
        at=outcome.at,
        clock_offset_s=outcome.clock_offset_s,
        refused=None if refusal is None else NotApplied(refusal.code, refusal.message),
        unit=await unit_now(act.session, act.region, act.clock.now(), unit_id),
    )


async def crew_names(session: Session, actor: Principal, duties: Iterable[CrewDuty]) -> dict[UUID, str]:
    """Return the names of these people, for who signs crews on and off; nothing for others."""
    wanted = {duty.person_id for duty in duties}
    return await display_names(session, wanted) if wanted and may(actor, "crews.sign") else {}


def duty_out(duty: CrewDuty, names: Mapping[UUID, str]) -> CrewDutyOut:
    """Tell a duty."""
    return CrewDutyOut(
        id=duty.id,
        unit_id=duty.unit_id,
        person_id=duty.person_id,
        person_name=names.get(duty.person_id),
        skill=Skill(duty.skill),
        seat=duty.seat,
        from_at=duty.from_at,
        until_at=duty.until_at,
        source=Source(duty.source),
        recorded_at=duty.recorded_at,
        corrects=duty.corrects,
        voided_at=duty.voided_at,
    )


def entry_out(row: UnitStatusEntry, names: Mapping[str, str]) -> StatusEntryOut:
    """Tell a status entry, with the names of `names_of_actors`."""
    return StatusEntryOut(
        id=row.id,
        from_status=UnitStatus(row.from_status),
        status=UnitStatus(row.status),
        effect=Effect(row.effect),
        at=row.at,
        device_at=row.device_at,
        received_at=row.received_at,
        clock_offset_s=row.clock_offset_s,
        source=Source(row.source),
        actor=row.actor,
        actor_name=names.get(row.actor),
        run_id=row.run_id,
        reason=OutReason(row.reason) if row.reason else None,
        expected_end_at=row.expected_end_at,
        corrects=row.corrects,
    )


def run_out(run: UnitRun) -> TimedRunOut:
    """Tell a timed run."""
    return TimedRunOut(
        id=run.id,
        unit_id=run.unit_id,
        kind=RunKind(run.kind),
        state=RunState(run.state),
        from_at=run.from_at,
        until_at=run.until_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        place=run.place,
        lat=run.lat,
        lon=run.lon,
        version=run.version,
    )
