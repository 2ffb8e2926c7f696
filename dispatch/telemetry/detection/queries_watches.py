"""What is to be watched of vehicles under way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.alone_known import Family
from dispatch.telemetry.detection.rules_places import Watched
from dispatch.telemetry.detection.states import Goal
from dispatch.telemetry.detection.tables import Detection, Watch
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables_duty import UnitStatusRow
from geo.points import GeoPoint

_THERE = {Goal.SCENE: (UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT), Goal.HOSPITAL: (UnitStatus.AT_HOSPITAL,)}
_UNDER_WAY = {Goal.SCENE: (UnitStatus.EN_ROUTE, UnitStatus.STAGING), Goal.HOSPITAL: (UnitStatus.TRANSPORTING,)}


async def list_watched(session: AsyncSession, unit_ids: Collection[UUID]) -> list[Watched]:
    """What is watched of these vehicles now. A scene is where its incident has its newest place."""
    rows = await session.execute(
        select(Watch, Incident.lat, Incident.lon, UnitStatusRow.status)
        .join(Incident, Incident.id == Watch.incident_id)
        .outerjoin(UnitStatusRow, UnitStatusRow.unit_id == Watch.unit_id)
        .where(Watch.unit_id == any_(literal(list(unit_ids), ARRAY(Uuid))), Watch.ended_at.is_(None))
    )
    found: list[Watched] = []
    for row, lat, lon, status in rows:
        goal = Goal(row.goal)
        point = GeoPoint(lat=row.lat, lon=row.lon)
        if goal is Goal.SCENE and lat is not None and lon is not None:
            point = GeoPoint(lat=lat, lon=lon)
        found.append(
            Watched(
                row.id, row.unit_id, row.assignment_id, row.incident_id, goal, point, row.radius_m, row.off_route_m,
                row.stopped_s, status in _UNDER_WAY[goal], status in _THERE[goal], row.set_at,
            )
        )  # fmt: skip
    return found


_WATCHES: Final = Family(Watch, "assignment_id")
_FOUND: Final = Family(Detection, "assignment_id")


async def list_watches(session: AsyncSession, assignment_id: UUID) -> Sequence[Watch]:
    """The watches of an assignment that are not over, locked."""
    known = _WATCHES.known(session, assignment_id)
    if known is not None:
        return [one for one in known if one.ended_at is None]
    query = select(Watch).where(Watch.assignment_id == assignment_id, Watch.ended_at.is_(None)).with_for_update()
    found = (await session.scalars(query)).all()
    _WATCHES.know(session, assignment_id, found)
    return found


async def list_known(session: AsyncSession, assignment_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Assignment and code of all that was found of the vehicles on them, over or not."""
    query = select(Detection.assignment_id, Detection.code).where(
        Detection.assignment_id == any_(literal(list(assignment_ids), ARRAY(Uuid))), Detection.slot == 0
    )
    return {(run, code) for run, code in await session.execute(query.distinct()) if run is not None}


_FOUND_OF: Final = (
    select(Detection)
    .where(Detection.assignment_id == bindparam("assignment_id"), Detection.ended_at.is_(None))
    .with_for_update()
)


async def list_found_of(session: AsyncSession, assignment_id: UUID) -> Sequence[Detection]:
    """What goes on at the vehicle of an assignment, locked."""
    known = _FOUND.known(session, assignment_id)
    if known is not None:
        return [one for one in known if one.ended_at is None]
    return (await session.scalars(_FOUND_OF, {"assignment_id": assignment_id})).all()
