"""Incidents: the board, one with all that belongs to it, opened and corrected."""

from __future__ import annotations

import contextlib
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.acting import IdempotencyKey, acting, told_of
from api.auth import DoorkeeperDep, must_may_anywhere, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep
from api.incidents.access import must_reach, reach_of
from api.incidents.board import INCIDENT_ROW_EXAMPLE, IncidentRow, incident_row
from api.incidents.examples import (
    HINTS_EXAMPLE,
    INCIDENT_EXAMPLE,
    INCIDENT_IN_EXAMPLE,
    INCIDENTS_EXAMPLE,
    PLACE_EXAMPLE,
)
from api.incidents.schemas import (
    HintOut,
    HintsOut,
    IncidentChangesIn,
    IncidentIn,
    IncidentOut,
    IncidentsOut,
    TellingIn,
)
from api.incidents.telling import told_incident, told_row
from api.regions.live import LiveRegion
from api.roads.asking import place_in_region
from api.spans import SpanQuery
from dispatch.accounts.rules_permissions import Principal, may, may_where_assigned
from dispatch.incidents.events_incidents import IncidentViewed
from dispatch.incidents.queries_board import MOST_ON_BOARD, list_board_incidents
from dispatch.incidents.queries_incidents import get_incident, list_hints
from dispatch.incidents.rules_duplicates import Telling
from dispatch.incidents.rules_places import PlaceGiven, point_of
from dispatch.incidents.rules_texts import personal_text
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service_incidents import Changes, NewIncident, edit_incident, open_incident
from dispatch.incidents.service_views import note_view
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.errors import TarimError
from dispatch.receiving.queries_access import MOST_REACHED, list_reached

router = APIRouter(prefix="/incidents", tags=["incidents"])
IncidentId = Annotated[UUID, Path(description="The incident's id; not its spoken number.")]
Reader = Annotated[Principal, requires("incidents.read")]
Writer = Annotated[Principal, requires("incidents.write")]
Whole = Annotated[bool, Query(description="Names, numbers and address in whole; leaves a line in the journal.")]
_new, _changes, _telling = Body(IncidentIn), Body(IncidentChangesIn), Body(TellingIn)
_TELLING: Final = {"lat": 40.5475, "lon": 81.2807, "accuracy_m": 150, "complaint": "K03", "phone": "13812341234"}


@router.get(
    "",
    summary="The board of incidents",
    description="Those that are not over. With `from` and `until`: all of that span of T0. Who does not dispatch sees "
    "what concerns the own organisation or vehicle.",
    **contract(IncidentsOut, example=INCIDENTS_EXAMPLE),
)
async def listed(door: DoorkeeperDep, actor: Reader, span: SpanQuery) -> Response:
    """List incidents."""
    region, reach = door.parts.settings.region, reach_of(actor, "incidents.read")
    async with door.parts.database.read() as session:
        ids = None if reach is None else await list_reached(session, region, reach, span=span)
        found = await list_board_incidents(session, region, ids, span=span)
    most = MOST_ON_BOARD if ids is None else MOST_REACHED
    return answer(IncidentsOut([incident_row(one) for one in found], len(found) == most))


@router.post(
    "",
    summary="Open an incident",
    description="Of a call or without one, in the first seconds: place, complaint and the rest can follow. Its spoken "
    "number is the next of the year. A place far outside the region is refused.",
    **contract(
        IncidentRow,
        body=IncidentIn,
        status=201,
        example=INCIDENT_ROW_EXAMPLE,
        body_examples={
            "chest pain, of a call": INCIDENT_IN_EXAMPLE,
            "nothing known but that it is urgent": {"priority": "P1"},
        },
        problems=[404, 409],
    ),
)
async def opened(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: Writer, idempotency_key: IdempotencyKey = None
) -> Response:
    """Open an incident."""
    asked = await _new.of(request)
    place = None if asked.place is None else await _in_region(live, asked.place.given())
    new = NewIncident(
        asked.priority,
        asked.complaint,
        asked.capabilities,
        place,
        asked.note,
        asked.call_id,
        told_of(asked, actor) or Told(),
        asked.people,
    )
    async with acting(door, actor) as act:
        incident_id = (await open_incident(act, new, key=idempotency_key)).id
    told = answer(await told_row(door, incident_id), status=201)
    told.headers["Location"] = f"/api/incidents/{incident_id}"
    return told


