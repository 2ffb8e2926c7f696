"""Every question to the tables of incidents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.rules_duplicates import Hint, Known, Limits, Telling, hints, reach_m
from dispatch.incidents.rules_priority import PriorityChange
from dispatch.incidents.states_incidents import ACTIVE, Priority, PriorityMove
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import Call, IncidentCall
from dispatch.incidents.tables_incidents import Incident, IncidentPlace, Note, PriorityStep
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.alone_known import Family, know_row, known_row
from dispatch.kernel.errors import NotFound
from geo.points import METRES_PER_DEGREE, GeoPoint

_KNOWN_LIMIT: Final = 500
# Written out, not handed over as values: only so can any plan use the index of what is not over.
ACTIVE_STATES: Final[list[ColumnElement[str]]] = [literal_column(f"'{state}'") for state in sorted(ACTIVE)]


async def get_incident(session: AsyncSession, region: str, incident_id: UUID, *, lock: bool = False) -> Incident:
    """One incident, locked until the transaction ends if asked. Raises NotFound (`incident.not_found`).

    The lock leaves rows of other tables free to refer to it meanwhile.
    """
    incident = known_row(session, Incident, incident_id)
    if incident is not None and incident.region == region:
        return incident
    wanted = select(Incident).where(Incident.region == region, Incident.id == incident_id)
    if lock:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    incident = await session.scalar(wanted)
    know_row(session, incident_id, incident)
    if incident is None:
        raise NotFound("incident.not_found", "There is no such incident in this region.")
    return incident


async def get_incident_by_number(session: AsyncSession, region: str, number: str) -> Incident:
    """The incident with that spoken number. Raises NotFound (`incident.not_found`)."""
    incident = None
    if len(number) <= 20 and "\0" not in number and number.isprintable():
        incident = await session.scalar(select(Incident).where(Incident.region == region, Incident.number == number))
    if incident is None:
        raise NotFound("incident.not_found", "There is no incident of that number in this region.")
    return incident


_LINK: Final = select(IncidentCall).where(
    IncidentCall.call_id == bindparam("call_id"), IncidentCall.undone_at.is_(None)
)


_LINKS: Final = (
    select(IncidentCall)
    .where(IncidentCall.incident_id == bindparam("incident_id"), IncidentCall.undone_at.is_(None))
    .order_by(IncidentCall.t0, IncidentCall.id)
)
_OF_CALL: Final = Family(IncidentCall, "call_id")
_OF_INCIDENT: Final = Family(IncidentCall, "incident_id")


async def find_link(session: AsyncSession, call_id: UUID) -> IncidentCall | None:
    """To what a call belongs now."""
    known = _OF_CALL.known(session, call_id)
    if known is not None:
        return next((one for one in known if one.undone_at is None), None)
    found: IncidentCall | None = await session.scalar(_LINK, {"call_id": call_id})
    _OF_CALL.know(session, call_id, [] if found is None else [found])
    return found


async def list_links(session: AsyncSession, incident_id: UUID, *, undone: bool = False) -> Sequence[IncidentCall]:
    """The calls of an incident in the order of their T0; with `undone` also those that belong to it no more."""
    if not undone:
        return await _links(session, incident_id)
    wanted = select(IncidentCall).where(IncidentCall.incident_id == incident_id)
    return (await session.scalars(wanted.order_by(IncidentCall.t0, IncidentCall.id))).all()


async def _links(session: AsyncSession, incident_id: UUID) -> Sequence[IncidentCall]:
    known = _OF_INCIDENT.known(session, incident_id)
    if known is not None:
        return sorted((one for one in known if one.undone_at is None), key=lambda one: (one.t0, one.id))
    found = (await session.scalars(_LINKS, {"incident_id": incident_id})).all()
    _OF_INCIDENT.know(session, incident_id, found)
    return found


async def list_places(session: AsyncSession, incident_id: UUID) -> Sequence[IncidentPlace]:
    """All versions of where an incident is, the first first."""
    return (
        await session.scalars(
            select(IncidentPlace).where(IncidentPlace.incident_id == incident_id).order_by(IncidentPlace.version)
        )
    ).all()


async def list_priority_steps(session: AsyncSession, incident_id: UUID) -> Sequence[PriorityStep]:
    """An incident's priorities, the initial one first."""
    return (
        await session.scalars(
            select(PriorityStep).where(PriorityStep.incident_id == incident_id).order_by(PriorityStep.ordinal)
        )
    ).all()


