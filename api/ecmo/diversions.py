"""A patient on a circuit who is taken elsewhere: hospitals ranked from where he is now, and one chosen by name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.dispatching.looking import LookingDep
from api.ecmo.mission_access import Hand, MissionId, Reader, may_act, may_see, told_mission
from api.ecmo.schemas_diversion import HAVENS_EXAMPLE, DivertIn, HavenOut, HavensOut
from api.ecmo.schemas_missions import MissionOut
from api.regions.live import Served
from dispatch.ecmo.queries_diversion import Whereabouts, havens_now
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.rules_diversion import (
    NEEDS_SIGN_OFF,
    SOURCE,
    VERSION,
    Haven,
    Ranked,
    proposed,
    rank_havens,
)
from dispatch.ecmo.service_diversion import OLD, Diverted, demands_of, divert, havens_of, whereabouts
from dispatch.ecmo.service_gas import expected_of, gas_of
from dispatch.ecmo.states_diversion import Demand
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import PatientState
from dispatch.kernel.errors import NotFound
from dispatch.receiving.service import Asked, Chosen, Roads, choose_destination, rank_destinations
from dispatch.receiving.states import ChoiceReason, Pathway

router = APIRouter(prefix="/ecmo/missions", tags=["ecmo"])
_body = Body(DivertIn)
_OVER = frozenset({PatientState.MERGED, PatientState.SETTLED})


@dataclass(frozen=True, slots=True)
class _Seen:
    mission: EcmoMission
    demands: tuple[Demand, ...]
    there: Whereabouts | None
    havens: list[Haven]


@router.get(
    "/{mission_id}/diversions",
    summary="Where else the patient could be taken",
    description="The region's hospitals by road time from where he is now, and by what speaks for and against each. "
    "Another one is proposed only where something demands it: a high alarm, a grave adverse event, oxygen that does "
    "not reach, a vehicle that stands, a bed that is gone.",
    **contract(HavensOut, example=HAVENS_EXAMPLE, problems=[404]),
)
async def havens(door: DoorkeeperDep, looking: LookingDep, actor: Reader, mission_id: MissionId) -> Response:
    """Rank hospitals."""
    parts = door.parts
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        if not may_see(actor, await concerned_by(session, row)):
            raise NotFound("ecmo_mission.not_found", "There is no such mission in this region.")
    served, _ = await looking.ask()
    seen = await _look(door, served, mission_id)
    now, there = parts.clock.now(), seen.there
    ranked = rank_havens(seen.havens)
    return answer(
        HavensOut(
            now, VERSION, SOURCE, NEEDS_SIGN_OFF, list(seen.demands),
            proposed(ranked, seen.mission.to_hospital_id, seen.demands), None if there is None else there.at,
            there is not None and now - there.at > OLD,
            [_told(one, seen.mission.to_hospital_id, there) for one in ranked],
        )
    )  # fmt: skip


@router.post(
    "/{mission_id}/diversion",
    summary="Take the patient to another hospital",
    description="By name and with a reason, once the circuit runs. What the former hospital held is given up, a bed is "
    "asked for at the new one, arrival and gas are reckoned anew, the vehicle gets the new destination, and both "
    "hospitals are told.",
    **contract(
        MissionOut, body=DivertIn, problems=[404, 409],
        body_examples={
            "he worsens": {"to_hospital_id": "0198c0de-0000-7000-8000-000000000103", "reason": "worsens"}
        },
    ),
)  # fmt: skip
async def diverted(
    request: Request, door: DoorkeeperDep, looking: LookingDep, actor: Hand, mission_id: MissionId
) -> Response:
    """Divert."""
    body = await _body.of(request)
    await may_act(door.parts, actor, mission_id)
    served, _ = await looking.ask()
    seen = await _look(door, served, mission_id)
    seconds = next((one.eta_s for one in seen.havens if one.hospital_id == body.to_hospital_id), None)
    known_at = None if seen.there is None else seen.there.at
    async with acting(door, actor) as act, act.together():
        chosen = await _ranked_for_crew(act, served, seen, body.to_hospital_id)
        await divert(act, mission_id, Diverted(body.to_hospital_id, body.reason, seconds, known_at), body.version)
        if chosen is not None and seen.mission.patient_id is not None:
            await choose_destination(act, seen.mission.patient_id, chosen)
    return await told_mission(door.parts, actor, mission_id)


async def _look(door: Doorkeeper, served: Served, mission_id: UUID) -> _Seen:
    parts = door.parts
    now = parts.clock.now()
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        gas = await gas_of(session, row, now, await expected_of(session, row, now))
        demands = await demands_of(session, row, gas)
        there, found = await whereabouts(session, row, now), await havens_now(session, row, now)
    return _Seen(row, demands, there, await asyncio.to_thread(havens_of, served.engine, found, there, now))


async def _ranked_for_crew(act: Act, served: Served, seen: _Seen, hospital_id: UUID) -> Chosen | None:
    """The choice by which the vehicle of a patient on the way gets its destination; None: there is none to tell."""
    mission, engine = seen.mission, served.engine
    if mission.state != MissionState.RETURNING or mission.unit_id is None or mission.patient_id is None:
        return None
    patient = await get_patient(act.session, act.region, mission.patient_id)
    if patient.state in _OVER or (await get_hospital(act.session, act.region, hospital_id)).is_outside:
        return None
    point = None if seen.there is None else seen.there.point
    roads = Roads(engine, engine.network_version, engine.overlay.version, engine.limits)
    asked = Asked(Pathway.ECMO, None, mission.unit_id, point)
    ranking = await rank_destinations(act, roads, mission.patient_id, asked)
    return Chosen(ranking.id, hospital_id, ChoiceReason.CONDITION)


def _told(one: Ranked, current: UUID, there: Whereabouts | None) -> HavenOut:
    return HavenOut(
        one.hospital_id, one.hospital_id == current, None if one.eta_s is None else round(one.eta_s, 1),
        _arrives(one, None if there is None else there.at), one.counted_s, one.free_beds, list(one.remarks),
    )  # fmt: skip


def _arrives(one: Ranked, since: datetime | None) -> datetime | None:
    return None if one.eta_s is None or since is None else since + timedelta(seconds=one.eta_s)
