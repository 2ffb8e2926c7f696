"""Hospitals of the served region, to read."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.responses import Response

from api.auth import requires
from api.bodies import answer
from api.contract import contract
from api.deps import PartsDep
from dispatch.hospitals.queries import list_hospitals
from dispatch.kernel.organisations import System

router = APIRouter(tags=["hospitals"], dependencies=[requires("fleet.read")])


class HospitalOut(msgspec.Struct, frozen=True):
    """A hospital. `id` is the code by which files name it."""

    id: str
    key: Annotated[UUID, Meta(description="Where a patient or a unit goes: `destination_id` of other routes.")]
    name_zh: str
    name_en: str
    name_ug: str
    organisation: str
    system: Annotated[System, Meta(description="civil: 地方. corps: 兵团.")]
    level: Annotated[str, Meta(description="Grade such as 3A; empty if not known.", examples=["3A"])]
    capabilities: list[str]
    beds: int | None
    lat: Annotated[float, Meta(description="Degrees north, WGS-84.")]
    lon: Annotated[float, Meta(description="Degrees east, WGS-84.")]


class HospitalsOut(msgspec.Struct, frozen=True):
    """Hospitals by id."""

    hospitals: list[HospitalOut]


@router.get(
    "/hospitals",
    summary="Hospitals",
    description="The hospitals of the served region with their grade and what they can take.",
    **contract(HospitalsOut, problems=[404]),
)
async def hospitals(parts: PartsDep) -> Response:
    """List hospitals."""
    async with parts.database.read() as session:
        rows = await list_hospitals(session, parts.settings.region)
    told = [
        HospitalOut(
            id=row.code,
            key=row.id,
            name_zh=row.name_zh,
            name_en=row.name_en,
            name_ug=row.name_ug,
            organisation=row.organisation,
            system=System(row.system),
            level=row.level,
            capabilities=list(row.capabilities),
            beds=row.beds,
            lat=row.lat,
            lon=row.lon,
        )
        for row in rows
    ]
    return answer(HospitalsOut(told))
