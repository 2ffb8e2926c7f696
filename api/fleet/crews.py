"""Who and what is on board: signing on and off, shift change, change of vehicle, kit."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, must_may, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.errors import FieldError, ProblemError
from api.fleet.examples import CREW_DUTY, FLEET_ROW, PERSON_ID, UNIT_ID
from api.fleet.reporting import STATUS, Reporter, UnitId, reported_unit, source_of
from api.fleet.schemas import (
    CrewDutyOut,
    CrewOnBoardOut,
    DutyCorrectionIn,
    JoiningIn,
    KitChangedOut,
    KitIn,
    OwnDutyOut,
    ShiftChangeIn,
    SignOnIn,
    VehicleChangeIn,
)
from api.fleet.telling import crew_names, duty_out, unit_now
from api.fleet.when import WhenIn
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.dispatching.service_runs import offer_freed
from dispatch.incidents.service import Act
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_crew import find_on_duty, get_duty, list_on_board
from dispatch.units.service_crew import Joining, change_shift, change_vehicle, correct_duty, sign_off, sign_on
from dispatch.units.service_kit import set_kit
from dispatch.units.states_duty import Source
from dispatch.units.tables_crew import CrewDuty

router = APIRouter(tags=["crews and kit"])

SIGN: Final = "crews.sign"
Signer = Annotated[Principal, requires(SIGN)]
DutyId = Annotated[UUID, Path(description="The duty's id.")]
_sign_on = Body(SignOnIn)
_when = Body(WhenIn)
_correction = Body(DutyCorrectionIn)
_shift = Body(ShiftChangeIn)
_vehicle = Body(VehicleChangeIn)
_kit = Body(KitIn)
_ON_BOARD: Final = {"crew": [CREW_DUTY], "unit": FLEET_ROW}


@router.post(
    "/fleet/{unit_id}/crew",
    summary="Sign a person on",
    description="Takes a person on board, with one skill, in one seat. Saying it again changes nothing. A unit that "
    "waits for a crew can be sent from then on.",
    **contract(
        CrewDutyOut,
        body=SignOnIn,
        status=201,
        example=CREW_DUTY,
        problems=[404, 409],
        body_examples={"a driver": {"person_id": PERSON_ID, "skill": "driver"}},
    ),
)
async def join(request: Request, door: DoorkeeperDep, actor: Signer, unit_id: UnitId) -> Response:
    """Sign on."""
    asked = await _sign_on.of(request)
    async with acting(door, actor) as act, act.together():
        source = await _signing(act, actor, unit_id, asked.source)
        duty = await sign_on(act.session, act.clock, act.context, unit_id, _joining(asked), at=asked.at, source=source)
        await offer_freed(act, unit_id)
        return await _told(act, actor, duty, status=201)


@router.get(
    "/crew-duties/own",
    summary="Where one is signed on",
    description="The duty that whoever asks is on now: on which unit, as what. A device is on none.",
    **contract(OwnDutyOut, example={"duty": CREW_DUTY}),
)
async def own(parts: PartsDep, actor: Signer) -> Response:
    """Tell one's own duty."""
    async with parts.database.read() as session:
        duty = await find_on_duty(session, actor.id)
        names = {} if duty is None else await crew_names(session, actor, [duty])
    return answer(OwnDutyOut(None if duty is None else duty_out(duty, names)))


@router.post(
    "/crew-duties/{duty_id}/end",
    summary="Sign a person off",
    description="Ends a duty. Saying it again changes nothing; for another time, correct it.",
    **contract(
        CrewDutyOut,
        body=WhenIn,
        example=CREW_DUTY | {"until_at": "2026-11-22T17:30:00Z"},
        problems=[404, 409],
        body_examples={"now": {}},
    ),
)
async def leave(request: Request, door: DoorkeeperDep, actor: Signer, duty_id: DutyId) -> Response:
    """Sign off."""
    asked = await _when.of(request)
    async with acting(door, actor) as act:
        source = await _signing(act, actor, (await get_duty(act.session, duty_id)).unit_id, asked.source)
        duty = await sign_off(act.session, act.clock, act.context, duty_id, at=asked.at, source=source)
        return await _told(act, actor, duty)


