"""Health, and the regions of this database."""

from __future__ import annotations

import importlib.metadata
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.responses import Response

from api.auth import ANYONE, requires
from api.bodies import answer
from api.contract import contract
from api.deps import AnchoringDep, LiveDep, LookoutDep, PartsDep, RegionName
from dispatch.kernel.errors import TarimError
from dispatch.roads.queries import get_region, list_regions
from dispatch.roads.tables import Region

router = APIRouter(tags=["service"])


class RegionOut(msgspec.Struct, frozen=True):
    """A region of this database. `network_version` 0: no roads yet."""

    name: str
    name_zh: str
    name_en: str
    schematic: Annotated[bool, Meta(description="Its roads are schematic: not for use on real roads.")]
    served: Annotated[bool, Meta(description="This service answers for it.")]
    network_version: int
    overlay_version: Annotated[int, Meta(description="Version of the closures.")]
    data_version: Annotated[int, Meta(description="Version of stations, units, hospitals, places and zones.")]
    created_at: datetime


class RegionsOut(msgspec.Struct, frozen=True):
    """All regions of this database, by name."""

    regions: list[RegionOut]


class HealthOut(msgspec.Struct, frozen=True):
    """Whether questions can be answered. `degraded`: they can, but something is wrong: `problem` says what."""

    status: Literal["ok", "degraded", "unavailable"]
    version: str
    region: str
    database: bool
    network_version: Annotated[int, Meta(description="Of the roads in use; 0 for none.")]
    overlay_version: int
    unwatched_frames: Annotated[int, Meta(description="Of vehicles' streams: kept, and not yet looked at for alarms.")]
    unwatched_s: Annotated[float, Meta(description="Seconds that the oldest of them has waited; usually below 2.")]
    problem: Annotated[str, Meta(description="What is wrong, in one sentence; empty if nothing is.")]


@router.get(
    "/health",
    summary="Whether the service can answer",
    description="200 while questions can be answered, 503 with the same body when not. Needs no login.",
    dependencies=[ANYONE],
    **contract(HealthOut),
)
async def health(live: LiveDep, parts: PartsDep, anchoring: AnchoringDep, lookout: LookoutDep) -> Response:
    """Tell how the service is."""
    problem, served = "", live.known
    try:
        served = await live.ask()
        problem, database = " ".join(filter(None, (served.problem, anchoring.problem, lookout.problem))), True
        status: Literal["ok", "degraded", "unavailable"] = "degraded" if problem else "ok"
    except TarimError as error:
        status, problem = "unavailable", error.message
        database = not error.code.startswith("database.")
    told = HealthOut(
        status=status,
        version=importlib.metadata.version("tarim"),
        region=parts.settings.region,
        database=database,
        network_version=served.network_version if served else 0,
        overlay_version=served.engine.overlay.version if served else 0,
        unwatched_frames=lookout.backlog.frames,
        unwatched_s=lookout.waits_s,
        problem=problem,
    )
    return answer(told, status=503 if status == "unavailable" else 200)


@router.get(
    "/regions",
    summary="Regions",
    description="All regions of this database; `served` marks the one this service answers for.",
    dependencies=[requires("roads.read")],
    **contract(RegionsOut),
)
async def regions(parts: PartsDep) -> Response:
    """List regions."""
    async with parts.database.read() as session:
        rows = await list_regions(session)
    return answer(RegionsOut([_told(row, parts.settings.region) for row in rows]))


@router.get(
    "/regions/{region}",
    summary="One region",
    description="A region of this database with its versions.",
    dependencies=[requires("roads.read")],
    **contract(RegionOut, problems=[404]),
)
async def region_named(parts: PartsDep, region: RegionName) -> Response:
    """Show one region."""
    async with parts.database.read() as session:
        row = await get_region(session, region)
    return answer(_told(row, parts.settings.region))


def _told(row: Region, served: str) -> RegionOut:
    return RegionOut(
        name=row.name,
        name_zh=row.name_zh,
        name_en=row.name_en,
        schematic=row.schematic,
        served=row.name == served,
        network_version=row.network_version,
        overlay_version=row.overlay_version,
        data_version=row.data_version,
        created_at=row.created_at,
    )
