"""Incidents as they were known at a past moment, of what is kept anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_incidents import ACTIVE_STATES
from dispatch.incidents.rules_replay import TYPES, Course, Line, course_of
from dispatch.incidents.states_incidents import ACTIVE, LinkKind
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_calls import IncidentCall
from dispatch.incidents.tables_incidents import Incident, IncidentPlace, Note
from dispatch.incidents.tables_patients import Patient, PatientMerge, PatientOutcomeRow
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.journal_table import JournalLine

OPEN_WITHIN: Final = timedelta(days=31)
"""One that is over by now and rang longer than this before the moment is not looked for."""


@dataclass(frozen=True, slots=True)
class IncidentThen:
    """An incident that was not over at the moment, as it was known. `over`: it is by now. `words`: null once erased."""

    id: UUID
    over: bool
    course: Course
    lat: float | None
    lon: float | None
    direction: str
    place_version: int
    words: str | None
    calls: int
    asked_again: int
    asked_again_at: datetime | None
    patients: int
    patients_open: int
    last_note_at: datetime | None


async def list_incidents_then(session: AsyncSession, region: str, at: datetime) -> list[IncidentThen]:
    """Those not over at `at`, in the order of T0, with what had been entered by then."""
    courses = await _courses(session, region, at)
    rows = await session.execute(_about(at).where(Incident.id.in_(list(courses))))
    told = [IncidentThen(row.id, row.state not in ACTIVE, courses[row.id], *row[2:]) for row in rows]
    return sorted(told, key=lambda one: (one.course.t0, one.id))


async def _courses(session: AsyncSession, region: str, at: datetime) -> dict[UUID, Course]:
    """How far each incident had come that was open."""
    ended = func.coalesce(Incident.closed_at, Incident.cancelled_at)
    candidates = (
        select(Incident.id)
        .where(
            Incident.region == region,
            Incident.entered_at <= at,
            # One entered late as over may have stood open until it was entered.
            or_(Incident.state.in_(ACTIVE_STATES), (Incident.t0 > at - OPEN_WITHIN) & (ended > at - OPEN_WITHIN)),
        )
        .cte("candidates")
    )
    wanted = (
        select(candidates.c.id, JournalLine.type, JournalLine.occurred_at, JournalLine.payload)
        .join(JournalLine, JournalLine.subject == cast(candidates.c.id, String))
        .where(JournalLine.type.in_(sorted(TYPES)), JournalLine.recorded_at <= at)
        .order_by(candidates.c.id, JournalLine.seq)
    )
    lines = await session.execute(wanted)
    found = {
        key: course_of(Line(row.type, row.occurred_at, row.payload) for row in rows)
        for key, rows in groupby(lines, key=lambda row: row.id)
    }
    return {key: course for key, course in found.items() if course is not None and course.state in ACTIVE}


def _about(at: datetime) -> Any:  # noqa: ANN401 - a select of many columns
    place = (
        select(IncidentPlace.direction, IncidentPlace.version)
        .where(IncidentPlace.incident_id == Incident.id, IncidentPlace.entered_at <= at)
        .order_by(IncidentPlace.version.desc())
        .limit(1)
        .lateral("place")
    )
    # Words alone did not undo a point that was known.
    point = (
        select(IncidentPlace.lat, IncidentPlace.lon)
        .where(IncidentPlace.incident_id == Incident.id, IncidentPlace.entered_at <= at, IncidentPlace.lat.is_not(None))
        .order_by(IncidentPlace.version.desc())
        .limit(1)
        .lateral("point")
    )
    words = (
        select(PersonalValue.value)
        .where(
            PersonalValue.owner_id == Incident.id,
            PersonalValue.kind == PersonalKind.ADDRESS,
            PersonalValue.recorded_at <= at,
        )
        .order_by(PersonalValue.version.desc())
        .limit(1)
        .lateral("words")
    )
    again = IncidentCall.kind == LinkKind.ASKED_AGAIN
    calls = (
        select(
            func.count().label("calls"),
            func.count().filter(again).label("again"),
            func.max(IncidentCall.t0).filter(again).label("again_at"),
        )
        .where(
            IncidentCall.incident_id == Incident.id,
            IncidentCall.linked_at <= at,
            or_(IncidentCall.undone_at.is_(None), IncidentCall.undone_at > at),
        )
        .lateral("calls")
    )
    merged = (
        select(PatientMerge.id)
        .where(
            PatientMerge.merged_id == Patient.id,
            PatientMerge.merged_at <= at,
            or_(PatientMerge.undone_at.is_(None), PatientMerge.undone_at > at),
        )
        .exists()
    )
    settled = (
        select(PatientOutcomeRow.id)
        .where(PatientOutcomeRow.patient_id == Patient.id, PatientOutcomeRow.entered_at <= at)
        .exists()
    )
    patients = (
        select(func.count().label("patients"), func.count().filter(~settled).label("still_open"))
        .where(Patient.incident_id == Incident.id, Patient.entered_at <= at, ~merged)
        .lateral("patients")
    )
    notes = (
        select(func.max(Note.entered_at).label("last"))
        .where(Note.incident_id == Incident.id, Note.entered_at <= at)
        .lateral("notes")
    )
    return (
        select(
            Incident.id, Incident.state, point.c.lat, point.c.lon, func.coalesce(place.c.direction, ""),
            func.coalesce(place.c.version, 0), words.c.value, calls.c.calls, calls.c.again, calls.c.again_at,
            patients.c.patients, patients.c.still_open, notes.c.last,
        )
        .select_from(Incident)
        .outerjoin(place, true())
        .outerjoin(point, true())
        .outerjoin(words, true())
        .join(calls, true())
        .join(patients, true())
        .join(notes, true())
    )  # fmt: skip
