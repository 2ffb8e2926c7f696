"""Assignments: the board, one with its times, its way, times that no status tells, and when a unit will be free."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep, PartsDep
from api.dispatching.access import AssignmentId, Reader, own_unit, seen_assignment, sees_all
from api.dispatching.arrivals import Arrivals, arrival_out
from api.dispatching.board import AssignmentRow, rows
from api.dispatching.examples import ASSIGNMENT, ASSIGNMENT_ROW, ASSIGNMENTS, PATH, TIME_TOLD
from api.dispatching.paths import path_of
from api.dispatching.schemas import (
    AssignmentOut,
    AssignmentsOut,
    ClearingIn,
    PathOut,
    TimeCorrectionIn,
    TimeTellIn,
    TimeToldOut,
)
from api.dispatching.telling import row_now, time_out, versions_out
from api.errors import FieldError, ProblemError
from api.figures import figures_of
from api.fleet.reporting import STATUS, Reporter, reported_unit, source_of
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.queries import (
    get_assignment,
    get_told,
    list_of_incident,
    list_runs_now,
    list_times,
    list_told,
)
from dispatch.dispatching.service_arrivals import goal_now
from dispatch.dispatching.service_times import correct_time, project_clearing, tell_time
from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import AssignmentTime
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Refused
from dispatch.units.queries_duty import list_entries
from dispatch.units.queries_fleet import get_duty_unit
from geo.points import GeoPoint

router = APIRouter(tags=["assignments"])

_tell = Body(TimeTellIn)
_clearing = Body(ClearingIn)
_correction = Body(TimeCorrectionIn)


@router.get(
    "/assignments",
    summary="Assignments",
    description=(
        "The active ones; with `incident_id` all of an incident, those that ended too. `arrivals` tells when each unit "
        "under way will be there, by the roads and closures as they are now. A crew and a vehicle's device see those "
        "of their own vehicle."
    ),
    **contract(AssignmentsOut, problems=[404], example=ASSIGNMENTS),
)
async def listed(
    request: Request,
    parts: PartsDep,
    actor: Reader,
    incident_id: Annotated[UUID | None, Query(description="All of this incident.")] = None,
) -> Response:
    """List assignments."""
    region, now = parts.settings.region, parts.clock.now()
    arrivals: Arrivals = request.app.state.arrivals
    async with parts.database.read() as session:
        ids = None if incident_id is None else [one.id for one in await list_of_incident(session, incident_id)]
        found = await rows(session, region, now, ids, figures=figures_of(parts.settings))
        if not sees_all(actor):
            mine = await own_unit(session, region, actor)
            found = [row for row in found if row.unit_id == mine]
        coming = await arrivals.now(session, region, now, {row.unit_id for row in found})
    told = [arrival_out(coming[row.id]) for row in found if row.id in coming]
    return answer(AssignmentsOut(found, told, now))


@router.get(
    "/assignments/{assignment_id}",
    summary="One assignment with its times",
    description="T3 to T12 and TX, each with its source, and all that was told of them with its corrections.",
    **contract(AssignmentOut, problems=[404], example=ASSIGNMENT),
)
async def one(request: Request, parts: PartsDep, actor: Reader, assignment_id: AssignmentId) -> Response:
    """Show an assignment."""
    region, now = parts.settings.region, parts.clock.now()
    arrivals: Arrivals = request.app.state.arrivals
    async with parts.database.read() as session:
        found = await seen_assignment(session, region, actor, assignment_id)
        (row,) = await rows(session, region, now, [assignment_id], figures=figures_of(parts.settings))
        times = await list_times(session, found)
        entries = await list_entries(session, found.unit_id, run_id=found.id, all_versions=True)
        told = await list_told(session, found.id, all_versions=True)
        actors = [*(one.actor for one in times), *(one.actor for one in entries), *(one.actor for one in told)]
        names = await names_of_actors(session, actors)
        coming = (await arrivals.now(session, region, now, [found.unit_id])).get(found.id)
    return answer(
        AssignmentOut(
            assignment=row,
            arrival=None if coming is None else arrival_out(coming),
            times=[time_out(known, names) for known in times],
            versions=versions_out(entries, told, names),
        )
    )


@router.get(
    "/assignments/{assignment_id}/path",
    summary="The way of a unit that is under way",
    description="From its last position to its scene, with a patient on board to its hospital; closures of now count.",
    **contract(PathOut, problems=[404, 409], example=PATH),
)
async def path(live: LiveDep, parts: PartsDep, actor: Reader, assignment_id: AssignmentId) -> Response:
    """Draw the way of a unit."""
    served, region, now = await live.ask(), parts.settings.region, parts.clock.now()
    async with parts.database.read() as session:
        found = await seen_assignment(session, region, actor, assignment_id)
        unit = await get_duty_unit(session, found.unit_id, now)
        run = next((run for run in await list_runs_now(session, region) if run.assignment_id == found.id), None)
    going = None if run is None else goal_now(unit, run)
    if going is None:
        raise Refused("assignment.not_under_way", "This unit is not on its way to a place that is known.")
    goal, target = going
    return answer(await path_of(served, now, unit.id, unit.size, goal, unit.reckoning.point, target))


@router.post(
    "/assignments/{assignment_id}/times",
    summary="Tell a time that no status tells",
    description="T4, acknowledged, and T10, handed over. Saying it again changes nothing; on a run that is over it is "
    "kept.",
    **contract(
        TimeToldOut,
        body=TimeTellIn,
        status=201,
        example=TIME_TOLD,
        problems=[404, 409],
        body_examples={"acknowledged": {"point": "T4"}, "by radio": {"point": "T4", "source": "voice"}},
    ),
)
async def tell(request: Request, door: DoorkeeperDep, actor: Reporter, assignment_id: AssignmentId) -> Response:
    """Tell T4 or T10."""
    asked = await _tell.of(request)
    async with acting(door, actor) as act:
        found = await get_assignment(act.session, act.region, assignment_id)
        _, dispatcher = await reported_unit(act.session, act.region, actor, found.unit_id)
        source = source_of(asked.source, dispatcher=dispatcher)
        row = await tell_time(act, assignment_id, asked.point, at=asked.at, sent_at=asked.sent_at, source=source)
        return await _told(door, act, row, status=201)


@router.post(
    "/assignment-times/{time_id}/correction",
    summary="Correct a told time",
    description="T4 or T10; the earlier version stays. The other times are corrected at /status-entries.",
    **contract(
        TimeToldOut,
        body=TimeCorrectionIn,
        example=TIME_TOLD,
        problems=[404, 409],
        body_examples={"another time": {"at": "2026-11-22T09:30:20Z", "source": "voice"}},
    ),
)
async def correct(
    request: Request,
    door: DoorkeeperDep,
    actor: Annotated[Principal, requires(STATUS)],
    time_id: Annotated[UUID, Path(description="The told time's id.")],
) -> Response:
    """Correct T4 or T10."""
    asked = await _correction.of(request)
    async with acting(door, actor) as act:
        await get_assignment(act.session, act.region, (await get_told(act.session, time_id)).assignment_id)
        row = await correct_time(act, time_id, asked.at, source=source_of(asked.source, dispatcher=True))
        return await _told(door, act, row)


@router.post(
    "/assignments/{assignment_id}/clearing",
    summary="Say when and where a unit will be free",
    description="As a crew or a dispatcher projects it, and to which hospital it goes: choices count it from then on.",
    **contract(
        AssignmentRow,
        body=ClearingIn,
        example=ASSIGNMENT_ROW,
        problems=[404, 409],
        body_examples={"at a hospital": {"clear_at": "2026-11-22T10:15:00Z"}},
    ),
)
async def clearing(request: Request, door: DoorkeeperDep, actor: Reporter, assignment_id: AssignmentId) -> Response:
    """Project clearing."""
    asked = await _clearing.of(request)
    point = None
    if (asked.lat is None) != (asked.lon is None):
        raise ProblemError("request.invalid", "A point has both.", fields=[FieldError("lat", "without lon")])
    if asked.lat is not None and asked.lon is not None:
        point = GeoPoint(lat=asked.lat, lon=asked.lon)
    async with acting(door, actor) as act:
        found = await get_assignment(act.session, act.region, assignment_id)
        await reported_unit(act.session, act.region, actor, found.unit_id)
        if asked.destination_id is not None:
            await get_hospital(act.session, act.region, asked.destination_id)
        await project_clearing(act, assignment_id, asked.clear_at, point=point, destination_id=asked.destination_id)
        return answer(await row_now(act, assignment_id, figures_of(door.parts.settings)))


async def _told(door: Doorkeeper, act: Act, row: AssignmentTime, *, status: int = 200) -> Response:
    assignment = await row_now(act, row.assignment_id, figures_of(door.parts.settings))
    return answer(TimeToldOut(row.id, Point(row.point), row.at, assignment), status=status)
