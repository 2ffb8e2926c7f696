"""What is put down in a mission over HTTP: ticks, promises, pressures, demand, batteries."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import Body
from api.contract import contract
from api.ecmo.mission_access import Hand, MissionId, may_act, must_act, told_mission
from api.ecmo.schemas_mission_bodies import BatteryIn, CheckIn, DemandIn, PressureIn, PromiseIn
from api.ecmo.schemas_missions import MissionOut
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.rules_oxygen import Demand
from dispatch.ecmo.service_kit import read_pressure, tell_demand, try_battery
from dispatch.ecmo.service_lists import ask_promise, settle_promise, tick

router = APIRouter(tags=["ecmo"])
_check, _promise, _pressure = Body(CheckIn), Body(PromiseIn), Body(PressureIn)
_demand, _battery = Body(DemandIn), Body(BatteryIn)


@router.post(
    "/ecmo/missions/{mission_id}/checks",
    summary="Tick an item of a list, or take the tick back",
    description="By name and time. oxygen_go and power_go are ticked only while they are known to reach.",
    **contract(
        MissionOut, body=CheckIn, problems=[404, 409],
        body_examples={"consent": {"checklist": "leaving_with_patient", "item": "consent"}},
    ),
)  # fmt: skip
async def ticked(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Tick an item."""
    body = await _check.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await tick(act, mission_id, body.checklist, body.item, ticked=body.ticked)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/promises",
    summary="Reserve a bed, a room or a team; put down consent and that relatives were told",
    description="The newest of a kind counts. Beds, rooms and teams are then acknowledged by the receiving hospital.",
    **contract(
        MissionOut, body=PromiseIn, problems=[404, 409], body_examples={"an ICU bed": {"what": "bed", "bed": "icu"}}
    ),
)
async def promised(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Ask for a promise."""
    body = await _promise.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await ask_promise(act, mission_id, body.what, bed=body.bed, consent=body.consent)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/promises/{promise_id}/{answered}",
    summary="Acknowledge what was asked for, or say that it is gone",
    description="`acknowledged` or `gone`: a bed that was taken is asked for anew.",
    **contract(MissionOut, problems=[404, 409]),
)
async def settled(
    door: DoorkeeperDep,
    actor: Hand,
    promise_id: Annotated[UUID, Path(description="Its id.")],
    answered: Annotated[str, Path(pattern="^(acknowledged|gone)$", description="acknowledged or gone.")],
) -> Response:
    """Settle a promise."""
    async with acting(door, actor) as act:
        promise = await settle_promise(act, promise_id, holds=answered == "acknowledged")
        must_act(actor, await concerned_by(act.session, await get_mission(act.session, act.region, promise.mission_id)))
    return await told_mission(door.parts, actor, promise.mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/pressures",
    summary="Put down a cylinder's pressure",
    description="As read now, in bar. After a quarter of an hour it is stale; a closed cylinder counts nothing.",
    **contract(
        MissionOut, body=PressureIn, problems=[404, 409],
        body_examples={"150 bar": {"kit_id": "0198c0de-0000-7000-8000-000000000101", "bar": 150}},
    ),
)  # fmt: skip
async def pressure(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Read a pressure."""
    body = await _pressure.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await read_pressure(act, mission_id, body.kit_id, body.bar, is_open=body.is_open)
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/demand",
    summary="Put down what is breathed",
    description="Sweep gas, never blood flow; minute volume and FiO2 of the ventilator.",
    **contract(
        MissionOut, body=DemandIn, problems=[404, 409],
        body_examples={"the worked example": {"sweep": 5, "minute_volume": 8, "bias": 2, "fio2": 0.6}},
    ),
)  # fmt: skip
async def demand(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Tell the demand."""
    body = await _demand.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await tell_demand(
            act, mission_id, Demand(body.sweep, body.minute_volume, body.bias, body.fio2, other=body.other)
        )
    return await told_mission(door.parts, actor, mission_id)


@router.post(
    "/ecmo/missions/{mission_id}/battery-tests",
    summary="Put down how a battery was when it was tried",
    description="Health, the watts that hang on it, and whether it was seen to take over from the mains.",
    **contract(
        MissionOut, body=BatteryIn, problems=[404, 409],
        body_examples={
            "tried": {
                "kit_id": "0198c0de-0000-7000-8000-000000000101", "health": 0.8, "load_w": 180, "temperature_c": -6,
                "changeover": True,
            }
        },
    ),
)  # fmt: skip
async def battery(request: Request, door: DoorkeeperDep, actor: Hand, mission_id: MissionId) -> Response:
    """Try a battery."""
    body = await _battery.of(request)
    await may_act(door.parts, actor, mission_id)
    async with acting(door, actor) as act:
        await try_battery(
            act, mission_id, body.kit_id, health=body.health, load_w=body.load_w, temperature_c=body.temperature_c,
            changeover=body.changeover,
        )  # fmt: skip
    return await told_mission(door.parts, actor, mission_id)
