"""Missions over HTTP: listed, planned, advanced, given a vehicle. Every change answers with the whole."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import acting, told_of
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.dispatching.looking import LookingDep
from api.ecmo.mission_access import (
    Coordinator,
    Doctor,
    Hand,
    MissionId,
    Reader,
    may_act,
    may_see,
    must_act,
    told_mission,
)
from api.ecmo.schemas_mission_bodies import MissionVehicleIn, PlanIn, ReasonIn, StateIn
from api.ecmo.schemas_missions import MISSIONS_EXAMPLE, MissionOut, MissionsOut
from api.ecmo.telling_missions import mission_row
from dispatch.ecmo.queries_missions import by_mission, concerned_by, get_mission, list_missions, list_open_passages
from dispatch.ecmo.queries_plans import as_weather, list_flight_answers, list_holds, list_weather, turned_down
from dispatch.ecmo.service_binding import follow_mission
from dispatch.ecmo.service_journey import (
    ChosenPlan,
    advance,
    ask_vehicle,
    choose_plan,
    explain_passage,
    say_fit_to_move,
)
from dispatch.ecmo.service_plans import Asked, compare_plans
from dispatch.ecmo.states import Mode
from dispatch.hospitals.queries import get_hospital, list_hospitals
from dispatch.kernel.errors import NotFound, Refused

router = APIRouter(tags=["ecmo"])
_plan, _state, _vehicle, _reason = Body(PlanIn), Body(StateIn), Body(MissionVehicleIn), Body(ReasonIn)


@router.get(
    "/ecmo/missions",
    summary="Missions",
    description="Those under way, and those that began within the last hours; of one's own hospital, or of all.",
    **contract(MissionsOut, example=MISSIONS_EXAMPLE),
)
async def missions(
    parts: PartsDep, actor: Reader, hours: Annotated[int, Query(ge=0, le=8_784, description="How far back.")] = 24
) -> Response:
    """List missions."""
    now = parts.clock.now()
    async with parts.database.read() as session:
        rows = await list_missions(session, parts.settings.region, now - timedelta(hours=hours))
        seen = [row for row in rows if may_see(actor, await concerned_by(session, row))]
        passages = by_mission(await list_open_passages(session, [row.id for row in seen]))
    return answer(MissionsOut(now, [mission_row(row, passages.get(row.id, ())) for row in seen]))


@router.get(
    "/ecmo/missions/{mission_id}",
    summary="One mission with all that belongs to it",
    description="Its plan timed anew, team and kit with what is missing and who could bring it, lists, gates as they "
    "were passed, promises, oxygen and power by what was last read.",
    **contract(MissionOut, problems=[404]),
)
async def mission(parts: PartsDep, actor: Reader, mission_id: MissionId) -> Response:
    """Tell a mission."""
    return await told_mission(parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/plan",
    summary="Choose a plan",
    description="The plan of that kind, by that aircraft and with that hospital where they are given, is reckoned "
    "anew, and the mission is timed by it from now on. Where there is none such now, no other is taken for it.",
    **contract(
        MissionOut,
        body=PlanIn,
        problems=[404, 409],
        body_examples={
            "by road": {"kind": "road"},
            "one of two aircraft": {"kind": "fixed_wing", "aircraft": "example-fixed-1"},
        },
    ),
)
async def planned(
    request: Request, door: DoorkeeperDep, looking: LookingDep, actor: Coordinator, mission_id: MissionId
) -> Response:
    """Choose a plan."""
    body = await _plan.of(request)
    served, fleet = await looking.ask()
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        row = await get_mission(session, region, mission_id)
        if row.from_hospital_id is None:
            raise Refused("ecmo_mission.no_hospital", "The patient is at no hospital yet.")
        asked = Asked(
            centre=await get_hospital(session, region, row.centre_id),
            origin=await get_hospital(session, region, row.from_hospital_id),
            bed=await get_hospital(session, region, row.to_hospital_id),
            mode=Mode(row.mode),
            on_circuit=not row.is_primary,
            fit_to_move=row.fit_to_move_at is not None,
            hospitals=await list_hospitals(session, region),
            weather={place: as_weather(one) for place, one in (await list_weather(session, region)).items()},
            turned_down=turned_down(await list_flight_answers(session, region, fleet.at)),
            held_open=frozenset(await list_holds(session, region, fleet.at)),
            unit_id=row.unit_id,
        )
    told = await asyncio.to_thread(compare_plans, served.engine, fleet, asked)
    offered = (
        ChosenPlan(
            one.kind, one.marks, None if one.via is None else UUID(one.via.key),
            None if one.aircraft is None else one.aircraft.code, one.moves_uncannulated,
        )
        for one in told.plans
        if one.kind is body.kind
    )  # fmt: skip
    chosen = next(
        (one for one in offered if body.via in (None, one.via) and body.aircraft in (None, one.aircraft)), None
    )
    if chosen is None:
        raise NotFound("ecmo_plan.not_found", "There is no such plan now.", "Look at the plans as they are now.")
    async with acting(door, actor) as act:
        await choose_plan(act, mission_id, chosen, body.version)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/fit-to-move",
    summary="Say that the patient may be moved without a circuit",
    description="By a physician or the coordinator, by name. Until then no plan that moves him so is recommended.",
    **contract(MissionOut, problems=[404, 409]),
)
async def fit(door: DoorkeeperDep, actor: Doctor, mission_id: MissionId) -> Response:
    """Say that he may be moved."""
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await say_fit_to_move(act, mission_id)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/state",
    summary="Go over into a state",
    description="Leaving base (outbound) and leaving with the patient (returning) pass a gate: closed, overridden by "
    "the lead, or open. An open gate warns every desk and holds nothing up. The mission's end closes its request; one "
    "that is stood down opens it anew: centres can be asked again.",
    **contract(MissionOut, body=StateIn, problems=[404, 409], body_examples={"wheels roll": {"state": "outbound"}}),
)
async def stepped(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Advance a mission."""
    body = await _state.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        told = told_of(body, actor)
        row = await advance(act, mission_id, body.state, told, version=body.version, override=body.override)
        await follow_mission(act, row)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/vehicle",
    summary="Ask for a vehicle",
    description="One incident of the dispatch core carries it, with the priority of a threatened life: no other call "
    "takes it silently, and the dispatcher knows until when it is gone. `instead` changes the vehicle.",
    **contract(
        MissionOut, body=MissionVehicleIn, problems=[404, 409],
        body_examples={"a unit": {"unit_id": "0198c0de-0000-7000-8000-000000000101"}},
    ),
)  # fmt: skip
async def vehicle(request: Request, door: DoorkeeperDep, actor: Coordinator, mission_id: MissionId) -> Response:
    """Ask for a vehicle."""
    body = await _vehicle.of(request)
    async with acting(door, actor) as act:
        await ask_vehicle(act, mission_id, body.unit_id, instead=body.instead)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/passages/{passage_id}/reason",
    summary="Say why a gate was passed with items open",
    description="It may follow at any time; the first counts.",
    **contract(MissionOut, body=ReasonIn, problems=[404, 409], body_examples={"he worsens": {"reason": "worsens"}}),
)
async def explained(
    request: Request, door: DoorkeeperDep, actor: Doctor, passage_id: Annotated[UUID, Path(description="Its id.")]
) -> Response:
    """Explain a passage."""
    body = await _reason.of(request)
    async with acting(door, actor) as act:
        passage = await explain_passage(act, passage_id, body.reason)
        must_act(actor, await concerned_by(act.session, await get_mission(act.session, act.region, passage.mission_id)))
    return await told_mission(door.parts, actor, passage.mission_id)
