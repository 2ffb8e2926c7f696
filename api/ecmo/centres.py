"""ECMO centres, who there is on call, and the calculators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, not_allowed, requires
from api.bodies import Body, answer
from api.contract import contract
from api.ecmo.access import ASSESS, COORDINATE, READ
from api.ecmo.assessing import assessment_out, item_out, rules_out
from api.ecmo.examples import HOSPITAL
from api.ecmo.rows import hospital_out
from api.ecmo.schemas_assessment import ASSESSMENT, RULE, CalculateIn, EcmoAssessmentOut, ItemsOut
from api.ecmo.schemas_case import HospitalNameOut
from api.ecmo.schemas_requests import CENTRE_ID, OnCallIn
from dispatch.accounts.queries import display_names, list_people
from dispatch.accounts.rules_permissions import Grant, Principal, may
from dispatch.accounts.states import PersonState, Role
from dispatch.ecmo.queries_alerting import get_on_call, list_on_call
from dispatch.ecmo.rules_case import Case, Entered
from dispatch.ecmo.rules_items import ITEMS, checked
from dispatch.ecmo.service_on_call import Roster, enter_on_call, get_centre, withdraw_on_call
from dispatch.ecmo.tables_alerting import EcmoOnCall
from dispatch.hospitals.queries import list_ecmo_centres

router = APIRouter(prefix="/ecmo", tags=["ecmo"])
Reader = Annotated[Principal, requires(READ)]
Roster_ = Annotated[Principal, requires(ASSESS, COORDINATE)]
_calculate, _on_call = Body(CalculateIn), Body(OnCallIn)


class OnCallOut(msgspec.Struct, frozen=True):
    """A physician on call."""

    id: UUID
    person_id: UUID
    name: str | None
    place: Annotated[int, Meta(description="In the order of calling; the same: called together.")]
    from_at: datetime
    until_at: datetime
    now: Annotated[bool, Meta(description="On call at this moment.")]


class PhysicianOut(msgspec.Struct, frozen=True):
    """Somebody who can be put on call."""

    person_id: UUID
    name: str


class EcmoCentreOut(msgspec.Struct, frozen=True):
    """A centre with its roster of the next days."""

    hospital: HospitalNameOut
    on_call: list[OnCallOut]
    physicians: Annotated[list[PhysicianOut], Meta(description="Empty where the asker may not change the roster.")]


class EcmoCentresOut(msgspec.Struct, frozen=True):
    """Hospitals that can be asked for ECMO, the region's first."""

    at: datetime
    centres: list[EcmoCentreOut]


ON_CALL: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000e07",
    "person_id": "0198c0de-0000-7000-8000-000000000011",
    "name": "示例医师",
    "place": 1,
    "from_at": "2026-11-27T00:00:00Z",
    "until_at": "2026-11-28T00:00:00Z",
    "now": True,
}
ITEM: Final[dict[str, Any]] = {
    "name": "ph",
    "group": "gas",
    "kind": "number",
    "unit": "1",
    "low": 6.3,
    "high": 8.0,
    "whole": False,
    "words": [],
    "deciding": ["vv"],
}


@router.get(
    "/items",
    summary="What can be entered for a case",
    description="Names, units, ranges, words, which decide first for which mode; and the tables of rules in use with "
    "version and source. Each needs sign-off by a medical director.",
    dependencies=[requires(READ)],
    **contract(ItemsOut, example={"items": [ITEM], "rules": [RULE]}),
)
async def items() -> Response:
    """List items."""
    return answer(ItemsOut([item_out(one) for one in ITEMS.values()], rules_out()))


@router.post(
    "/assessment",
    summary="Calculate scores and criteria",
    description="RESP (VV only), SAVE (VA only), Murray, GCS, NEWS2, P/F; what is missing gives bounds, never zero. "
    "Criteria of the mode: met, not met, unknown. A child or a pregnant patient goes straight to the physician. "
    "Nothing is kept. The output is to be considered or discussed; nothing denies.",
    **contract(
        EcmoAssessmentOut, body=CalculateIn, example=ASSESSMENT,
        body_examples={"VV": {"mode": "vv", "age_years": 46, "values": [{"item": "ph", "value": 7.19}]}},
    ),
)  # fmt: skip
async def calculated(request: Request, door: DoorkeeperDep, _actor: Reader) -> Response:
    """Calculate."""
    asked = await _calculate.of(request)
    now = door.parts.clock.now()
    values = {
        one.item: Entered(checked(one.item, one.value), min(one.at or now, now))
        for one in asked.values
        if one.value is not None
    }
    case = Case(
        now, asked.age_years, asked.pregnant, asked.weight_kg, asked.indication, frozenset(asked.support), values
    )
    return answer(assessment_out(asked.mode, case))


