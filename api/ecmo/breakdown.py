"""The vehicle of a mission breaks down: one action puts it down, and tells what could take over and what is left."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.dispatching.looking import Looking, LookingDep
from api.ecmo.mission_access import Hand, MissionId, Reader, may_act, may_see
from api.ecmo.schemas_missions import GasOut
from api.ecmo.telling_missions import gas_out
from dispatch.ecmo.queries_breakdown import find_standing
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.service_breakdown import INVERTER, break_down, reliefs
from dispatch.ecmo.service_gas import expected_of, gas_of
from dispatch.kernel.errors import Conflict, NotFound
from dispatch.units.queries_crew import list_carriers

router = APIRouter(prefix="/ecmo/missions", tags=["ecmo"])


class BreakdownIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """It stands."""

    event_id: Annotated[UUID, Meta(description="The writer's own, of the adverse event that is put down.")]


class ReliefOut(msgspec.Struct, frozen=True):
    """A free vehicle that could take over."""

    unit_id: UUID
    call_sign: str
    seconds: Annotated[float, Meta(description="Until it is there.")]
    built_for_it: Annotated[bool, Meta(description="It carries circuits.")]
    inverter: Annotated[bool, Meta(description="Its kit says that one is on board; false: nobody has said so, ask.")]


class BreakdownOut(msgspec.Struct, frozen=True):
    """What could take over, built for circuits first, then with an inverter, and how gas and power stand."""

    at: datetime
    broken_unit_id: UUID
    vehicles: Annotated[list[ReliefOut], Meta(description="Empty: none is free, or no road leads there.")]
    gas: GasOut
    police_at: Annotated[
        datetime | None,
        Meta(
            description="When the dispatch centre was called for the police; null: telephone, no vehicle is on the run."
        ),
    ]


_body = Body(BreakdownIn)


@router.post(
    "/{mission_id}/breakdown",
    summary="Say that a mission's vehicle has broken down",
    description="By name: an adverse event is put down, both sides are told, and the mission may ask for another "
    "vehicle, which comes to the same incident. Every dispatcher is called for the breakdown and for the police (110), "
    "as by the crew's own buttons; with the patient on board the incident's place becomes where the vehicle stands.",
    **contract(
        BreakdownOut, body=BreakdownIn, problems=[404, 409],
        body_examples={"it stands": {"event_id": "0198c0de-0000-7000-8000-000000000e02"}},
    ),
)  # fmt: skip
async def broken(
    request: Request, door: DoorkeeperDep, looking: LookingDep, actor: Hand, mission_id: MissionId
) -> Response:
    """Put it down, and look for what could take over."""
    body = await _body.of(request)
    parts = door.parts
    await may_act(parts, actor, mission_id)
    async with parts.database.read() as session:
        unit_id = (await get_mission(session, parts.settings.region, mission_id)).unit_id
    if unit_id is None:
        raise Conflict("ecmo_mission.no_vehicle", "The mission has no vehicle.")
    async with acting(door, actor) as act:
        await break_down(act, mission_id, body.event_id)
    return await _told(door, looking, mission_id)


@router.get(
    "/{mission_id}/reliefs",
    summary="What could take over from a vehicle that stands",
    description="The same as is told when it is said to stand, as it is now, for every desk of the mission, until "
    "another vehicle is asked for. 409: it does not stand.",
    **contract(BreakdownOut, problems=[404, 409]),
)
async def standing(door: DoorkeeperDep, looking: LookingDep, actor: Reader, mission_id: MissionId) -> Response:
    """Look for what could take over."""
    async with door.parts.database.read() as session:
        row = await get_mission(session, door.parts.settings.region, mission_id)
        if not may_see(actor, await concerned_by(session, row)):
            raise NotFound("ecmo_mission.not_found", "There is no such mission in this region.")
    return await _told(door, looking, mission_id)


async def _told(door: Doorkeeper, looking: Looking, mission_id: UUID) -> Response:
    served, fleet = await looking.ask()
    parts = door.parts
    now = parts.clock.now()
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        stands = await find_standing(session, row)
        if stands is None:
            raise Conflict("ecmo_mission.vehicle", "The mission does not stand: it has a vehicle, or never had one.")
        carriers = await list_carriers(session, INVERTER, [one.id for one in fleet.units])
        gas = await gas_of(session, row, now, await expected_of(session, row, now))
    found = await asyncio.to_thread(reliefs, served.engine, fleet, stands.unit_id, carriers)
    told = [
        ReliefOut(one.unit_id, one.call_sign, round(one.seconds, 1), one.built_for_it, one.inverter) for one in found
    ]
    return answer(BreakdownOut(now, stands.unit_id, told, gas_out(gas), stands.police_at))
