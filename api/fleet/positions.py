"""Where units are: a dispatcher's word, and the fixes of receivers."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.errors import FieldError, ProblemError
from api.fleet.examples import FLEET_ROW
from api.fleet.reporting import Reporter, UnitId, reported_unit
from api.fleet.schemas import FixesIn, FixesOut, PlacedOut, RefusedFixOut, UnitPositionIn
from api.fleet.telling import unit_now
from api.ingest.gateway import Gateway
from api.roads.asking import point_of
from api.roads.schemas import PlaceIn
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Invalid
from dispatch.units.queries import get_unit
from dispatch.units.rules_position import Fix
from dispatch.units.service_position import add_fixes, place_by_voice
from dispatch.units.states_duty import Source
from dispatch.units.tables import Unit
from geo.points import GeoPoint

router = APIRouter(prefix="/fleet", tags=["units on duty"])

_position = Body(UnitPositionIn)
_fixes = Body(FixesIn)


@router.post(
    "/{unit_id}/position",
    summary="Say where a unit is",
    description="A dispatcher, as its crew told by radio: kept with that source, and in the journal. A crew or a "
    "device of its own vehicle: as its receiver said.",
    **contract(
        PlacedOut,
        body=UnitPositionIn,
        example={"newest": True, "unit": FLEET_ROW},
        problems=[404],
        body_examples={"by radio": {"lat": 41.1712, "lon": 80.2618, "at": "2026-11-22T09:28:00Z"}},
    ),
)
async def place(request: Request, door: DoorkeeperDep, actor: Reporter, unit_id: UnitId) -> Response:
    """Take a position."""
    asked = await _position.of(request)
    point = point_of(PlaceIn(asked.lat, asked.lon), asked.datum)
    told: list[Fix] = []
    async with acting(door, actor) as act:
        unit, dispatcher = await reported_unit(act.session, act.region, actor, unit_id)
        if dispatcher:
            newest = await place_by_voice(act.session, act.clock, act.context, unit.id, point, at=asked.at)
        else:
            told.append(_fix(act, unit, point, asked))
            newest = await _fixed(act, told)
        placed = PlacedOut(newest, await unit_now(act.session, act.region, act.clock.now(), unit.id))
    gateway: Gateway = request.app.state.gateway
    gateway.take_fixes(told)
    return answer(placed)


@router.post(
    "/positions",
    summary="Positions of one's own vehicle",
    description="A batch of fixes, in any order: kept with their true times, the newest counts. One that was sent "
    "before changes nothing; one that cannot be right is refused by itself.",
    **contract(
        FixesOut,
        body=FixesIn,
        example={"stored": 1, "duplicates": 0, "refused": [], "newest": True},
        problems=[404],
        body_examples={
            "one fix": {
                "fixes": [{"at": "2026-11-22T09:30:00Z", "lat": 41.1712, "lon": 80.2618, "speed_mps": 14.5}],
                "sent_at": "2026-11-22T09:30:01Z",
            }
        },
    ),
)
async def fixes(request: Request, door: DoorkeeperDep, actor: Reporter) -> Response:
    """Take a batch of fixes."""
    asked = await _fixes.of(request)
    async with acting(door, actor) as act:
        unit = await _vehicle(act, actor, asked)
        batch = [
            Fix(
                unit.id, one.at, one.lat, one.lon, one.speed_mps, one.heading_deg, one.accuracy_m,
                Source.AUTO, asked.sent_at,
            )
            for one in asked.fixes
        ]  # fmt: skip
        report = await add_fixes(act.session, act.clock, batch)
        refused = [RefusedFixOut(one.index, one.code) for one in report.refused]
        told = FixesOut(report.stored, report.duplicates, refused, bool(report.latest))
    wrong = {one.index for one in report.refused}
    gateway: Gateway = request.app.state.gateway
    gateway.take_fixes([fix for index, fix in enumerate(batch) if index not in wrong])
    return answer(told)


async def _vehicle(act: Act, actor: Principal, asked: FixesIn) -> Unit:
    unit_id = asked.unit_id
    if unit_id is None:
        if not actor.call_sign:
            field = FieldError("unit_id", "missing")
            raise ProblemError("request.invalid", "Only a vehicle's device has a vehicle of its own.", fields=[field])
        unit_id = (await get_unit(act.session, act.region, actor.call_sign)).id
    unit, dispatcher = await reported_unit(act.session, act.region, actor, unit_id)
    if dispatcher:
        raise ProblemError(
            "device.other_vehicle", "These are the words of a vehicle's receiver.", "Say where it is: …/position."
        )
    return unit


def _fix(act: Act, unit: Unit, point: GeoPoint, asked: UnitPositionIn) -> Fix:
    return Fix(
        unit.id, asked.at or asked.sent_at or act.clock.now(), point.lat, point.lon, asked.speed_mps,
        asked.heading_deg, asked.accuracy_m, Source.AUTO, asked.sent_at,
    )  # fmt: skip


async def _fixed(act: Act, fixes: Sequence[Fix]) -> bool:
    report = await add_fixes(act.session, act.clock, fixes)
    if report.refused:
        raise Invalid(report.refused[0].code, "This position cannot be taken.")
    return bool(report.latest)
