"""Where a patient is taken: hospitals ranked, one chosen, and what they answer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, must_may, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep
from api.dispatching.choosing import choosing_of
from api.figures import figures_of
from api.incidents.access import must_reach
from api.receiving.alarms import router as alarms
from api.receiving.schemas import (
    RANKING_EXAMPLE,
    AnswerIn,
    ChooseIn,
    DestinationsOut,
    RankIn,
    RankingOut,
    destinations_out,
    ranking_out,
)
from api.receiving.unsigned import router as unsigned
from api.regions.live import Served
from dispatch.accounts.rules_permissions import Principal
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.kernel.db import Session
from dispatch.kernel.errors import NotFound
from dispatch.receiving.queries import list_answers, list_choices
from dispatch.receiving.service import (
    Asked,
    Chosen,
    Roads,
    answer_destination,
    choose_destination,
    rank_destinations,
)
from dispatch.units.queries_fleet import list_duty_units
from geo.points import GeoPoint

router = APIRouter(tags=["destinations"])
router.include_router(alarms)
router.include_router(unsigned)
PatientId = Annotated[UUID, Path(description="The patient's id.")]
Reader = Annotated[Principal, requires("patients.read")]
Writer = Annotated[Principal, requires("patients.write")]
Hospital = Annotated[Principal, requires("hospitals.write")]
_rank, _choose, _answer = Body(RankIn), Body(ChooseIn), Body(AnswerIn)


@router.post(
    "/patients/{patient_id}/destinations/ranking",
    summary="Rank hospitals for a patient",
    description="By road time from where the patient is (the vehicle named, else the scene), by what the pathway "
    "needs, by what hospitals divert or have closed, and by free beds. A centre goes before a nearer hospital that is "
    "none, as far as the pathway allows; what cannot be held on the way goes to the nearest that is open. Nobody is "
    "hidden. Kept with all that was looked at. Figures need sign-off by a medical director. A person decides.",
    **contract(
        RankingOut, body=RankIn, status=201, example=RANKING_EXAMPLE, problems=[404, 409],
        body_examples={"as the complaint says": {}, "an arrest goes on": {"unheld": "arrest"}},
    ),
)  # fmt: skip
async def ranked(
    request: Request, live: LiveDep, door: DoorkeeperDep, actor: Writer, patient_id: PatientId
) -> Response:
    """Rank hospitals."""
    asked = await _rank.of(request)
    served = await live.ask()
    async with acting(door, actor) as act:
        await _must_reach(act.session, act.region, actor, "patients.write", patient_id)
        roads, point = await _seen_from(act, door, served, asked.unit_id)
        row = await rank_destinations(act, roads, patient_id, Asked(asked.pathway, asked.unheld, asked.unit_id, point))
        told = ranking_out(row)
    return answer(told, status=201)


@router.post(
    "/patients/{patient_id}/destinations",
    summary="Choose the hospital for a patient",
    description="One of a ranking; another than the first needs a reason. The vehicle that the ranking was made for "
    "takes it as its destination. The newest choice holds.",
    **contract(
        DestinationsOut, body=ChooseIn, status=201, problems=[404, 409],
        body_examples={
            "the first": {
                "ranking_id": RANKING_EXAMPLE["id"], "hospital_id": RANKING_EXAMPLE["ranked"][0]["hospital_id"]
            }
        },
    ),
)  # fmt: skip
async def chosen(request: Request, door: DoorkeeperDep, actor: Writer, patient_id: PatientId) -> Response:
    """Choose a hospital."""
    asked = await _choose.of(request)
    async with acting(door, actor) as act:
        await _must_reach(act.session, act.region, actor, "patients.write", patient_id)
        await choose_destination(act, patient_id, Chosen(asked.ranking_id, asked.hospital_id, asked.reason))
        told = await _told(act.session, patient_id)
    return answer(told, status=201)


@router.get(
    "/patients/{patient_id}/destinations",
    summary="Where a patient is taken",
    description="All that was chosen, and all that hospitals said, the oldest first.",
    **contract(DestinationsOut, problems=[404]),
)
async def destinations(door: DoorkeeperDep, actor: Reader, patient_id: PatientId) -> Response:
    """Show choices and answers."""
    async with door.parts.database.read() as session:
        await _must_reach(session, door.parts.settings.region, actor, "patients.read", patient_id)
        told = await _told(session, patient_id)
    return answer(told)


@router.post(
    "/patients/{patient_id}/destinations/answers",
    summary="Say for a hospital whether it takes a patient",
    description="Accept; advise another hospital, which binds nobody; or refuse, which stands only by naming another "
    "that has accepted this patient. A hospital's own doctors say it, or the dispatch centre for them.",
    **contract(
        DestinationsOut, body=AnswerIn, status=201, problems=[404, 409],
        body_examples={
            "we take them": {"hospital_id": RANKING_EXAMPLE["ranked"][0]["hospital_id"], "answer": "accepted"}
        },
    ),
)  # fmt: skip
async def answered(request: Request, door: DoorkeeperDep, actor: Hospital, patient_id: PatientId) -> Response:
    """Answer for a hospital."""
    asked = await _answer.of(request)
    async with acting(door, actor) as act:
        hospital = await get_hospital(act.session, act.region, asked.hospital_id)
        must_may(actor, "hospitals.write", hospital.organisation)
        await answer_destination(act, patient_id, hospital.id, asked.answer, asked.other_id)
        told = await _told(act.session, patient_id)
    return answer(told, status=201)


async def _must_reach(session: Session, region: str, actor: Principal, permission: str, patient_id: UUID) -> None:
    patient = await get_patient(session, region, patient_id)
    await must_reach(session, region, actor, permission, patient.incident_id)


async def _seen_from(act: Act, door: Doorkeeper, served: Served, unit_id: UUID | None) -> tuple[Roads, GeoPoint | None]:
    """The roads for the vehicle that brings the patient, and where it is; without one, any vehicle's, and nowhere."""
    engine = served.engine
    if unit_id is None:
        return Roads(engine, engine.network_version, engine.overlay.version, engine.limits), None
    found = await list_duty_units(act.session, act.region, act.clock.now(), ids=[unit_id])
    unit = next((one for one in found), None)
    if unit is None:
        raise NotFound("unit.not_found", "There is no such unit in this region.")
    profile = choosing_of(served, figures_of(door.parts.settings)).profile_of(unit.size)
    point = None if unit.last_place is None else unit.last_place.point
    return Roads(engine, engine.network_version, engine.overlay.version, engine.limits, profile), point


async def _told(session: Session, patient_id: UUID) -> DestinationsOut:
    return destinations_out(await list_choices(session, patient_id), await list_answers(session, patient_id))
