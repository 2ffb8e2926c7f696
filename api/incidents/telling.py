"""Incidents as they are told, masked or in whole: read after what was done is committed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from api.auth import Doorkeeper
from api.calls.telling import rows_of as call_rows
from api.dispatching.board import rows as assignment_rows
from api.erasures.schemas import erased_out
from api.incidents.board import IncidentRow, incident_row
from api.incidents.schemas import IncidentCallOut, IncidentOut, NoteOut, PlaceVersionOut, PriorityStepOut
from api.names import names_of_actors
from api.patients.telling import patient_rows, shown
from dispatch.dispatching.queries import list_of_incident
from dispatch.incidents.queries_board import list_board_incidents
from dispatch.incidents.queries_incidents import list_links, list_notes, list_places, list_priority_steps
from dispatch.incidents.queries_personal import current_values, list_erasures, list_texts
from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import ACTIVE, LinkKind, PlaceSource, Priority, PriorityMove
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_incidents import Incident, IncidentPlace, Note, PriorityStep
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.db import Session
from geo.datum import Datum


async def told_row(door: Doorkeeper, incident_id: UUID) -> IncidentRow:
    """The row, as it stands now, of an incident that is there."""
    async with door.parts.database.read() as session:
        (found,) = await list_board_incidents(session, door.parts.settings.region, [incident_id])
    return incident_row(found)


async def told_incident(
    session: Session, incident: Incident, now: datetime, *, whole: bool, numbers: bool
) -> IncidentOut:
    """An incident with all that belongs to it; `numbers`: with `whole` those of its callers too."""
    (found,) = await list_board_incidents(session, incident.region, [incident.id])
    row = incident_row(found)
    if whole:
        row = msgspec.structs.replace(row, words=found.words or "")
    places, steps = await list_places(session, incident.id), await list_priority_steps(session, incident.id)
    notes = await list_notes(session, incident.id)
    texts = await list_texts(session, [*(one.words_id for one in places), *(one.reason_id for one in steps)])
    authors = [*(one.actor for one in places), *(one.actor for one in steps), *(note.actor for note, _ in notes)]
    names = await names_of_actors(session, authors)
    address = whole or incident.state in ACTIVE
    assignments = await list_of_incident(session, incident.id)
    return IncidentOut(
        incident=row,
        whole=whole,
        without_call=incident.without_call,
        opened_at=incident.opened_at,
        entered_at=incident.entered_at,
        source=Source(incident.source),
        duplicate_of=incident.duplicate_of,
        places=[
            _place(one, shown(PersonalKind.ADDRESS, texts.get(one.words_id), whole=address), names) for one in places
        ],
        calls=await _calls(session, incident, whole=whole and numbers),
        notes=[note_out(note, value, names) for note, value in notes],
        priorities=[_step(one, texts.get(one.reason_id), names) for one in steps],
        patients=await patient_rows(session, incident, whole=whole),
        assignments=await assignment_rows(session, incident.region, now, [one.id for one in assignments]),
        erasures=await erased_out(session, await list_erasures(session, incident.id)),
    )


def note_out(note: Note, value: PersonalValue | None, names: Mapping[str, str]) -> NoteOut:
    """Tell a note; `value` is its newest text."""
    return NoteOut(
        id=note.id,
        incident_id=note.incident_id,
        version=note.version,
        text=None if value is None else value.value,
        at=note.occurred_at,
        entered_at=note.entered_at,
        source=Source(note.source),
        author=note.actor,
        author_name=names.get(note.actor),
    )


async def _calls(session: Session, incident: Incident, *, whole: bool) -> list[IncidentCallOut]:
    links = await list_links(session, incident.id)
    ids = [link.call_id for link in links]
    rows = {row.id: row for row in await call_rows(session, incident.region, ids)}
    values = await current_values(session, ids)

    def value(call_id: UUID, kind: PersonalKind) -> str:
        known = values.get((call_id, kind))
        return shown(kind, None if known is None else known.value, whole=whole)

    return [
        IncidentCallOut(
            call=msgspec.structs.replace(rows[link.call_id], phone=value(link.call_id, PersonalKind.PHONE)),
            caller=value(link.call_id, PersonalKind.NAME),
            kind=LinkKind(link.kind),
            linked_at=link.linked_at,
        )
        for link in links
    ]


def _place(one: IncidentPlace, words: str, names: Mapping[str, str]) -> PlaceVersionOut:
    return PlaceVersionOut(
        version=one.version,
        lat=one.lat,
        lon=one.lon,
        given_lat=one.given_lat,
        given_lon=one.given_lon,
        datum=Datum(one.datum),
        accuracy_m=one.accuracy_m,
        direction=one.direction,
        words=words,
        place_source=PlaceSource(one.place_source),
        coarse=one.coarse,
        at=one.occurred_at,
        entered_at=one.entered_at,
        source=Source(one.source),
        author=one.actor,
        author_name=names.get(one.actor),
    )


def _step(one: PriorityStep, reason: str | None, names: Mapping[str, str]) -> PriorityStepOut:
    return PriorityStepOut(
        priority=Priority(one.priority),
        move=PriorityMove(one.move),
        reason=reason,
        at=one.occurred_at,
        entered_at=one.entered_at,
        source=Source(one.source),
        author=one.actor,
        author_name=names.get(one.actor),
    )
