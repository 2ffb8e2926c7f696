"""Calls, incidents and orders: what the exchange and the simulated dispatchers do. Nothing here commits."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.rules_candidates import Offer
from dispatch.dispatching.service_assignment import Order as OrderGiven
from dispatch.dispatching.service_assignment import assign, divert
from dispatch.dispatching.service_calling_off import cancel_incident_and_units
from dispatch.dispatching.service_following import begin_timed_run, end_timed_run
from dispatch.dispatching.service_recommendation import arrives_s, recommend_units
from dispatch.dispatching.service_watch import escalate_unacknowledged
from dispatch.incidents.queries_calls import find_waiting_call_back
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import list_care, list_patients
from dispatch.incidents.rules_patients import OutcomeGiven
from dispatch.incidents.service_callbacks import give_up_call_back, record_attempt
from dispatch.incidents.service_calls import Transfer, decide_outcome, transfer_call
from dispatch.incidents.service_care import end_care
from dispatch.incidents.service_exchange import record_exchange_event
from dispatch.incidents.service_incidents import Changes, edit_incident, open_incident
from dispatch.incidents.service_links import link_call
from dispatch.incidents.service_patients import set_patient_outcome
from dispatch.incidents.service_progress import close_incident
from dispatch.incidents.states_calls import Agency, Outcome, Signal
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import Care, PatientOutcome, PatientState
from dispatch.kernel.actor import system
from dispatch.kernel.errors import Conflict
from dispatch.simulation.rules_actions import (
    Answer,
    BeginTour,
    CallBack,
    CancelIncident,
    Close,
    EndTour,
    Link,
    MovePlace,
    Open,
    Order,
    PassOn,
    Recommend,
    Settle,
    SettleLeft,
    Signals,
    Watch,
)
from dispatch.simulation.rules_news import (
    CalledBack,
    CallTaken,
    Choice,
    IncidentMade,
    IncidentOver,
    News,
    Ordered,
    Recommended,
)
from dispatch.simulation.service_stage import Stage
from dispatch.simulation.service_words import exchange_report, incident_of, moved_place
from dispatch.units.service_runs import RunPlan, plan_run
from geo.points import GeoPoint


async def signals(stage: Stage, session: AsyncSession, action: Signals) -> list[News]:
    """The exchange tells of a call."""
    act = stage.act(session, stage.cast.exchange)
    call = await record_exchange_event(act, exchange_report(stage.cast.run, action, stage.clock.now()))
    stage.calls[action.caller.key] = call.id
    return []


async def answer(stage: Stage, session: AsyncSession, action: Answer) -> list[News]:
    """A dispatcher picks up, as the exchange tells."""
    act = stage.act(session, stage.cast.exchange)
    taken = Signals(action.caller, Signal.ANSWERED)
    await record_exchange_event(act, exchange_report(stage.cast.run, taken, stage.clock.now()))
    return [CallTaken(action.caller.key, by_person=False)]


async def settle(stage: Stage, session: AsyncSession, action: Settle) -> list[News]:
    """A call that leads to no incident gets its outcome."""
    await decide_outcome(stage.dispatcher(session, action.key), stage.calls[action.key], action.outcome)
    return []


async def pass_on(stage: Stage, session: AsyncSession, action: PassOn) -> list[News]:
    """A call is passed to the police."""
    act = stage.dispatcher(session, action.key)
    await transfer_call(act, stage.calls[action.key], Transfer(Outcome.PASSED, Agency.POLICE))
    return []


async def call_back(stage: Stage, session: AsyncSession, action: CallBack) -> list[News]:
    """Somebody is called back, or given up; Conflict when nobody waits for it any more."""
    key = action.caller.key
    act = stage.dispatcher(session, key)
    waiting = await find_waiting_call_back(session, stage.calls[key])
    if waiting is None:
        raise Conflict("call_back.transition", "Nobody waits to be called back.")
    if action.met is None:
        await give_up_call_back(act, waiting.id)
    else:
        await record_attempt(act, waiting.id, action.met)
    return [CalledBack(key, action.met)]


async def link(stage: Stage, session: AsyncSession, action: Link) -> list[News]:
    """A further call belongs to an incident."""
    await link_call(stage.dispatcher(session, action.key), stage.calls[action.key], action.incident_id, action.kind)
    return []


async def open_(stage: Stage, session: AsyncSession, action: Open) -> list[News]:
    """The incident of a call is opened."""
    key = action.caller.key
    act = stage.dispatcher(session, key)
    incident = await open_incident(act, incident_of(stage.setting.figures, action.caller, stage.calls[key]))
    stage.openers[incident.id] = key
    return [IncidentMade(key, incident.id, incident.number)]


async def recommend(stage: Stage, session: AsyncSession, action: Recommend) -> list[News]:
    """Whom to send."""
    await stage.write_fixes(session)
    key = stage.openers[action.incident_id]
    party = stage.cast.seat_of(stage.setting.dice, key).party
    row, made = await recommend_units(
        stage.dispatcher(session, key), stage.travel, action.incident_id, requester=party, choosing=stage.choosing
    )
    return [Recommended(action.incident_id, row.id, tuple(_choice(one) for one in made.considered if one.can_go))]


def _choice(offer: Offer) -> Choice:
    return Choice(offer.call_sign, offer.eta_s, diverted=offer.diverted_from is not None)


async def order(stage: Stage, session: AsyncSession, action: Order) -> list[News]:
    """A unit is sent, or sent elsewhere."""
    key = stage.openers[action.incident_id]
    act, party = stage.dispatcher(session, key), stage.cast.seat_of(stage.setting.dice, key).party
    unit_id = stage.unit_id(action.call_sign)
    given = OrderGiven(unit_id, action.recommendation_id, action.reason)
    if action.divert:
        soon_s = await arrives_s(act, stage.travel, unit_id, choosing=stage.choosing)
        made = await divert(act, action.incident_id, given, arrives_s=soon_s, requester=party)
    else:
        made = await assign(act, action.incident_id, given, requester=party)
    incident = await get_incident(session, stage.region, action.incident_id)
    if incident.lat is None or incident.lon is None:
        return stage.heard(act)
    point = GeoPoint(lat=incident.lat, lon=incident.lon)
    ordered = Ordered(
        action.call_sign, made.id, incident.id, incident.number, incident.complaint, Priority(incident.priority), point
    )
    # What the unit left is heard before what it has now.
    return [*stage.heard(act), ordered]


async def close(stage: Stage, session: AsyncSession, action: Close) -> list[News]:
    """An incident all of whose patients have an outcome is closed."""
    await close_incident(stage.dispatcher(session, stage.openers[action.incident_id]), action.incident_id)
    stage.forget(action.incident_id)
    return [IncidentOver(action.incident_id)]


async def settle_left(stage: Stage, session: AsyncSession, action: SettleLeft) -> list[News]:
    """Patients of whom nobody speaks any more were treated, and left, as far as anybody knows."""
    act = stage.dispatcher(session, stage.openers[action.incident_id])
    async with act.together():
        for patient in await list_patients(session, action.incident_id):
            if patient.state != PatientState.OPEN:
                continue
            for care in await list_care(session, patient.id):
                if care.ends_at is None:
                    await end_care(act, patient.id, care.unit_id, care=Care(care.care))
            await set_patient_outcome(act, patient.id, OutcomeGiven(PatientOutcome.TREATED_LEFT))
    return []


async def cancel(stage: Stage, session: AsyncSession, action: CancelIncident) -> list[News]:
    """An incident is cancelled, and its units are called off."""
    act = stage.dispatcher(session, stage.openers[action.incident_id])
    await cancel_incident_and_units(act, action.incident_id, action.reason)
    stage.forget(action.incident_id)
    return [*stage.heard(act), IncidentOver(action.incident_id)]


async def watch(stage: Stage, session: AsyncSession, _action: Watch) -> list[News]:
    """Crews that do not answer are told of."""
    await escalate_unacknowledged(stage.act(session, system("deadlines")))
    return []


async def move_place(stage: Stage, session: AsyncSession, action: MovePlace) -> list[News]:
    """The patients of an incident are somewhere else now: there another unit is to go."""
    act = stage.dispatcher(session, stage.openers[action.incident_id])
    incident = await get_incident(session, stage.region, action.incident_id)
    changes = Changes(moved_place(action))
    await edit_incident(act, action.incident_id, changes, expected_version=incident.version)
    return []


async def begin_tour(stage: Stage, session: AsyncSession, action: BeginTour) -> list[News]:
    """A timed run is planned and begun."""
    act, now = stage.dispatcher(session, action.key), stage.clock.now()
    plan = RunPlan(action.kind, now, action.until, action.words, action.point)
    run = await plan_run(session, stage.clock, act.context, stage.unit_id(action.call_sign), plan)
    await begin_timed_run(act, run.id)
    stage.tours[action.key] = run.id
    return []


async def end_tour(stage: Stage, session: AsyncSession, action: EndTour) -> list[News]:
    """A timed run is over."""
    await end_timed_run(stage.dispatcher(session, action.key), stage.tours.pop(action.key))
    return []
