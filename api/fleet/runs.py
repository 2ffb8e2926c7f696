"""Timed runs: stand-by at events and planned transfers."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep, must_may
from api.bodies import Body, answer
from api.contract import contract
from api.deps import PartsDep
from api.errors import FieldError, ProblemError
from api.fleet.examples import FLEET_ROW, TIMED_RUN
from api.fleet.reporting import STATUS, UnitId, dispatchers, source_of
from api.fleet.schemas_runs import RunEndIn, RunStepOut, RunTimesIn, TimedRunIn, TimedRunOut, TimedRunsOut
from api.fleet.telling import run_out, unit_now
from api.fleet.units import Reader, span_of
from api.fleet.when import WhenIn
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.service_following import begin_timed_run, end_timed_run
from dispatch.incidents.service import Act
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_duty import get_run, list_runs
from dispatch.units.service_runs import RunPlan, cancel_run, move_run, plan_run
from geo.points import GeoPoint

router = APIRouter(tags=["timed runs"])

Planner = Annotated[Principal, dispatchers()]
RunId = Annotated[UUID, Path(description="The run's id.")]
_plan = Body(TimedRunIn)
_times = Body(RunTimesIn)
_when = Body(WhenIn)
_end = Body(RunEndIn)
_STEP: Final = {"run": TIMED_RUN | {"state": "started", "started_at": "2026-11-22T09:30:00Z"}, "unit": FLEET_ROW}


@router.get(
    "/fleet/{unit_id}/runs",
    summary="Timed runs of a unit",
    description="Those that touch the span from `from` until `until`; without them the last 24 hours.",
    **contract(TimedRunsOut, problems=[404], example={"runs": [TIMED_RUN]}),
)
async def listed(parts: PartsDep, _actor: Reader, unit_id: UnitId, span: SpanQuery) -> Response:
    """List timed runs."""
    begin_at, end_at = span_of(span, parts.clock.now())
    async with parts.database.read() as session:
        await get_unit_by_id(session, parts.settings.region, unit_id)
        found = await list_runs(session, unit_id=unit_id, from_at=begin_at, until_at=end_at)
    return answer(TimedRunsOut([run_out(run) for run in found]))


@router.post(
    "/fleet/{unit_id}/runs",
    summary="Plan a timed run",
    description="A stand-by at an event or a planned transfer. It may lie in the past: entered afterwards. No two of "
    "one unit overlap.",
    **contract(
        TimedRunOut,
        body=TimedRunIn,
        status=201,
        example=TIMED_RUN,
        problems=[404, 409],
        body_examples={
            "an event": {
                "kind": "standby",
                "from_at": "2026-11-22T09:30:00Z",
                "until_at": "2026-11-22T13:30:00Z",
                "place": "示例体育馆",
            }
        },
    ),
)
async def plan(request: Request, door: DoorkeeperDep, actor: Planner, unit_id: UnitId) -> Response:
    """Plan a run."""
    asked = await _plan.of(request)
    point = None
    if (asked.lat is None) != (asked.lon is None):
        raise ProblemError("request.invalid", "A point has both.", fields=[FieldError("lat", "without lon")])
    if asked.lat is not None and asked.lon is not None:
        point = GeoPoint(lat=asked.lat, lon=asked.lon)
    async with acting(door, actor) as act:
        unit = await get_unit_by_id(act.session, act.region, unit_id)
        must_may(actor, STATUS, unit.organisation)
        planned = RunPlan(asked.kind, asked.from_at, asked.until_at, asked.place, point)
        run = await plan_run(act.session, act.clock, act.context, unit_id, planned)
        return answer(run_out(run), status=201)


@router.patch(
    "/runs/{run_id}",
    summary="Give a timed run other times",
    description="Of one that has begun only the end can change.",
    **contract(
        TimedRunOut,
        body=RunTimesIn,
        example=TIMED_RUN | {"version": 2},
        problems=[404, 409],
        body_examples={
            "an hour longer": {"from_at": "2026-11-22T09:30:00Z", "until_at": "2026-11-22T14:30:00Z", "version": 1}
        },
    ),
)
async def move(request: Request, door: DoorkeeperDep, actor: Planner, run_id: RunId) -> Response:
    """Move a run."""
    asked = await _times.of(request)
    async with acting(door, actor) as act:
        await _unit_of(act, actor, run_id)
        run = await move_run(
            act.session, act.clock, act.context, run_id, asked.from_at, asked.until_at, expected_version=asked.version
        )
        return answer(run_out(run))


@router.post(
    "/runs/{run_id}/start",
    summary="Begin a timed run",
    description="The unit's status becomes `standby` or `transfer`.",
    **contract(RunStepOut, body=WhenIn, example=_STEP, problems=[404, 409], body_examples={"now": {}}),
)
async def start(request: Request, door: DoorkeeperDep, actor: Planner, run_id: RunId) -> Response:
    """Begin a run."""
    asked = await _when.of(request)
    async with acting(door, actor) as act:
        await _unit_of(act, actor, run_id)
        await begin_timed_run(act, run_id, at=asked.at, source=source_of(asked.source, dispatcher=True))
        return await _step(act, run_id)


@router.post(
    "/runs/{run_id}/end",
    summary="End a timed run",
    description="The unit's status becomes `status`. Any other change of its status ends the run too.",
    **contract(RunStepOut, body=RunEndIn, example=_STEP, problems=[404, 409], body_examples={"now": {}}),
)
async def end(request: Request, door: DoorkeeperDep, actor: Planner, run_id: RunId) -> Response:
    """End a run."""
    asked = await _end.of(request)
    async with acting(door, actor) as act:
        await _unit_of(act, actor, run_id)
        source = source_of(asked.source, dispatcher=True)
        await end_timed_run(act, run_id, at=asked.at, status=asked.status, source=source)
        return await _step(act, run_id)


@router.post(
    "/runs/{run_id}/cancel",
    summary="Cancel a timed run",
    description="One that has not begun. Saying it again changes nothing.",
    **contract(TimedRunOut, example=TIMED_RUN | {"state": "cancelled"}, problems=[404, 409]),
)
async def cancel(door: DoorkeeperDep, actor: Planner, run_id: RunId) -> Response:
    """Cancel a run."""
    async with acting(door, actor) as act:
        await _unit_of(act, actor, run_id)
        return answer(run_out(await cancel_run(act.session, act.clock, act.context, run_id)))


async def _unit_of(act: Act, actor: Principal, run_id: UUID) -> UUID:
    """The unit whose run it is. Raises NotFound (`run.not_found`, `unit.not_found`), ProblemError."""
    unit = await get_unit_by_id(act.session, act.region, (await get_run(act.session, run_id)).unit_id)
    must_may(actor, STATUS, unit.organisation)
    return unit.id


async def _step(act: Act, run_id: UUID) -> Response:
    run = await get_run(act.session, run_id)
    unit = await unit_now(act.session, act.region, act.clock.now(), run.unit_id)
    return answer(RunStepOut(run_out(run), unit))
