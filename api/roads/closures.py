"""Closures and slow-downs: list, add, lift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
import shapely
from fastapi import APIRouter, Path, Query, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, begin, requires
from api.bodies import Body, answer
from api.contract import contract
from api.deps import LiveDep, PartsDep
from api.names import names_of_actors
from api.parts import Parts
from api.roads.asking import place_in_region, point_of
from api.roads.schemas import PlaceIn, PlaceOut
from dispatch.accounts.rules_permissions import Principal
from dispatch.roads.queries import as_closure, list_closures
from dispatch.roads.rules import ClosureDraft
from dispatch.roads.service import add_closure, lift_closure
from dispatch.roads.states import ClosureKind
from dispatch.roads.tables import ClosureRow
from geo.datum import Datum
from geo.engine import RoadEngine
from geo.errors import BadClosure

router = APIRouter(prefix="/closures", tags=["closures"])


class ClosureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which roads, for how long, and why; who says so is who is logged in. Name the roads in exactly one way."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, examples=["洪水 flood"])]
    ways: Annotated[list[int], Meta(max_length=5_000, description="OSM way ids.")] = []
    edges: Annotated[list[int], Meta(max_length=5_000, description="Edges of the network `network_version`.")] = []
    network_version: int | None = None
    polygon: Annotated[dict[str, Any], Meta(description="GeoJSON Polygon or MultiPolygon, WGS-84.")] | None = None
    centre: PlaceIn | None = None
    radius_m: Annotated[float, Meta(gt=0, le=100_000, description="Metres around `centre`.")] | None = None
    datum: Annotated[Datum, Meta(description="What `centre` is given in.")] = Datum.WGS84
    speed_factor: Annotated[
        float, Meta(ge=0, lt=1, description="0 closes the road; 0.01 to below 1 slows it to that share.")
    ] = 0.0
    active_from: Annotated[datetime, Meta(tz=True, description="ISO 8601 with zone; null: now.")] | None = None
    active_until: Annotated[datetime, Meta(tz=True, description="Null: until it is lifted.")] | None = None


class ClosureOut(msgspec.Struct, frozen=True):
    """A closure as it is kept."""

    id: UUID
    kind: ClosureKind
    ways: list[int]
    edges: list[int]
    network_version: int | None
    stale_network: Annotated[bool, Meta(description="Its edges were of an older network; it is out of force.")]
    polygon: Annotated[dict[str, Any], Meta(description="GeoJSON, WGS-84.")] | None
    centre: PlaceOut | None
    radius_m: float | None
    speed_factor: float
    active_from: datetime
    active_until: datetime | None
    active: Annotated[bool, Meta(description="In force now.")]
    reason: Annotated[str, Meta(description="A dash once it is erased.")]
    reason_erased_at: Annotated[datetime | None, Meta(description="When the words were erased by law.")]
    author: Annotated[str, Meta(description="`person:ID`, or what was said on the command line.")]
    author_name: Annotated[str | None, Meta(description="That person's name; null once it is erased.")]
    created_at: datetime
    lifted_at: datetime | None
    lifted_by: Annotated[str | None, Meta(description="As `author`.")]
    lifted_by_name: str | None


class ClosuresOut(msgspec.Struct, frozen=True):
    """Closures, oldest first."""

    closures: list[ClosureOut]


_body = Body(ClosureIn)
NO_NAMES: Final[Mapping[str, str]] = {}
Closer = Annotated[Principal, requires("closures.write")]
_EXAMPLE = {"reason": "洪水 flood", "centre": {"lat": 41.17, "lon": 80.26}, "radius_m": 300}


@router.get(
    "",
    summary="Closures and slow-downs",
    description="Those not lifted; with `active_only` those in force now, with `include_lifted` the whole record.",
    **contract(ClosuresOut, problems=[404]),
)
async def listed(
    parts: PartsDep,
    _actor: Annotated[Principal, requires("closures.read")],
    active_only: Annotated[bool, Query(description="Only those in force now.")] = False,
    include_lifted: Annotated[bool, Query(description="Lifted ones too.")] = False,
) -> Response:
    """List closures."""
    now = parts.clock.now()
    async with parts.database.read() as session:
        rows = await list_closures(
            session,
            parts.settings.region,
            active_at=now if active_only else None,
            include_lifted=include_lifted and not active_only,
        )
    names = await names_of(parts, rows)
    told = [closure_out(row, now, names) for row in rows if not (active_only and row.stale_network)]
    return answer(ClosuresOut(told))


@router.post(
    "",
    summary="Close roads or slow them down",
    description="Holds for every answer that is asked for after this one came back, in every process.",
    **contract(
        ClosureOut, body=ClosureIn, status=201, problems=[404, 409], body_examples={"a circle of 300 m": _EXAMPLE}
    ),
)
async def add(request: Request, live: LiveDep, parts: PartsDep, door: DoorkeeperDep, actor: Closer) -> Response:
    """Add a closure."""
    asked = await _body.of(request)
    served = await live.ask()
    draft = ClosureDraft(
        reason=asked.reason,
        author=str(actor.actor),
        speed_factor=asked.speed_factor,
        active_from=asked.active_from,
        active_until=asked.active_until,
        ways=tuple(asked.ways),
        edges=tuple(asked.edges),
        network_version=asked.network_version,
        polygon=asked.polygon,
        centre=None if asked.centre is None else point_of(asked.centre, asked.datum),
        radius_m=asked.radius_m,
    )
    if draft.centre is not None:
        place_in_region(draft.centre, served.network, served.name, [])
    context = begin(door, actor)
    async with parts.database.write() as session:
        row = await add_closure(session, parts.clock, context, parts.settings.region, draft)
        touches_roads(row, served.engine)
    names = await names_of(parts, [row])
    told = answer(closure_out(row, parts.clock.now(), names), status=201)
    told.headers["Location"] = f"/api/closures/{row.id}"
    return told


@router.delete(
    "/{closure_id}",
    summary="Lift a closure",
    description="Takes it out of force. Its record stays, with who lifted it and when.",
    **contract(ClosureOut, problems=[404, 409]),
)
async def lift(
    parts: PartsDep,
    door: DoorkeeperDep,
    actor: Closer,
    closure_id: Annotated[UUID, Path(description="The closure's id.")],
) -> Response:
    """Lift a closure."""
    context = begin(door, actor)
    async with parts.database.write() as session:
        row = await lift_closure(session, parts.clock, context, parts.settings.region, closure_id, str(actor.actor))
    names = await names_of(parts, [row])
    return answer(closure_out(row, parts.clock.now(), names))


def touches_roads(row: ClosureRow, engine: RoadEngine) -> int:
    """Return how many edges a closure touches. Raises BadClosure when there is none: nobody wants such a closure."""
    count = len(engine.edges_closed(as_closure(row)))
    if count == 0:
        raise BadClosure("The closure touches no road of this network.", "Check the ids, or the place and the radius.")
    return count


async def names_of(parts: Parts, rows: Iterable[ClosureRow]) -> dict[str, str]:
    """Return the present names of those who made and lifted these closures, by `person:ID`."""
    async with parts.database.read() as session:
        return await names_of_actors(session, (text for row in rows for text in (row.author, row.lifted_by)))


def closure_out(row: ClosureRow, now: datetime, names: Mapping[str, str] = NO_NAMES) -> ClosureOut:
    """Tell a closure, with the names of `names_of`."""
    begun = row.active_from <= now and (row.active_until is None or now < row.active_until)
    centre = None
    if row.centre_lat is not None and row.centre_lon is not None:
        centre = PlaceOut(row.centre_lat, row.centre_lon)
    return ClosureOut(
        id=row.id,
        kind=ClosureKind(row.kind),
        ways=list(row.ways or ()),
        edges=list(row.edges or ()),
        network_version=row.network_version,
        stale_network=row.stale_network,
        polygon=None if row.polygon is None else shapely.geometry.mapping(shapely.from_wkb(row.polygon)),
        centre=centre,
        radius_m=row.radius_m,
        speed_factor=row.speed_factor,
        active_from=row.active_from,
        active_until=row.active_until,
        active=begun and row.lifted_at is None and not row.stale_network,
        reason=row.reason,
        reason_erased_at=row.reason_erased_at,
        author=row.author,
        author_name=names.get(row.author),
        created_at=row.created_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
        lifted_by_name=names.get(row.lifted_by or ""),
    )
