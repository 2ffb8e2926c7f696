"""Orders to units: assign, divert, explain. Nothing here commits.

A unit has one assignment: its row is locked first, and the database has a constraint. Who comes second is told who has
the unit (`UnitTaken.current`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from dispatch.dispatching.events import OverrideExplained, UnitAssigned
from dispatch.dispatching.queries import find_active, get_assignment
from dispatch.dispatching.queries_recommendation import get_recommendation, offer_of
from dispatch.dispatching.queries_sharing import get_sharing
from dispatch.dispatching.rules_assignment import UnitTaken
from dispatch.dispatching.rules_policy import PROPOSED, Figures
from dispatch.dispatching.rules_recommendation import bound
from dispatch.dispatching.rules_sharing import Party, withheld
from dispatch.dispatching.service_runs import assignment_state, finish, lock_run, set_status
from dispatch.dispatching.states import AssignmentState, EndReason, OverrideReason
from dispatch.dispatching.states_recommendation import EXCLUDED_WORDS, Excluded
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import carried_by
from dispatch.incidents.service import Act, claim_key
from dispatch.incidents.service_notes import add_note
from dispatch.incidents.service_progress import mark_dispatched
from dispatch.incidents.states_incidents import ACTIVE, Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.alone import write_now
from dispatch.kernel.alone_known import know_row
from dispatch.kernel.constraints import broken_by
from dispatch.kernel.errors import Conflict, Invalid, Refused
from dispatch.kernel.events import Late
from dispatch.telemetry.detection.service_watches import set_watch
from dispatch.telemetry.detection.states import Goal
from dispatch.units.queries_duty import lock_unit
from dispatch.units.queries_fleet import DutyUnit, get_duty_unit, list_duty_units
from dispatch.units.rules_duty import in_force
from dispatch.units.service_duty import true_time
from dispatch.units.service_status import StatusReport
from dispatch.units.states_duty import Effect, Source, UnitStatus
from geo.points import GeoPoint


@dataclass(frozen=True, slots=True)
class Order:
    """Which unit is sent, and on what ground.

    recommendation_id: what was shown. reason, words: why another than the first choice; they may follow.
    status_version: of the unit's status that was seen. at, source: for orders given by radio and entered afterwards.
    """

    unit_id: UUID
    recommendation_id: UUID | None = None
    reason: OverrideReason | None = None
    words: str = ""
    status_version: int | None = None
    at: datetime | None = None
    source: Source = Source.DISPATCHER


async def assign(
    act: Act, incident_id: UUID, order: Order, *, requester: Party | None = None, key: str | None = None
) -> Assignment:
    """T3: send a free unit, the first or a further one. The same key with the same body gives the same assignment.

    requester: for whom a unit of another organisation is lent, by the region's rules; None: nothing is kept back.

    Raises:
        NotFound: `incident.not_found`, `unit.not_found`, `recommendation.not_found`.
        UnitTaken: `assignment.unit_taken`, with who has it.
        Conflict: `incident.over`, `unit.status_changed`, `assignment.status_newer`, `assignment.overlap`,
            `request.key_reused`.
        Refused: `assignment.unavailable`, `assignment.not_shared` (unless agreed: reason AGREED_WITH_OWNER).
        Invalid: `assignment.recommendation`, `assignment.words`, `text.*`, `time.*`.
    """
    async with act.together():
        made = act.new_id()
        if key is not None and (known := await claim_key(act, "assignment", key, (incident_id, order), made)) != made:
            return await get_assignment(act.session, act.region, known)
        incident = await _open_incident(act, incident_id)
        await lock_unit(act.session, order.unit_id)
        unit = await _unit(act, order.unit_id)
        if not unit.availability.available:
            await _refuse(act, unit)
        await _check_lent(act, unit, incident, order, requester)
        return await _order(act, made, incident, unit, order)


async def divert(
    act: Act,
    incident_id: UUID,
    order: Order,
    *,
    arrives_s: float | None,
    requester: Party | None = None,
    key: str | None = None,
    figures: Figures = PROPOSED,
) -> Assignment:
    """Send a unit that is on a run to another incident; the one it leaves is at the head of its priority again.

    arrives_s: until it reaches its present scene (`service_recommendation.arrives_s`). Raises as `assign`, and
    Conflict (`assignment.none`, it has nothing), Refused (`assignment.bound`: a patient on board, at a scene, within
    three minutes of one, or nobody knows how near).
    """
    async with act.together():
        made = act.new_id()
        if key is not None and (known := await claim_key(act, "assignment", key, (incident_id, order), made)) != made:
            return await get_assignment(act.session, act.region, known)
        _, active = await lock_run(act, order.unit_id, incident_id)
        incident = await _open_incident(act, incident_id)
        unit = await _unit(act, order.unit_id)
        if active is None:
            raise Conflict("assignment.none", "This unit has no incident to be diverted from.", "Assign it.")
        if active.incident_id == incident_id:
            await _refuse(act, unit)
        on_board = bool(await carried_by(act.session, unit.id))
        held = bound(unit.standing.status, arrives_s, on_board=on_board, figures=figures.ranking)
        if held is not None:
            raise Refused("assignment.bound", f"{unit.call_sign}: {EXCLUDED_WORDS[held].en}.", EXCLUDED_WORDS[held].zh)
        await _check_lent(act, unit, incident, order, requester)
        at = true_time(order.at, act.clock.now(), in_force(act.session.info).clock_tolerance_s)
        await finish(act, active, EndReason.DIVERTED, at, unit.standing.status, order.source)
        return await _order(act, made, incident, unit, order)


async def explain_override(act: Act, assignment_id: UUID, reason: OverrideReason, words: str = "") -> Assignment:
    """Give the reason that was owed; it can be given anew. Words become a note of the incident.

    Raises NotFound (`assignment.not_found`), Conflict (`assignment.not_overridden`), Invalid (`text.*`).
    """
    async with act.together():
        seen = await get_assignment(act.session, act.region, assignment_id)
        await get_incident(act.session, act.region, seen.incident_id, lock=True)
        assignment = await get_assignment(act.session, act.region, assignment_id)
        if not assignment.overridden:
            raise Conflict("assignment.not_overridden", "The first choice was sent: there is nothing to explain.")
        await _explain(act, assignment, reason, words)
        return assignment


async def _open_incident(act: Act, incident_id: UUID) -> Incident:
    incident = await get_incident(act.session, act.region, incident_id, lock=True)
    if incident.state not in ACTIVE:
        raise Conflict("incident.over", f"{incident.number} is {incident.state}.")
    return incident


async def _unit(act: Act, unit_id: UUID) -> DutyUnit:
    """A locked unit as it stands, the clock asked after the lock."""
    return await get_duty_unit(act.session, unit_id, act.clock.now())


async def _refuse(act: Act, unit: DutyUnit) -> None:
    active = await find_active(act.session, unit.id)
    if active is not None:
        other = await get_incident(act.session, act.region, active.incident_id)
        current = {**assignment_state(active), "incident_number": other.number, "priority": other.priority}
        current |= {"actor": active.actor, "call_sign": unit.call_sign, "status": str(unit.standing.status)}
        raise UnitTaken(f"{unit.call_sign} was sent to {other.number} by {active.actor}.", current)
    reasons = ", ".join(str(one.reason) for one in unit.availability.hindrances)
    raise Refused("assignment.unavailable", f"{unit.call_sign} cannot be sent: {reasons}.")


async def _check_lent(act: Act, unit: DutyUnit, incident: Incident, order: Order, requester: Party | None) -> None:
    owner = Party(unit.organisation, unit.system)
    if requester is None or owner.organisation == requester.organisation:
        return
    if order.reason is OverrideReason.AGREED_WITH_OWNER:
        return
    rule = (await get_sharing(act.session, act.region)).policy.rule(owner, requester)
    held = withheld(rule, Priority(incident.priority))
    if held is None and rule.min_kept_per_station and unit.availability.available:
        others = await list_duty_units(act.session, act.region, unit.at)
        free = sum(one.station_id == unit.station_id and one.availability.available for one in others)
        held = Excluded.STATION_MINIMUM if free - 1 < rule.min_kept_per_station else None
    if held is not None:
        raise Refused(
            "assignment.not_shared",
            f"{unit.call_sign}: {EXCLUDED_WORDS[held].en}.",
            "Agree with its organisation, and give that as the reason.",
        )


async def _order(act: Act, made: UUID, incident: Incident, unit: DutyUnit, order: Order) -> Assignment:
    shown = None
    if order.recommendation_id is not None:
        shown = await get_recommendation(act.session, act.region, order.recommendation_id)
        if shown.incident_id != incident.id:
            raise Invalid("assignment.recommendation", "This recommendation was made for another incident.")
    rank, planned_s = offer_of(shown, unit.id) if shown is not None else (None, None)
    overridden = shown is not None and shown.chosen not in (None, unit.id)
    report = StatusReport(UnitStatus.ASSIGNED, order.source, at=order.at, run_id=made)
    outcome = await set_status(act, unit.id, report, order.status_version)
    if outcome.effect is not Effect.APPLIED:
        raise Conflict("assignment.status_newer", f"{unit.call_sign} is {outcome.standing.status} since a later time.")
    at = outcome.at
    assignment = Assignment(
        id=made, region=act.region, incident_id=incident.id, unit_id=unit.id, organisation=unit.organisation,
        state=AssignmentState.ACTIVE, version=1, assigned_at=at, entered_at=act.clock.now(), source=order.source,
        actor=act.actor, before_run=unit.standing.status, recommendation_id=order.recommendation_id,
        recommended_rank=rank, planned_s=planned_s, overridden=overridden,
    )  # fmt: skip
    act.session.add(assignment)
    try:
        await write_now(act.session, Assignment)
    except IntegrityError as error:
        if broken_by(error) == "ex_assignments_unit":
            raise Conflict("assignment.overlap", f"{unit.call_sign} had another incident at that time.") from error
        raise
    know_row(act.session, unit.id, assignment)
    told = UnitAssigned(
        unit_id=unit.id, organisation=unit.organisation, assignment_id=made, incident_id=incident.id,
        priority=Priority(incident.priority), at=at, source=order.source, recommendation_id=order.recommendation_id,
        rank=rank, overridden=overridden, planned_s=planned_s,
    )  # fmt: skip
    act.tell_all([Late(told, at, str(order.source))])
    await mark_dispatched(act, incident.id)
    if incident.lat is not None and incident.lon is not None:
        scene = GeoPoint(lat=incident.lat, lon=incident.lon)
        await set_watch(act, unit.id, made, incident.id, Goal.SCENE, scene, at=at)
    if order.reason is not None:
        await _explain(act, assignment, order.reason, order.words)
    elif order.words:
        raise Invalid("assignment.words", "Words need the code of their reason.")
    return assignment


async def _explain(act: Act, assignment: Assignment, reason: OverrideReason, words: str) -> None:
    note = await add_note(act, assignment.incident_id, words) if words else None
    assignment.override_reason, assignment.override_note_id = reason, note.id if note else None
    assignment.version += 1
    await act.session.flush()
    act.tell(
        OverrideExplained(
            assignment_id=assignment.id,
            incident_id=assignment.incident_id,
            reason=reason,
            note_id=note.id if note else None,
        )
    )
