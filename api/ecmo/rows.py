"""Requests as they stand in lists, and what one centre's answer is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from api.ecmo.schemas_case import (
    CalledOut,
    ConditionOut,
    DecisionOut,
    EcmoOfferOut,
    HospitalNameOut,
    RequestRowOut,
)
from api.names import names_of_actors
from dispatch.ecmo.queries_after import list_outcomes, steps_of
from dispatch.ecmo.queries_alerting import list_alerts
from dispatch.ecmo.queries_case import words_of
from dispatch.ecmo.queries_missions import by_mission, list_open_passages
from dispatch.ecmo.queries_requests import (
    list_conditions,
    list_decisions,
    list_hospitals_named,
    list_missions_of,
    list_offers,
)
from dispatch.ecmo.rules_after import Awaited, outcome_awaited
from dispatch.ecmo.rules_alerting import patience_of
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_after import EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_kit import CheckList
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_offers import Decision, DeclineReason, OfferState
from dispatch.ecmo.states_requests import Indication, Origin, RequestState
from dispatch.ecmo.tables_alerting import EcmoAlert
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.states_patients import PersonalKind, Sex
from dispatch.kernel.db import Session

_AWAITED = frozenset({OfferState.ASKED, OfferState.SEEN})


async def rows_out(session: Session, rows: Sequence[EcmoRequest], person_id: UUID | None) -> list[RequestRowOut]:
    """Tell requests in their order. person_id: who asks, for whom it may ring."""
    ids = [row.id for row in rows]
    offers: defaultdict[UUID, list[EcmoOffer]] = defaultdict(list)
    for offer in await list_offers(session, ids):
        offers[offer.request_id].append(offer)
    alerts: defaultdict[UUID, list[EcmoAlert]] = defaultdict(list)
    for alert in await list_alerts(session, [one.id for many in offers.values() for one in many]):
        alerts[alert.offer_id].append(alert)
    hospitals = await list_hospitals_named(session, {row.hospital_id for row in rows if row.hospital_id is not None})
    missions = await list_missions_of(session, ids)
    awaited = await _awaited(session, missions.values())
    passages = by_mission(await list_open_passages(session, [one.id for one in missions.values()]))
    told = []
    for row in rows:
        mission = missions.get(row.id)
        opened = [] if mission is None else passages.get(mission.id, [])
        asked = [one for one in offers[row.id] if one.state == OfferState.ASKED]
        ringing = [alert for one in asked for alert in alerts[one.id] if alert.ended_at is None]
        told.append(
            RequestRowOut(
                id=row.id,
                number=row.number,
                state=RequestState(row.state),
                version=row.version,
                origin=Origin(row.origin),
                organisation=row.organisation,
                hospital=_hospital(hospitals, row.hospital_id),
                incident_id=row.incident_id,
                mode=None if row.mode is None else Mode(row.mode),
                sex=Sex(row.sex),
                age_years=row.age_years,
                indication=None if row.indication is None else Indication(row.indication),
                created_at=row.created_at,
                asked_at=row.asked_at,
                decided_at=row.decided_at,
                ended_at=row.ended_at,
                remind_at=None if row.asked_at is None else row.asked_at + patience_of(row.mode).remind,
                target_at=None if row.asked_at is None else row.asked_at + patience_of(row.mode).target,
                rings_me=any(alert.person_id == person_id for alert in ringing),
                nobody_answers=any(all(alert.escalated_at for alert in alerts[one.id]) for one in asked),
                mission_id=None if mission is None else mission.id,
                mission_state=None if mission is None else MissionState(mission.state),
                mission_incident_id=None if mission is None else mission.incident_id,
                open_gate=CheckList(opened[-1].checklist) if opened else None,
                outcome_awaited=None if row.id not in awaited else awaited[row.id].moment,
                outcome_due_at=None if row.id not in awaited else awaited[row.id].due_at,
            )
        )
    return told


async def _awaited(session: Session, missions: Iterable[EcmoMission]) -> Mapping[UUID, Awaited]:
    """What is to be told of the patients who were handed over, by request."""
    over = {one.id: one for one in missions if one.state == MissionState.HANDED_OVER}
    steps = await steps_of(session, over)
    outcomes: defaultdict[UUID, dict[OutcomeAt, EcmoOutcomeKind]] = defaultdict(dict)
    for told in await list_outcomes(session, over):
        outcomes[told.mission_id][OutcomeAt(told.moment)] = EcmoOutcomeKind(told.outcome)
    handed = {key: next((one.at for one in steps[key] if one.state == MissionState.HANDED_OVER), None) for key in over}
    found = {one.request_id: outcome_awaited(handed[key], outcomes[key]) for key, one in over.items()}
    return {key: one for key, one in found.items() if one is not None}


async def offers_out(session: Session, row: EcmoRequest) -> list[EcmoOfferOut]:
    """Tell what all centres of a request answered, in the order in which they are asked."""
    offers = await list_offers(session, [row.id])
    ids = [one.id for one in offers]
    hospitals = await list_hospitals_named(session, {one.hospital_id for one in offers})
    alerts: defaultdict[UUID, list[EcmoAlert]] = defaultdict(list)
    for alert in await list_alerts(session, ids):
        alerts[alert.offer_id].append(alert)
    called = {alert.person_id for many in alerts.values() for alert in many}
    names = await names_of_actors(
        session,
        [name for one in offers for name in (one.seen_by, one.decided_by, one.bound_by)]
        + [f"person:{one}" for one in called],
    )
    decisions = await decisions_out(session, ids)
    patience = patience_of(row.mode)
    told = []
    for one in offers:
        raised = [alert.raised_at for alert in alerts[one.id] if alert.ended_at is None and alert.escalated_at is None]
        awaited = one.state in _AWAITED and one.asked_at is not None
        told.append(
            EcmoOfferOut(
                id=one.id,
                hospital=hospital_out(hospitals[one.hospital_id]),
                place=one.place,
                state=OfferState(one.state),
                version=one.version,
                asked_at=one.asked_at,
                escalates_at=max(raised) + patience.escalate if raised and one.state == OfferState.ASKED else None,
                due_at=one.asked_at + patience.answer if awaited and one.asked_at is not None else None,
                seen_at=one.seen_at,
                seen_by_name=names.get(one.seen_by or ""),
                decided_at=one.decided_at,
                decided_by_name=names.get(one.decided_by or ""),
                cannulation_at=one.cannulation_at,
                bound_at=one.bound_at,
                bound_by_name=names.get(one.bound_by or ""),
                called=[_called(alert, names) for alert in alerts[one.id]],
                decisions=decisions.get(one.id, []),
            )
        )
    return told


async def decisions_out(session: Session, offer_ids: Sequence[UUID]) -> Mapping[UUID, list[DecisionOut]]:
    """Tell all that was decided on offers, by offer, the oldest first."""
    rows = await list_decisions(session, offer_ids)
    conditions = await list_conditions(session, [one.id for one in rows])
    words = await words_of(session, [*(one.id for one in rows), *(one.id for one in conditions)], PersonalKind.NOTE)
    actors = [*(one.actor for one in rows), *(one.ticked_by for one in conditions)]
    names = await names_of_actors(session, actors)
    told: defaultdict[UUID, list[DecisionOut]] = defaultdict(list)
    for one in rows:
        told[one.offer_id].append(
            DecisionOut(
                id=one.id,
                decision=Decision(one.decision),
                reason=None if one.reason is None else DeclineReason(one.reason),
                words=words.get(one.id),
                cannulation_at=one.cannulation_at,
                at=one.at,
                author_name=names.get(one.actor),
                conditions=[
                    ConditionOut(each.id, words.get(each.id), each.ticked_at, names.get(each.ticked_by or ""))
                    for each in conditions
                    if each.decision_id == one.id
                ],
            )
        )
    return told


def hospital_out(row: Hospital) -> HospitalNameOut:
    """Tell a hospital."""
    return HospitalNameOut(row.id, row.name_zh, row.name_en, row.name_ug, row.organisation, row.is_outside)


def _hospital(hospitals: Mapping[UUID, Hospital], key: UUID | None) -> HospitalNameOut | None:
    return None if key is None else hospital_out(hospitals[key])


def _called(alert: EcmoAlert, names: Mapping[str, str]) -> CalledOut:
    return CalledOut(
        alert.person_id, names.get(f"person:{alert.person_id}"), alert.place, alert.raised_at, alert.seen_at,
        alert.escalated_at, alert.ended_at,
    )  # fmt: skip
