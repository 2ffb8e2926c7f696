"""Kit and people of missions over HTTP: listed, looked at, booked and given back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.ecmo.schemas_mission_bodies import BookingIn, EcmoKitIn, KitCheckIn, TeamDutyIn
from api.ecmo.schemas_missions import MissionOut, ResourcesOut, TeamDutiesOut, TeamPeopleOut, TeamPersonOut
from api.ecmo.telling_missions import duties_out, mission_out, resources_out
from api.errors import ProblemError
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.accounts.states import Role
from dispatch.ecmo.queries_missions import get_mission
from dispatch.ecmo.service_kit import NewKit, add_kit, book_kit, book_person, check_kit, give_back, retire_kit
from dispatch.ecmo.service_roster import enter_duty, who_can_serve, withdraw_duty

router = APIRouter(tags=["ecmo"])
Reader = Annotated[Principal, requires("ecmo.read")]
Coordinator = Annotated[Principal, requires("ecmo.coordinate")]
_kit, _check, _duty, _booking = Body(EcmoKitIn), Body(KitCheckIn), Body(TeamDutyIn), Body(BookingIn)


@router.get(
    "/ecmo/resources",
    summary="Kit, and who is on call for missions",
    description="Where each piece is, whether it can be counted on and why not, and which mission has it now.",
    **contract(ResourcesOut),
)
async def resources(parts: PartsDep, _actor: Reader) -> Response:
    """List resources."""
    return await _resources(parts)


@router.post(
    "/ecmo/kit",
    summary="Put a piece of kit on the list",
    description="It counts once somebody has looked at it.",
    **contract(
        ResourcesOut, body=EcmoKitIn, status=201, problems=[404, 409],
        body_examples={
            "a cylinder": {
                "code": "O2-1", "kind": "cylinder", "hospital_id": "0198c0de-0000-7000-8000-000000000101", "water_l": 10
            }
        },
    ),
)  # fmt: skip
async def added(request: Request, door: DoorkeeperDep, actor: Coordinator) -> Response:
    """Add kit."""
    body = await _kit.of(request)
    async with acting(door, actor) as act:
        await add_kit(
            act,
            NewKit(body.code, body.kind, body.hospital_id, body.size, body.expires_at, body.water_l, body.capacity_wh),
        )
    return await _resources(door.parts, status=201)


@router.post(
    "/ecmo/kit/{kit_id}/check",
    summary="Say that somebody looked at a piece of kit",
    description="Whether it is ready, and where it is. A look counts for a day.",
    **contract(
        ResourcesOut, body=KitCheckIn, problems=[404], body_examples={"ready": {"is_ready": True}}
    ),
)  # fmt: skip
async def checked(
    request: Request, door: DoorkeeperDep, actor: Coordinator, kit_id: Annotated[UUID, Path(description="Its id.")]
) -> Response:
    """Check kit."""
    body = await _check.of(request)
    async with acting(door, actor) as act:
        await check_kit(act, kit_id, is_ready=body.is_ready, hospital_id=body.hospital_id)
    return await _resources(door.parts)


@router.delete(
    "/ecmo/kit/{kit_id}",
    summary="Take a piece of kit off the list",
    description="What it did stays told, and its code can be had again. What a mission has stays: the refusal names "
    "the mission in `current`, by `number`.",
    **contract(status=204, problems=[404, 409], told="It is off the list."),
)
async def retired(
    door: DoorkeeperDep, actor: Coordinator, kit_id: Annotated[UUID, Path(description="Its id.")]
) -> Response:
    """Retire kit."""
    async with acting(door, actor) as act:
        await retire_kit(act, kit_id)
    return Response(status_code=204)


@router.get(
    "/ecmo/duties",
    summary="Who is on call for missions now, and next",
    description="Those whose duty runs, and those whose duty begins within so many days.",
    **contract(TeamDutiesOut),
)
async def duties(
    parts: PartsDep,
    _actor: Reader,
    days: Annotated[int, Query(ge=0, le=31, description="How far ahead is told.")] = 14,
) -> Response:
    """List duties."""
    async with parts.database.read() as session:
        return answer(await duties_out(session, parts.settings.region, parts.clock.now(), days))


@router.get(
    "/ecmo/people",
    summary="Who can be put on call for missions",
    description="People of all organisations whose accounts hold and who work at patients. What they have learnt the "
    "coordinator knows.",
    **contract(TeamPeopleOut),
)
async def people(parts: PartsDep, _actor: Coordinator) -> Response:
    """List people."""
    async with parts.database.read() as session:
        found = await who_can_serve(session)
    told = [
        TeamPersonOut(
            one.person.id, one.display_name, one.person.organisation,
            any(grant.role is Role.ECMO_PHYSICIAN for grant in one.grants),
        )
        for one in found
    ]  # fmt: skip
    return answer(TeamPeopleOut(told))


@router.post(
    "/ecmo/duties",
    summary="Put somebody on call for missions",
    description="For the roles that he may fill, from one time to another, for two weeks at most.",
    **contract(
        ResourcesOut, body=TeamDutyIn, status=201, problems=[404, 409],
        body_examples={
            "a night": {
                "hospital_id": "0198c0de-0000-7000-8000-000000000101",
                "person_id": "0198c0de-0000-7000-8000-000000000011", "roles": ["lead"],
                "from_at": "2026-11-27T12:00:00Z", "until_at": "2026-11-28T00:00:00Z",
            }
        },
    ),
)  # fmt: skip
async def on_call(request: Request, door: DoorkeeperDep, actor: Coordinator) -> Response:
    """Enter a duty."""
    body = await _duty.of(request)
    async with acting(door, actor) as act:
        roles = frozenset(body.roles)
        await enter_duty(act, body.hospital_id, body.person_id, roles, body.from_at, body.until_at)
    return await _resources(door.parts, status=201)


@router.delete(
    "/ecmo/duties/{duty_id}",
    summary="Take a duty for missions back",
    description="Its record stays. Whoever is in a mission by it stays on call: the refusal names the mission in "
    "`current`, by `number`.",
    **contract(status=204, problems=[404, 409], told="It does not hold any more."),
)
async def withdrawn(
    door: DoorkeeperDep, actor: Coordinator, duty_id: Annotated[UUID, Path(description="Its id.")]
) -> Response:
    """Withdraw a duty."""
    async with acting(door, actor) as act:
        await withdraw_duty(act, duty_id)
    return Response(status_code=204)


@router.post(
    "/ecmo/missions/{mission_id}/bookings",
    summary="Book a piece of kit, or somebody in a role, for a mission",
    description="Nothing and nobody is in two missions at once: who has it is told.",
    **contract(
        MissionOut, body=BookingIn, problems=[404, 409],
        body_examples={"kit": {"kit_id": "0198c0de-0000-7000-8000-000000000101"}},
    ),
)  # fmt: skip
async def booked(
    request: Request, door: DoorkeeperDep, actor: Coordinator, mission_id: Annotated[UUID, Path(description="Its id.")]
) -> Response:
    """Book."""
    body = await _booking.of(request)
    async with acting(door, actor) as act:
        if body.kit_id is not None and body.person_id is None and body.role is None:
            await book_kit(act, mission_id, body.kit_id)
        elif body.kit_id is None and body.person_id is not None and body.role is not None:
            await book_person(act, mission_id, body.person_id, body.role)
        else:
            raise ProblemError("request.invalid", "A booking is of one piece of kit, or of one person in a role.")
    return await _mission(door.parts, mission_id)


@router.post(
    "/ecmo/bookings/{booking_id}/return",
    summary="Give back what was booked",
    description="Given back twice it is given back once.",
    **contract(MissionOut, problems=[404, 409]),
)
async def returned(
    door: DoorkeeperDep, actor: Coordinator, booking_id: Annotated[UUID, Path(description="Its id.")]
) -> Response:
    """Give back."""
    async with acting(door, actor) as act:
        booking = await give_back(act, booking_id)
    return await _mission(door.parts, booking.mission_id)


async def _resources(parts: Parts, *, status: int = 200) -> Response:
    async with parts.database.read() as session:
        return answer(await resources_out(session, parts.settings.region, parts.clock.now()), status=status)


async def _mission(parts: Parts, mission_id: UUID) -> Response:
    async with parts.database.read() as session:
        row = await get_mission(session, parts.settings.region, mission_id)
        return answer(await mission_out(session, row, parts.clock.now()))