@router.post(
    "/duplicates",
    summary="Incidents that a call may be about",
    description="Open ones near its place, of its kind, or called about from the same number. Only hints: a person "
    "links the call, or opens another incident.",
    **contract(HintsOut, body=TellingIn, example=HINTS_EXAMPLE, body_examples={"what is known so far": _TELLING}),
)
async def duplicates(
    request: Request, door: DoorkeeperDep, actor: Annotated[Principal, requires("calls.take")]
) -> Response:
    """Look for duplicates."""
    must_may_anywhere(actor, "incidents.read")
    asked = await _telling.of(request)
    digest = ""
    if asked.phone:
        digest = door.digester.digest(PersonalKind.PHONE, personal_text(PersonalKind.PHONE, asked.phone))
    point = point_of(asked.lat, asked.lon, asked.datum)
    telling = Telling(door.parts.clock.now(), point, asked.accuracy_m, asked.complaint, digest)
    async with door.parts.database.read() as session:
        found = await list_hints(session, door.parts.settings.region, telling)
    return answer(
        HintsOut(
            [
                HintOut(one.incident_id, one.number, one.score, list(one.reasons), one.distance_m, one.age_s)
                for one in found
            ]
        )
    )


@router.get(
    "/{incident_id}",
    summary="One incident with all that belongs to it",
    description="Places, calls, notes, priorities, patients and assignments. Names and numbers are masked, and the "
    "address once it is over; `whole` tells them to whoever reaches the incident, callers' numbers to dispatchers and "
    "to the crew.",
    **contract(IncidentOut, example=INCIDENT_EXAMPLE, problems=[404]),
)
async def shown(door: DoorkeeperDep, actor: Reader, incident_id: IncidentId, whole: Whole = False) -> Response:
    """Show an incident."""
    if whole:
        must_may_anywhere(actor, "patients.read")
    numbers = may(actor, "calls.read") or may_where_assigned(actor, "incidents.read")
    async with acting(door, actor) as act:
        await must_reach(act.session, act.region, actor, "incidents.read", incident_id)
        if whole:
            await must_reach(act.session, act.region, actor, "patients.read", incident_id)
        incident = await get_incident(act.session, act.region, incident_id)
        told = await told_incident(act.session, incident, act.clock.now(), whole=whole, numbers=numbers)
        if whole:
            await note_view(act, IncidentViewed(incident_id=incident_id, record=False))
    return answer(told)


@router.patch(
    "/{incident_id}",
    summary="Correct place, complaint, needed capabilities or number of people",
    description="Earlier places are kept. Words alone do not undo a point that is known.",
    **contract(
        IncidentRow,
        body=IncidentChangesIn,
        example=INCIDENT_ROW_EXAMPLE,
        body_examples={"a place": {"version": 2, "place": PLACE_EXAMPLE}, "a card": {"version": 2, "complaint": "K05"}},
        problems=[404, 409],
    ),
)
async def edited(
    request: Request, door: DoorkeeperDep, live: LiveDep, actor: Writer, incident_id: IncidentId
) -> Response:
    """Edit an incident."""
    asked = await _changes.of(request)
    place = None if asked.place is None else await _in_region(live, asked.place.given())
    changes = Changes(place, asked.complaint, asked.capabilities, asked.people)
    async with acting(door, actor) as act:
        await edit_incident(act, incident_id, changes, expected_version=asked.version, told=told_of(asked, actor))
    return answer(await told_row(door, incident_id))


async def _in_region(live: LiveRegion, given: PlaceGiven) -> PlaceGiven:
    """Refuse a place far outside the region's roads, such as one whose numbers were swapped. Raises BadCoordinates.

    Where no roads can be had nothing is known of the region, and nothing is refused: people still call.
    """
    point = point_of(given.lat, given.lon, given.datum)
    served = None
    with contextlib.suppress(TarimError):
        served = await live.ask() if point is not None else None
    if point is not None and served is not None:
        place_in_region(point, served.network, served.name, [])
    return given