@router.get(
    "/centres",
    summary="ECMO centres and who is on call",
    description="Those of the region, and those outside that can be asked.",
    **contract(
        EcmoCentresOut, problems=[404],
        example={
            "at": "2026-11-27T11:12:24Z",
            "centres": [{"hospital": HOSPITAL, "on_call": [ON_CALL], "physicians": []}],
        },
    ),
)  # fmt: skip
async def centres(
    door: DoorkeeperDep,
    actor: Reader,
    days: Annotated[int, Query(ge=1, le=31, description="How far ahead the roster is told.")] = 2,
) -> Response:
    """List centres."""
    now = door.parts.clock.now()
    async with door.parts.database.read() as session:
        rows = await list_ecmo_centres(session, door.parts.settings.region)
        on_call = await list_on_call(session, [row.id for row in rows], now, until=now + timedelta(days=days))
        names = await display_names(session, {one.person_id for one in on_call})
        mine = {row.organisation for row in rows if _may_set(actor, row.organisation)}
        people = await list_people(session, mine) if mine else []
    told = []
    for row in rows:
        grant = Grant(Role.ECMO_PHYSICIAN, row.organisation)
        told.append(
            EcmoCentreOut(
                hospital_out(row),
                [_on_call_out(one, names.get(one.person_id), now) for one in on_call if one.hospital_id == row.id],
                [
                    PhysicianOut(one.person.id, one.display_name)
                    for one in people
                    if row.organisation in mine and grant in one.grants and one.person.state == PersonState.ACTIVE
                ],
            )
        )
    return answer(EcmoCentresOut(now, told))


@router.post(
    "/centres/{hospital_id}/on-call",
    summary="Put a physician of a centre on call",
    description="From one time until another, in an order of calling. The centre's own physicians say it, or the "
    "coordinator.",
    **contract(
        OnCallOut, body=OnCallIn, status=201, example=ON_CALL, problems=[404],
        body_examples={
            "first for a day": {
                "person_id": ON_CALL["person_id"], "place": 1, "from_at": "2026-11-27T00:00:00Z",
                "until_at": "2026-11-28T00:00:00Z",
            }
        },
    ),
)  # fmt: skip
async def entered(
    request: Request,
    door: DoorkeeperDep,
    actor: Roster_,
    hospital_id: Annotated[UUID, Path(description="The centre.", examples=[CENTRE_ID])],
) -> Response:
    """Enter somebody."""
    asked = await _on_call.of(request)
    async with acting(door, actor) as act:
        _must_set(actor, (await get_centre(act, hospital_id)).organisation)
        entry = Roster(asked.person_id, asked.place, asked.from_at, asked.until_at)
        row = await enter_on_call(act, hospital_id, entry)
        names = await display_names(act.session, [row.person_id])
        told = _on_call_out(row, names.get(row.person_id), act.clock.now())
    return answer(told, status=201)


@router.delete(
    "/on-call/{on_call_id}",
    summary="Take an entry of the roster back",
    description="Its record stays. Who was called already is called no less.",
    **contract(status=204, problems=[404], told="It does not hold any more."),
)
async def withdrawn(
    door: DoorkeeperDep, actor: Roster_, on_call_id: Annotated[UUID, Path(description="The entry's id.")]
) -> Response:
    """Withdraw an entry."""
    async with acting(door, actor) as act:
        row = await get_on_call(act.session, act.region, on_call_id)
        _must_set(actor, (await get_centre(act, row.hospital_id)).organisation)
        await withdraw_on_call(act, on_call_id)
    return Response(status_code=204)


def _may_set(actor: Principal, organisation: str) -> bool:
    return may(actor, ASSESS, organisation) or may(actor, COORDINATE, organisation)


def _must_set(actor: Principal, organisation: str) -> None:
    if not _may_set(actor, organisation):
        raise not_allowed(ASSESS)


def _on_call_out(row: EcmoOnCall, name: str | None, now: datetime) -> OnCallOut:
    return OnCallOut(
        row.id, row.person_id, name, row.place, row.from_at, row.until_at, row.from_at <= now < row.until_at
    )
