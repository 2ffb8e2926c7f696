"""A whole run copied from paper, after it was over. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.dispatching.events import RunEntered
from dispatch.dispatching.queries import get_assignment, list_of_unit
from dispatch.dispatching.rules_paper import ENDS, THERE, PastTimes, past_times
from dispatch.dispatching.service_runs import give_back, lock_run, offer_freed, set_status
from dispatch.dispatching.service_times import add_time
from dispatch.dispatching.states import TOLD, AssignmentState, EndReason, Point
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act, claim_key
from dispatch.incidents.service_care import CareGiven, begin_care, end_care
from dispatch.incidents.service_patients import add_patient, set_patient_outcome
from dispatch.incidents.service_progress import mark_dispatched, mark_on_scene
from dispatch.incidents.states import Source as TimeSource
from dispatch.incidents.states_incidents import ACTIVE, IncidentState, Priority
from dispatch.incidents.states_patients import Care, PatientOutcome, PersonalKind, Sex
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.events import Event, Late
from dispatch.units.queries_duty import find_status, list_runs, standing_of
from dispatch.units.rules_duty import as_utc, in_force
from dispatch.units.rules_status import Standing
from dispatch.units.service_duty import true_time
from dispatch.units.service_past import keep_past
from dispatch.units.service_status import StatusReport
from dispatch.units.states_crew import RunState
from dispatch.units.states_duty import FREE, TRANSITIONS, Source, UnitStatus
from dispatch.units.tables import Unit

_PAPER: Final = Source.PAPER


@dataclass(frozen=True, slots=True)
class PaperPatient:
    """Somebody whom the unit found, with what came of them as far as the paper says. found_at None: when it arrived."""

    names: tuple[tuple[PersonalKind, str], ...] = ()
    sex: Sex = Sex.UNKNOWN
    age_years: int | None = None
    outcome: OutcomeGiven | None = None
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaperRun:
    """A run as it stands on paper: T3 and T11 at least, how it ended, and whom it found."""

    unit_id: UUID
    times: tuple[tuple[Point, datetime], ...]
    ended: EndReason = EndReason.COMPLETED
    patients: tuple[PaperPatient, ...] = ()


async def enter_run(act: Act, incident_id: UUID, run: PaperRun, *, key: str | None = None) -> Assignment:
    """Enter a run that is over, with its true times, its patients and their outcomes; all of it or nothing.

    It may not overlap any other run of the unit. Where the unit's present status is older than the run, it follows the
    run; where it is newer, it stays. Who was free, staffed or lent then is not asked: it has happened. The same key
    with the same body gives the same run.

    Raises:
        NotFound: `incident.not_found`, `unit.not_found`. Conflict: `incident.over` (cancelled), `assignment.overlap`
            with what the unit had, `request.key_reused`.
        Invalid: `assignment.times`, `assignment.end`, `time.*`, and as `add_patient`.
    """
    if run.ended not in ENDS:
        raise Invalid("assignment.end", f"A run on paper ends as one of: {', '.join(sorted(ENDS))}.")
    async with act.together():
        made = act.new_id()
        if key is not None and (known := await claim_key(act, "paper_run", key, (incident_id, run), made)) != made:
            return await get_assignment(act.session, act.region, known)
        unit, active = await lock_run(act, run.unit_id, incident_id)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        if incident.state == IncidentState.CANCELLED:
            raise Conflict("incident.over", f"{incident.number} is cancelled.")
        now = act.clock.now()
        told = [
            (point, true_time(as_utc(at), now, in_force(act.session.info).clock_tolerance_s)) for point, at in run.times
        ]
        times = past_times(told, incident.t0, now)
        act.moment(Told(times.begins_at, TimeSource.PAPER))
        await _alone(act, unit, times)
        standing = standing_of(await find_status(act.session, unit.id))
        follows = active is None and _follows(standing, times)
        row = _row(act, made, incident, unit, run, times, standing.status if follows else UnitStatus.UNKNOWN)
        act.session.add(row)
        await act.session.flush()
        _tell(act, row, incident)
        await _statuses(act, unit, row, times, follows=follows)
        for point in sorted(TOLD & times.at.keys()):
            await add_time(act, row, point, times.at[point], _PAPER, device_at=times.at[point])
        await _incident_follows(act, incident, row, times)
        for patient in run.patients:
            await _patient(act, incident, unit, patient, times)
        if follows:
            await offer_freed(act, unit.id)
        return row


async def _alone(act: Act, unit: Unit, times: PastTimes) -> None:
    """Refuse a run beside another one of the same unit, an order or a timed run."""
    others = await list_of_unit(act.session, unit.id, times.begins_at, times.last_at)
    runs = await list_runs(act.session, unit_id=unit.id, from_at=times.begins_at, until_at=times.ended_at)
    timed = [run for run in runs if run.state in (RunState.STARTED, RunState.ENDED)]
    if not others and not timed:
        return
    current: list[dict[str, object]] = []
    for one in others:
        other = await get_incident(act.session, act.region, one.incident_id)
        current.append(
            {
                "assignment_id": str(one.id), "incident_number": other.number, "from": one.assigned_at.isoformat(),
                "until": None if one.ended_at is None else one.ended_at.isoformat(),
            }
        )  # fmt: skip
    current += [
        {"run_id": str(run.id), "kind": run.kind, "from": run.from_at.isoformat(), "until": run.until_at.isoformat()}
        for run in timed
    ]
    raise Conflict(
        "assignment.overlap",
        f"{unit.call_sign} had another run at that time.",
        "Compare the unit and the times on the paper with its other runs.",
        current={"runs": current},
    )


def _follows(standing: Standing, times: PastTimes) -> bool:
    """Whether the run happened after all that is known of the unit, so that its status now is what the run led to."""
    later = standing.since is None or standing.since <= times.begins_at
    return later and UnitStatus.ASSIGNED in TRANSITIONS[standing.status] and standing.run_id is None


def _row(
    act: Act, made: UUID, incident: Incident, unit: Unit, run: PaperRun, times: PastTimes, before: UnitStatus
) -> Assignment:
    hospitals = [one.outcome.destination_id for one in run.patients if one.outcome is not None]
    return Assignment(
        id=made, region=act.region, incident_id=incident.id, unit_id=unit.id, organisation=unit.organisation,
        state=AssignmentState.ENDED, version=1, assigned_at=times.begins_at, entered_at=act.clock.now(), source=_PAPER,
        actor=act.actor, before_run=before, recommendation_id=None, recommended_rank=None, planned_s=None,
        overridden=False, destination_id=next(filter(None, hospitals), None), ended_at=times.ended_at,
        end_reason=run.ended, end_source=_PAPER,
    )  # fmt: skip


def _tell(act: Act, row: Assignment, incident: Incident) -> None:
    entered = RunEntered(
        unit_id=row.unit_id, organisation=row.organisation, assignment_id=row.id, incident_id=incident.id,
        priority=Priority(incident.priority), at=row.assigned_at, ended_at=row.ended_at or row.assigned_at,
        reason=EndReason(row.end_reason or EndReason.COMPLETED), source=_PAPER,
    )  # fmt: skip
    act.tell_all([Late(entered, row.assigned_at, str(_PAPER))])


async def _statuses(act: Act, unit: Unit, row: Assignment, times: PastTimes, *, follows: bool) -> None:
    if follows:
        for status, at in times.statuses:
            run_id = None if status in FREE else row.id
            await set_status(act, unit.id, StatusReport(status, _PAPER, at=at, run_id=run_id), None, unit)
        return
    outbox: list[Event | Late] = []
    await keep_past(
        act.session, act.clock, act.context, unit, times.statuses, run_id=row.id, source=_PAPER, outbox=outbox
    )
    act.tell_all(outbox)


async def _incident_follows(act: Act, incident: Incident, row: Assignment, times: PastTimes) -> None:
    """The incident was dispatched and reached when the paper says so; one that is further along stays."""
    if incident.state not in ACTIVE:
        return
    if incident.state == IncidentState.OPEN:
        await mark_dispatched(act, incident.id, Told(times.begins_at, TimeSource.PAPER))
    there = times.first_of(*THERE)
    if there is not None and incident.state == IncidentState.DISPATCHED:
        await mark_on_scene(act, incident.id, Told(there, TimeSource.PAPER))
    await give_back(act, row, EndReason(row.end_reason or EndReason.COMPLETED), times.left_from)


async def _patient(act: Act, incident: Incident, unit: Unit, patient: PaperPatient, times: PastTimes) -> None:
    found = patient.found_at or times.first_of(Point.T7, Point.T6, Point.T8, Point.T9) or times.ended_at
    left = times.first_of(Point.T10, Point.T9, Point.T11) or times.ended_at
    over, at_once = Told(left, TimeSource.PAPER), incident.state == IncidentState.CLOSED
    made = await add_patient(
        act, incident.id, names=dict(patient.names), sex=patient.sex, age_years=patient.age_years,
        outcome=patient.outcome if at_once else None, told=Told(found, TimeSource.PAPER),
    )  # fmt: skip
    if patient.outcome is None:
        return
    if not at_once:
        await set_patient_outcome(act, made.id, patient.outcome, told=over)
    if patient.outcome.outcome is PatientOutcome.NOT_FOUND or left <= found:
        return
    care = Care.CARRIES if patient.outcome.outcome is PatientOutcome.TRANSPORTED else Care.ATTENDS
    await begin_care(act, made.id, CareGiven(unit.id, care, told=Told(found, TimeSource.PAPER)))
    await end_care(act, made.id, unit.id, care=care, told=over)
