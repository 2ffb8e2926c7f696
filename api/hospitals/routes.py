"""Hospitals of the served region: what they offer, what they can take now, and both sides that say so."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.auth import Doorkeeper, DoorkeeperDep, begin, must_may, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.hospitals.schemas import (
    HOSPITAL_EXAMPLE,
    BedMovesOut,
    BedsIn,
    HospitalOut,
    HospitalsOut,
    LimitIn,
    LimitsOut,
    RepeatedOut,
    hospital_out,
    limit_row,
    move_out,
)
from api.parts import Parts
from dispatch.accounts.queries import display_names
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.states import Role
from dispatch.hospitals.queries import get_hospital, list_hospitals
from dispatch.hospitals.queries_status import (
    as_limits,
    as_services,
    get_limit,
    list_bed_moves,
    list_beds,
    list_limits_held,
    list_limits_since,
)
from dispatch.hospitals.rules_status import in_force, repeated, services_now
from dispatch.hospitals.service_status import Moving, Said, end_limit, limit_service, move_beds
from dispatch.hospitals.states_status import BedSide
from dispatch.hospitals.tables_status import HospitalBeds

router = APIRouter(tags=["hospitals"])
Reader = Annotated[Principal, requires("fleet.read")]
Writer = Annotated[Principal, requires("hospitals.write")]
HospitalKey = Annotated[UUID, Path(description="The hospital's `key`.")]
LimitId = Annotated[UUID, Path(description="The limit's id.")]
_limited, _moved = Body(LimitIn), Body(BedsIn)
MOST_MOVES = 200


@router.get(
    "/hospitals",
    summary="Hospitals",
    description="The hospitals of the served region with their grade, what they can take, which services are diverted "
    "or closed now, and which beds are free as far as anybody has counted them.",
    **contract(HospitalsOut, example={"at": "2026-11-27T03:10:00Z", "hospitals": [HOSPITAL_EXAMPLE]}, problems=[404]),
)
async def hospitals(parts: PartsDep, _actor: Reader) -> Response:
    """List hospitals."""
    return answer(await _all(parts))


@router.post(
    "/hospitals/{key}/limits",
    summary="Divert or close a service of a hospital",
    description="From now on. A diversion needs a reason, a doctor who answers for it, and ends by itself: after two "
    "hours unless told otherwise, after four at most. It warns and never hides the hospital. Where all that could take "
    "a patient divert, none does. A hospital's own doctors may say it, and the dispatch centre for them.",
    **contract(
        HospitalOut, body=LimitIn, status=201, example=HOSPITAL_EXAMPLE, problems=[404, 409],
        body_examples={
            "no catheter laboratory for two hours": {
                "service": "chest_pain", "kind": "diverted", "reason": "equipment",
                "doctor_id": "0198c0de-0000-7000-8000-000000000011",
            }
        },
    ),
)  # fmt: skip
async def limit(request: Request, door: DoorkeeperDep, actor: Writer, key: HospitalKey) -> Response:
    """Limit a service."""
    asked = await _limited.of(request)
    await _side(door, actor, key)
    said = Said(asked.service, asked.kind, asked.reason, asked.doctor_id, asked.until)
    region = door.parts.settings.region
    async with door.parts.database.write() as session:
        await limit_service(session, door.parts.clock, begin(door, actor), region, key, said)
    return answer(await _one(door.parts, key), status=201)


@router.post(
    "/hospital-limits/{limit_id}/end",
    summary="Open a service again",
    description="Before the limit lapses by itself.",
    **contract(HospitalOut, example=HOSPITAL_EXAMPLE, problems=[404, 409]),
)
async def opened(door: DoorkeeperDep, actor: Writer, limit_id: LimitId) -> Response:
    """End a limit."""
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        key = (await get_limit(session, region, limit_id)).hospital_id
    await _side(door, actor, key)
    async with door.parts.database.write() as session:
        await end_limit(session, door.parts.clock, begin(door, actor), region, limit_id)
    return answer(await _one(door.parts, key))


@router.get(
    "/hospital-limits",
    summary="What hospitals said of their services",
    description="Those said within the last days, and which services were diverted again and again.",
    **contract(LimitsOut, problems=[404]),
)
async def limits(
    parts: PartsDep,
    _actor: Reader,
    days: Annotated[int, Query(ge=1, le=366, description="How far back.")] = 7,
) -> Response:
    """List limits."""
    now = parts.clock.now()
    asked = timedelta(days=days)
    async with parts.database.read() as session:
        figures = in_force(session.info)
        span = timedelta(seconds=figures.repeated_within_s)
        rows = await list_limits_since(session, parts.settings.region, now - max(asked, span))
        names = await display_names(session, {row.doctor_id for row in rows})
    again = [RepeatedOut(one.hospital_id, one.service, one.times) for one in repeated(as_limits(rows), now, figures)]
    return answer(LimitsOut([limit_row(row, names) for row in rows if row.begins_at >= now - asked], again))


@router.post(
    "/hospitals/{key}/beds",
    summary="Move or count the beds of a hospital",
    description="Both sides move the same count: the hospital admits and discharges, the dispatch centre holds a bed "
    "for whoever is on the way and releases it. `counted` sets it right.",
    **contract(
        HospitalOut, body=BedsIn, example=HOSPITAL_EXAMPLE, problems=[404, 409],
        body_examples={
            "three of twenty are free": {"kind": "icu", "move": "counted", "number": 3, "total": 20},
            "one for a patient on the way": {"kind": "icu", "move": "held", "number": 1},
        },
    ),
)  # fmt: skip
async def beds(request: Request, door: DoorkeeperDep, actor: Writer, key: HospitalKey) -> Response:
    """Move beds."""
    asked = await _moved.of(request)
    side = await _side(door, actor, key)
    moving = Moving(asked.kind, asked.move, asked.number, side, asked.total, asked.version)
    region = door.parts.settings.region
    async with door.parts.database.write() as session:
        await move_beds(session, door.parts.clock, begin(door, actor), region, key, moving)
    return answer(await _one(door.parts, key))


@router.get(
    "/hospitals/{key}/beds",
    summary="How the beds of a hospital were moved",
    description=f"The last {MOST_MOVES} moves and counts, the newest first.",
    **contract(BedMovesOut, problems=[404]),
)
async def bed_moves(parts: PartsDep, _actor: Reader, key: HospitalKey) -> Response:
    """List moves of beds."""
    async with parts.database.read() as session:
        await get_hospital(session, parts.settings.region, key)
        rows = await list_bed_moves(session, key, MOST_MOVES)
    return answer(BedMovesOut([move_out(row) for row in rows]))


async def _side(door: Doorkeeper, actor: Principal, key: UUID) -> BedSide:
    """For whom the actor speaks. Raises NotFound, and ProblemError where it may not speak for this hospital."""
    async with door.parts.database.read() as session:
        organisation = (await get_hospital(session, door.parts.settings.region, key)).organisation
    must_may(actor, "hospitals.write", organisation)
    own = any(grant.role is Role.EMERGENCY_DOCTOR and grant.organisation == organisation for grant in actor.grants)
    return BedSide.HOSPITAL if own else BedSide.CENTRE


async def _one(parts: Parts, key: UUID) -> HospitalOut:
    return next(one for one in (await _all(parts)).hospitals if one.key == key)


async def _all(parts: Parts) -> HospitalsOut:
    now, region = parts.clock.now(), parts.settings.region
    async with parts.database.read() as session:
        rows = await list_hospitals(session, region)
        held = await list_limits_held(session, region, now)
        counted = await list_beds(session, region)
    state = services_now(as_services(rows), as_limits(held), now)
    beds_of: defaultdict[UUID, list[HospitalBeds]] = defaultdict(list)
    for one in counted:
        beds_of[one.hospital_id].append(one)
    return HospitalsOut(now, [hospital_out(row, state[row.id], beds_of[row.id]) for row in rows])
