"""Every question to detections and watches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.queries_incidents import ACTIVE_STATES
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.errors import NotFound
from dispatch.telemetry.detection.rules import Found, Subject
from dispatch.telemetry.detection.states import Side
from dispatch.telemetry.detection.tables import Detection, DetectionAcknowledgement
from dispatch.units.tables import Unit

MOST_LISTED: Final = 500
Seat = tuple[Side, str]
"""A side, and the hospital's organisation; "" for the other sides."""
_RANKS: Final = {str(priority): rank for rank, priority in enumerate(AlarmPriority)}


async def get_detection(session: AsyncSession, region: str, id_: UUID) -> Detection:
    """One of a region, locked. Raises NotFound (`detection.not_found`)."""
    query = select(Detection).join(Unit, Unit.id == Detection.unit_id).where(Detection.id == id_, Unit.region == region)
    found = await session.scalar(query.with_for_update(of=Detection))
    if found is None:
        raise NotFound("detection.not_found", "There is no such detection in this region.")
    return found


async def list_open(
    session: AsyncSession, region: str, seats: Collection[Seat], *, incident_ids: Collection[UUID] | None = None
) -> Sequence[Detection]:
    """What goes on, and alarms that were over before these sides acknowledged them; of incidents that are not over.

    incident_ids: of these only; None: of all. High before medium before low before offers, then the newest first.
    """
    waits: list[ColumnElement[bool]] = [and_(Detection.ended_at.is_(None), ~Detection.late)]
    if seats:
        waits.append(and_(Detection.kind == "alarm", ~_acknowledged(seats)))
    query = (
        select(Detection)
        .join(Incident, Incident.id == Detection.incident_id)
        .where(Incident.region == region, Incident.state.in_(ACTIVE_STATES), or_(*waits))
    )
    return await _listed(session, query, incident_ids)


async def list_kept(
    session: AsyncSession, region: str, incident_id: UUID, *, patient_id: UUID | None = None
) -> Sequence[Detection]:
    """All of an incident, or of one of its patients, in the order of `list_open`."""
    query = select(Detection).join(Incident, Incident.id == Detection.incident_id).where(Incident.region == region)
    if patient_id is not None:
        query = query.where(Detection.patient_id == patient_id)
    return await _listed(session, query, [incident_id])


async def list_acknowledgements(
    session: AsyncSession, ids: Collection[UUID]
) -> Mapping[UUID, Sequence[DetectionAcknowledgement]]:
    """Who acknowledged, the earliest first, by detection."""
    query = select(DetectionAcknowledgement).where(DetectionAcknowledgement.detection_id.in_(ids))
    found: defaultdict[UUID, list[DetectionAcknowledgement]] = defaultdict(list)
    for row in await session.scalars(query.order_by(DetectionAcknowledgement.at)):
        found[row.detection_id].append(row)
    return found


async def find_newest(session: AsyncSession, found: Found) -> Detection | None:
    """The newest of the same thing at the same subject, locked; of late data the same finding only."""
    query = select(Detection).where(_same(found.subject), Detection.code == found.sign.code)
    if not found.late:
        query = query.where(~Detection.late)
    elif found.sign.over:
        query = query.where(Detection.late, Detection.began_at <= found.sign.at)
    else:
        query = query.where(Detection.began_at == found.sign.began_at)
    newest = query.order_by(Detection.ended_at.is_(None).desc(), Detection.began_at.desc()).limit(1)
    row: Detection | None = await session.scalar(newest.with_for_update().execution_options(populate_existing=True))
    return row


async def list_running(session: AsyncSession, unit_ids: Collection[UUID]) -> Sequence[Detection]:
    """What goes on at some vehicles, of data that were not late."""
    query = select(Detection).where(Detection.unit_id.in_(unit_ids), Detection.ended_at.is_(None), ~Detection.late)
    return (await session.scalars(query)).all()


async def organisations_of(session: AsyncSession, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Whose these vehicles are."""
    rows = await session.execute(select(Unit.id, Unit.organisation).where(Unit.id.in_(unit_ids)))
    return {row.id: row.organisation for row in rows}


def _same(subject: Subject) -> ColumnElement[bool]:
    return and_(
        Detection.unit_id == subject.unit_id,
        Detection.slot == subject.slot,
        Detection.patient_id.is_not_distinct_from(subject.patient_id),
        Detection.assignment_id.is_not_distinct_from(subject.assignment_id),
    )


def _acknowledged(seats: Collection[Seat]) -> ColumnElement[bool]:
    by = [
        and_(DetectionAcknowledgement.side == str(side), DetectionAcknowledgement.organisation == organisation)
        for side, organisation in sorted(seats)
    ]
    wanted = select(DetectionAcknowledgement.detection_id)
    return wanted.where(DetectionAcknowledgement.detection_id == Detection.id, or_(*by)).exists()


async def _listed(
    session: AsyncSession, query: Select[Detection], incident_ids: Collection[UUID] | None
) -> Sequence[Detection]:
    if incident_ids is not None:
        query = query.where(Detection.incident_id.in_(incident_ids))
    rank = case(_RANKS, value=Detection.priority, else_=len(_RANKS))
    query = query.order_by(rank, Detection.began_at.desc(), Detection.id).limit(MOST_LISTED)
    return (await session.scalars(query)).all()
