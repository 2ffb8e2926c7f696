"""What a hospital does for who is brought to it: pre-alerts acknowledged by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, not_allowed, requires
from api.bodies import answer
from api.contract import contract
from api.er.access import Follower, own_hospitals, seen_of
from api.er.schemas_receiving import (
    PREALERT_EXAMPLE,
    RECEIVING_EXAMPLE,
    PrealertOut,
    ReceivingOut,
    patient_handover_out,
    prealert_out,
    preparation_out,
    team_out,
)
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.kernel.db import Session
from dispatch.receiving.events import PatientWithheld
from dispatch.receiving.queries_inbound import list_inbound
from dispatch.receiving.queries_prealerts import get_prealert, list_prealerts
from dispatch.receiving.queries_receptions import list_arrived, witness_names
from dispatch.receiving.queries_teams import list_stops, list_teams
from dispatch.receiving.queries_times import list_patient_times
from dispatch.receiving.rules_emergency import in_force
from dispatch.receiving.service_prealerts import acknowledge_prealert
from dispatch.receiving.service_preparation import list_ticks
from dispatch.receiving.states_emergency import Centre

router = APIRouter()
ACT: Final = "receiving.act"
Receiver = Annotated[Principal, requires(ACT)]
PrealertId = Annotated[UUID, Path(description="The pre-alert's `id`.")]
ENDED_SHOWN: Final = timedelta(minutes=30)


@router.get(
    "/receiving",
    summary="What one's own hospital does for who is brought to it",
    description="Pre-alerts: they sound until somebody of the hospital acknowledges them by name; withdrawn ones of "
    "the last 30 minutes stand beside them. Teams with their clocks, "
    "and who is here and is handed over. Figures need sign-off by a medical director.",
    **contract(ReceivingOut, example=RECEIVING_EXAMPLE),
)
async def receiving(door: DoorkeeperDep, actor: Follower) -> Response:
    """List what goes on."""
    return answer(await receiving_out(door, actor))


async def receiving_out(door: Doorkeeper, actor: Principal) -> ReceivingOut:
    """Read all that goes on at the actor's hospitals."""
    region, now = door.parts.settings.region, door.parts.clock.now()
    async with door.parts.database.read() as session:
        hospitals = (await own_hospitals(session, region, actor)).keys()
        alerts = await list_prealerts(session, hospitals, now - ENDED_SHOWN)
        teams = await list_teams(session, hospitals, now - ENDED_SHOWN)
        stops = await list_stops(session, [team.id for team, _, _ in teams])
        times = await list_patient_times(session, {team.patient_id for team, _, _ in teams})
        by = [one.acknowledged_by for one in alerts]
        by += [who for team, _, _ in teams for who in (team.activated_by, team.arrived_by, team.ended_by)]
        by += [one.actor for held in stops.values() for one in held]
        here = await list_arrived(session, region, hospitals, now - ENDED_SHOWN)
        for told in (one.row for one in here if one.row is not None):
            by += [told.off_by, told.signed_by, told.closed_by, told.witness]
        inbound = await list_inbound(session, region, hospitals)
        ticks = await list_ticks(session, hospitals, {one.patient_id for one in inbound})
        by += [one.actor for ticked in ticks.values() for one in ticked]
        rows = [one.row for one in here if one.row is not None]
        names = await names_of_actors(session, by) | await witness_names(session, rows)
        policy = in_force(session.info)
    return ReceivingOut(
        now,
        [prealert_out(one, names, policy.escalate_s) for one in alerts],
        [
            team_out(
                team, patient, number, policy.clocks_of(Centre(team.centre)), stops.get(team.id, ()),
                times[team.patient_id], names,
            )
            for team, patient, number in teams
        ],
        [patient_handover_out(one, names, policy.wait_s, policy.sign_s) for one in here],
        [
            preparation_out(
                one.patient_id, policy.items_of(one.pathway), ticks.get((one.patient_id, one.hospital_id), ()), names
            )
            for one in inbound
        ],
    )  # fmt: skip


@router.post(
    "/prealerts/{prealert_id}/acknowledgement",
    summary="Acknowledge a pre-alert",
    description="By name, for the hospital to which the patient is brought. Who was first counts: the answer says who "
    "it was. One that was withdrawn cannot be acknowledged any more (409). Somebody of another hospital is refused, "
    "and the journal says so.",
    **contract(PrealertOut, example=PREALERT_EXAMPLE, problems=[404, 409]),
)
async def acknowledged(door: DoorkeeperDep, actor: Receiver, prealert_id: PrealertId) -> Response:
    """Acknowledge."""
    async with acting(door, actor) as act:
        seen = await get_prealert(act.session, act.region, prealert_id)
        hospital_id, patient_id = seen.hospital_id, seen.patient_id
    await must_receive(door, actor, hospital_id, patient_id)
    async with acting(door, actor) as act:
        row = await acknowledge_prealert(act, prealert_id)
        told = await _told(act.session, row.id, act)
    return answer(told)


async def must_receive(door: Doorkeeper, actor: Principal, hospital_id: UUID, patient_id: UUID) -> None:
    """Refuse who is not of this hospital, and leave a line in the journal of the try.

    Raises ProblemError (`permission.refused`), NotFound (`hospital.not_found`, `patient.not_found`).
    """
    async with acting(door, actor) as act:
        hospital = await get_hospital(act.session, act.region, hospital_id)
        if may(actor, ACT, hospital.organisation):
            return
        patient = await get_patient(act.session, act.region, patient_id)
        async with act.together():
            act.tell(
                PatientWithheld(patient_id=patient_id, incident_id=patient.incident_id, organisation=actor.organisation)
            )
    raise not_allowed(ACT)


async def must_bring(door: Doorkeeper, actor: Principal, patient_id: UUID) -> UUID:
    """Return the hospital of the actor to which a patient is brought, or was.

    Raises ProblemError (`permission.refused`) for one that is brought elsewhere, and leaves a line in the journal;
    NotFound (`patient.not_found`).
    """
    async with acting(door, actor) as act:
        seen = await seen_of(act.session, act.region, act.clock.now(), actor, patient_id)
        hospital_id = None
        if seen is not None:
            hospital_id = seen.patient.destination_id if seen.inbound is None else seen.inbound.hospital_id
        if hospital_id is None:
            patient = await get_patient(act.session, act.region, patient_id)
            async with act.together():
                act.tell(
                    PatientWithheld(
                        patient_id=patient_id, incident_id=patient.incident_id, organisation=actor.organisation
                    )
                )
    if hospital_id is None:
        raise not_allowed(ACT)
    await must_receive(door, actor, hospital_id, patient_id)
    return hospital_id


async def _told(session: Session, prealert_id: UUID, act: Act) -> PrealertOut:
    row = await get_prealert(session, act.region, prealert_id)
    names = await names_of_actors(session, [row.acknowledged_by])
    return prealert_out(row, names, in_force(session.info).escalate_s)