def as_history(steps: Sequence[PriorityStep]) -> list[PriorityChange]:
    """The same as the rules take it."""
    return [PriorityChange(Priority(row.priority), row.occurred_at, PriorityMove(row.move)) for row in steps]


async def get_note(session: AsyncSession, region: str, note_id: UUID, *, lock: bool = False) -> Note:
    """One note. Raises NotFound (`note.not_found`)."""
    wanted = (
        select(Note)
        .join(Incident, Incident.id == Note.incident_id)
        .where(Incident.region == region, Note.id == note_id)
    )
    if lock:
        wanted = wanted.with_for_update(of=Note, key_share=True).execution_options(populate_existing=True)
    note = await session.scalar(wanted)
    if note is None:
        raise NotFound("note.not_found", "There is no such note in this region.")
    return note


async def list_notes(session: AsyncSession, incident_id: UUID) -> Sequence[tuple[Note, PersonalValue]]:
    """An incident's notes with their newest texts, by the true time."""
    found = await session.execute(
        select(Note, PersonalValue)
        .join(
            PersonalValue,
            and_(
                PersonalValue.owner_id == Note.id,
                PersonalValue.kind == PersonalKind.NOTE,
                PersonalValue.version == Note.version,
            ),
        )
        .where(Note.incident_id == incident_id)
        .order_by(Note.occurred_at, Note.id)
    )
    return [(note, value) for note, value in found]


async def list_hints(
    session: AsyncSession, region: str, telling: Telling, limits: Limits | None = None
) -> tuple[Hint, ...]:
    """Open incidents that a new call may be about, the likeliest first; see `rules_duplicates`."""
    limits = limits or Limits()
    near: list[ColumnElement[bool]] = []
    if telling.point is not None:
        lat_deg = reach_m(limits) / METRES_PER_DEGREE
        lon_deg = lat_deg / max(0.01, math.cos(math.radians(telling.point.lat)))
        near += [
            Incident.lat.between(telling.point.lat - lat_deg, telling.point.lat + lat_deg),
            Incident.lon.between(telling.point.lon - lon_deg, telling.point.lon + lon_deg),
        ]
    same_number = Incident.id.in_(
        select(IncidentCall.incident_id)
        .join(PersonalValue, PersonalValue.owner_id == IncidentCall.call_id)
        .where(
            PersonalValue.region == region,
            PersonalValue.kind == PersonalKind.PHONE,
            PersonalValue.digest == telling.number_digest,
            PersonalValue.value.is_not(None),
            IncidentCall.undone_at.is_(None),
        )
    )
    which = and_(*near) if telling.point is not None else None
    if telling.number_digest:
        which = same_number if which is None else or_(which, same_number)
    if which is None:
        return ()
    rows = (
        await session.scalars(
            select(Incident)
            .where(Incident.region == region, Incident.state.in_(ACTIVE_STATES), which)
            .order_by(Incident.t0.desc(), Incident.id)
            .limit(_KNOWN_LIMIT)
        )
    ).all()
    return hints(telling, await _known(session, rows), limits)


async def _known(session: AsyncSession, rows: Sequence[Incident]) -> list[Known]:
    ids = [row.id for row in rows]
    last: dict[UUID, datetime] = {row.id: row.t0 for row in rows}
    digests: dict[UUID, set[str]] = {row.id: set() for row in rows}
    found = await session.execute(
        select(IncidentCall.incident_id, Call.t0, PersonalValue.digest)
        .join(Call, Call.id == IncidentCall.call_id)
        .outerjoin(
            PersonalValue,
            and_(
                PersonalValue.owner_id == Call.id,
                PersonalValue.kind == PersonalKind.PHONE,
                PersonalValue.value.is_not(None),
            ),
        )
        .where(IncidentCall.incident_id.in_(ids), IncidentCall.undone_at.is_(None))
    )
    for incident_id, t0, digest in found:
        last[incident_id] = max(last[incident_id], t0)
        if digest:
            digests[incident_id].add(digest)
    return [
        Known(
            incident_id=row.id,
            number=row.number,
            last_call_at=last[row.id],
            point=GeoPoint(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
            complaint=row.complaint,
            number_digests=frozenset(digests[row.id]),
        )
        for row in rows
    ]
