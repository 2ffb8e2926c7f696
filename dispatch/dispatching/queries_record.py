"""The record of an incident: every line of the journal about it, its calls, its patients and its units' runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import MOST_LINES
from dispatch.dispatching.queries import list_of_incident, list_times
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.tables_calls import IncidentCall
from dispatch.incidents.tables_incidents import Note
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.queries_duty import list_entries
from dispatch.units.tables_duty import UnitStatusEntry

_HOME_WITHIN: Final = timedelta(hours=24)


async def list_record(session: AsyncSession, incident_id: UUID) -> Sequence[JournalLine]:
    """All lines in the order of their numbers; of its units only what belongs to their runs for it.

    Calls that were linked for a time count too. A unit's times on the way home are among them, with their corrections.
    """
    own = await _subjects(session, incident_id)
    assignments = await list_of_incident(session, incident_id)
    own |= {str(one.id) for one in assignments}
    about: list[ColumnElement[bool]] = [JournalLine.subject.in_(sorted(own))]
    if assignments:
        runs = [str(one.id) for one in assignments]
        entries = sorted({str(key) for one in assignments for key in await _entries(session, one)})
        about.append(
            and_(
                JournalLine.subject.in_(sorted({str(one.unit_id) for one in assignments})),
                or_(
                    JournalLine.payload["incident_id"].astext == str(incident_id),
                    JournalLine.payload["run_id"].astext.in_(runs),
                    JournalLine.payload["entry_id"].astext.in_(entries),
                ),
            )
        )
    wanted = select(JournalLine).where(or_(*about)).order_by(JournalLine.seq).limit(MOST_LINES)
    return (await session.scalars(wanted)).all()


async def _subjects(session: AsyncSession, incident_id: UUID) -> set[str]:
    calls = select(IncidentCall.call_id).where(IncidentCall.incident_id == incident_id)
    patients = select(Patient.id).where(Patient.incident_id == incident_id)
    notes = select(Note.id).where(Note.incident_id == incident_id)
    found = await session.scalars(calls.union(patients, notes))
    return {str(incident_id), *map(str, found)}


async def _entries(session: AsyncSession, assignment: Assignment) -> set[UUID]:
    """The status entries that tell the assignment's times, and those that they corrected."""
    wanted = {known.entry_id for known in await list_times(session, assignment) if known.of_status}
    until = None if assignment.ended_at is None else assignment.ended_at + _HOME_WITHIN
    told = await list_entries(session, assignment.unit_id, run_id=assignment.id, all_versions=True)
    after = await list_entries(
        session, assignment.unit_id, from_at=assignment.assigned_at, until_at=until, all_versions=True
    )
    return _with_originals(wanted, [*told, *after])


def _with_originals(wanted: Iterable[UUID], entries: Sequence[UnitStatusEntry]) -> set[UUID]:
    corrects = {entry.id: entry.corrects for entry in entries}
    found: set[UUID] = set()
    for key in wanted:
        newest: UUID | None = key
        while newest is not None and newest not in found:
            found.add(newest)
            newest = corrects.get(newest)
    return found
