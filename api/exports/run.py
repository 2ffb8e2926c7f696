"""The run of one patient as it is told: who, when, with whom, where to. Read once, for every form of export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.exports.reading import Source
from api.names import names_of_actors
from dispatch.charting.queries import list_entries, words_of_entries
from dispatch.charting.tables import ChartEntry
from dispatch.dispatching.queries import list_of_incident, list_times
from dispatch.dispatching.rules_times import TimeKnown
from dispatch.dispatching.tables import Assignment
from dispatch.hospitals.queries import list_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.queries_incidents import get_incident, list_links
from dispatch.incidents.queries_patients import list_care
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.rules_patients import placeholder
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Database, Session
from dispatch.telemetry.queries_attachments import list_carried
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_crew import list_duties
from dispatch.units.states_crew import Skill
from dispatch.units.tables import Unit

_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Sortie:
    """A vehicle's part in it. crew: skill and name, "" where it is not known any more."""

    assignment: Assignment
    unit: Unit
    times: tuple[TimeKnown, ...]
    crew: tuple[tuple[Skill, str], ...]
    destination: Hospital | None


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a patient's run.

    name: a placeholder where none is known, or it was erased; named: it is none. answered_at: T1 of the earliest call.
    source: where what was measured is read, within the span asked for.
    """

    incident: Incident
    patient: Patient
    name: str
    named: bool
    id_number: str
    visit_number: str
    answered_at: datetime | None
    sorties: tuple[Sortie, ...]
    destination: Hospital | None
    source: Source


async def run_of(
    session: Session, database: Database, region: str, patient: Patient, now: datetime,
    span: tuple[datetime, datetime] | None,
) -> Run:  # fmt: skip
    """Read it. Raises NotFound (`incident.not_found`)."""
    incident = await get_incident(session, region, patient.incident_id)
    values = await current_values(session, [patient.id])

    def known(kind: PersonalKind) -> str:
        row = values.get((patient.id, kind))
        return "" if row is None else row.value or ""

    hospitals = {one.id: one for one in await list_hospitals(session, region)}
    name = known(PersonalKind.NAME)
    carried = await list_carried(session, patient.id)
    begins = min([incident.t0, *(one.attachment.begins_at for one in carried)])
    over = incident.closed_at or incident.cancelled_at or now
    ends = max([over, *(one.attachment.ends_at or now for one in carried)]) + _MOMENT
    sorties = await _sorties(session, region, patient, hospitals, now, {one.unit_id for one in carried})
    bound = [patient.destination_id, *(one.assignment.destination_id for one in reversed(sorties))]
    return Run(
        incident, patient, name or placeholder(incident.number, patient.ordinal), bool(name),
        known(PersonalKind.ID_NUMBER), known(PersonalKind.VISIT_NUMBER),
        await _answered(session, region, incident.id), tuple(sorties),
        next((hospitals[key] for key in bound if key is not None and key in hospitals), None),
        Source(database, tuple(carried), span or (begins, max(ends, begins + _MOMENT))),
    )  # fmt: skip


async def charted(run: Run) -> list[ChartEntry]:
    """What people wrote down in the span that counts: neither withdrawn nor corrected; by true time."""
    async with run.source.database.read() as session:
        entries = [one for one in await list_entries(session, run.patient.id) if one.withdrawn_at is None]
    corrected = {one.corrects for one in entries}
    begins, until = run.source.span
    return [one for one in entries if one.id not in corrected and begins <= one.at < until]


async def said(run: Run, entries: Sequence[ChartEntry]) -> Mapping[UUID, str]:
    """The words of orders that no list has, by entry."""
    async with run.source.database.read() as session:
        return await words_of_entries(session, entries)


async def authors(run: Run, entries: Sequence[ChartEntry]) -> Mapping[str, str]:
    """The present names of who wrote entries down, by actor."""
    async with run.source.database.read() as session:
        return await names_of_actors(session, [one.actor for one in entries])


async def _answered(session: Session, region: str, incident_id: UUID) -> datetime | None:
    for link in await list_links(session, incident_id):
        call = await get_call(session, region, link.call_id)
        if call.answered_at is not None:
            return call.answered_at
    return None


async def _sorties(
    session: Session, region: str, patient: Patient, hospitals: Mapping[UUID, Hospital], now: datetime,
    carrying: set[UUID],
) -> list[Sortie]:  # fmt: skip
    """Of the vehicles that looked after the patient; while nobody is noted, of all that were sent."""
    mine = {one.unit_id for one in await list_care(session, patient.id)} | carrying
    sent = await list_of_incident(session, patient.incident_id)
    return [await _sortie(session, region, one, hospitals, now) for one in sent if not mine or one.unit_id in mine]


async def _sortie(
    session: Session, region: str, assignment: Assignment, hospitals: Mapping[UUID, Hospital], now: datetime
) -> Sortie:
    unit = await get_unit_by_id(session, region, assignment.unit_id)
    until = max(assignment.ended_at or now, assignment.assigned_at + _MOMENT)
    duties = await list_duties(session, from_at=assignment.assigned_at, until_at=until, unit_id=unit.id)
    actors = [f"{ActorKind.PERSON}:{one.person_id}" for one in duties]
    names = await names_of_actors(session, actors)
    crew = _once([(Skill(one.skill), names.get(actor, "")) for one, actor in zip(duties, actors, strict=True)])
    bound = None if assignment.destination_id is None else hospitals.get(assignment.destination_id)
    return Sortie(assignment, unit, tuple(await list_times(session, assignment)), crew, bound)


def _once(crew: Sequence[tuple[Skill, str]]) -> tuple[tuple[Skill, str], ...]:
    return tuple(dict.fromkeys(crew))