@router.post(
    "/crew-duties/{duty_id}/correction",
    summary="Correct a duty",
    description="From when until when somebody was really on board, or that they never were. The former line stays.",
    **contract(
        CrewOnBoardOut,
        body=DutyCorrectionIn,
        example=_ON_BOARD,
        problems=[404, 409],
        body_examples={"since half past eight": {"from_at": "2026-11-22T08:30:00+08:00"}, "never": {"never": True}},
    ),
)
async def correct(
    request: Request, door: DoorkeeperDep, actor: Annotated[Principal, requires(STATUS)], duty_id: DutyId
) -> Response:
    """Correct a duty."""
    asked = await _correction.of(request)
    if asked.never == (asked.from_at is not None):
        field = FieldError("from_at", "give it, or say that it never was")
        raise ProblemError("request.invalid", "Say from when, or that it never was.", fields=[field])
    times = None if asked.from_at is None else (asked.from_at, asked.until_at)
    async with acting(door, actor) as act, act.together():
        unit_id = (await get_duty(act.session, duty_id)).unit_id
        source = await _signing(act, actor, unit_id, asked.source)
        await correct_duty(act.session, act.clock, act.context, duty_id, times, source=source)
        await offer_freed(act, unit_id)
        return await _on_board(act, actor, unit_id)


@router.post(
    "/fleet/{unit_id}/shift-change",
    summary="Change the shift",
    description="All on board leave and others take over, at one moment, all or nothing. Who is in both stays.",
    **contract(
        CrewOnBoardOut,
        body=ShiftChangeIn,
        example=_ON_BOARD,
        problems=[404, 409],
        body_examples={"a new driver": {"coming": [{"person_id": PERSON_ID, "skill": "driver"}]}},
    ),
)
async def shift(request: Request, door: DoorkeeperDep, actor: Signer, unit_id: UnitId) -> Response:
    """Change the shift."""
    asked = await _shift.of(request)
    async with acting(door, actor) as act, act.together():
        source = await _signing(act, actor, unit_id, asked.source)
        coming = [_joining(one) for one in asked.coming]
        await change_shift(act.session, act.clock, act.context, unit_id, coming, at=asked.at, source=source)
        await offer_freed(act, unit_id)
        return await _on_board(act, actor, unit_id)


@router.post(
    "/fleet/{unit_id}/change-vehicle",
    summary="Change the vehicle",
    description="The whole crew goes over to another unit, at one moment, each with skill and seat. Answers with that "
    "unit.",
    **contract(
        CrewOnBoardOut,
        body=VehicleChangeIn,
        example=_ON_BOARD,
        problems=[404, 409],
        body_examples={"to another": {"to_unit_id": UNIT_ID}},
    ),
)
async def vehicle(request: Request, door: DoorkeeperDep, actor: Signer, unit_id: UnitId) -> Response:
    """Change the vehicle."""
    asked = await _vehicle.of(request)
    async with acting(door, actor) as act, act.together():
        source = await _signing(act, actor, unit_id, asked.source)
        await _signing(act, actor, asked.to_unit_id, asked.source)
        await change_vehicle(act.session, act.clock, act.context, unit_id, asked.to_unit_id, at=asked.at, source=source)
        await offer_freed(act, asked.to_unit_id)
        return await _on_board(act, actor, asked.to_unit_id)


@router.put(
    "/fleet/{unit_id}/kit",
    summary="Say what kit is on board",
    description="All that is there, as checked: what is not named is not on board. It decides, with the crew, what the "
    "unit can do.",
    **contract(
        KitChangedOut,
        body=KitIn,
        example={"changed": ["aed"], "unit": FLEET_ROW},
        problems=[404, 409],
        body_examples={"basic": {"kit": ["bls", "aed"]}},
    ),
)
async def kit(request: Request, door: DoorkeeperDep, actor: Reporter, unit_id: UnitId) -> Response:
    """Set the kit."""
    asked = await _kit.of(request)
    async with acting(door, actor) as act:
        _, dispatcher = await reported_unit(act.session, act.region, actor, unit_id)
        source = source_of(asked.source, dispatcher=dispatcher)
        changed = await set_kit(act.session, act.clock, act.context, unit_id, asked.kit, at=asked.at, source=source)
        unit = await unit_now(act.session, act.region, act.clock.now(), unit_id)
        return answer(KitChangedOut(sorted(changed), unit))


async def _signing(act: Act, actor: Principal, unit_id: UUID, source: str | None) -> Source:
    """As what this counts. Raises NotFound (`unit.not_found`), ProblemError (`permission.refused`)."""
    unit = await get_unit_by_id(act.session, act.region, unit_id)
    must_may(actor, SIGN, unit.organisation)
    return source_of(source, dispatcher=may(actor, STATUS, unit.organisation))


def _joining(asked: JoiningIn) -> Joining:
    return Joining(asked.person_id, asked.skill, asked.seat)


async def _told(act: Act, actor: Principal, duty: CrewDuty, *, status: int = 200) -> Response:
    return answer(duty_out(duty, await crew_names(act.session, actor, [duty])), status=status)


async def _on_board(act: Act, actor: Principal, unit_id: UUID) -> Response:
    duties = await list_on_board(act.session, unit_id)
    names = await crew_names(act.session, actor, duties)
    unit = await unit_now(act.session, act.region, act.clock.now(), unit_id)
    return answer(CrewOnBoardOut([duty_out(duty, names) for duty in duties], unit))
