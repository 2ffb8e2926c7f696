"""Notes on incidents: each a text in versions."""

from __future__ import annotations

from uuid import UUID

from dispatch.incidents.events_incidents import NoteWritten
from dispatch.incidents.queries_incidents import get_incident, get_note
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act, claim_key
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_incidents import Note
from dispatch.incidents.tables_personal import Owner


async def add_note(act: Act, incident_id: UUID, text: str, told: Told | None = None, *, key: str | None = None) -> Note:
    """Write a note, also on an incident that is over. At most 20,000 characters.

    The same key with the same body gives the same note.

    Raises: NotFound: `incident.not_found`. Invalid: `text.*`, `time.*`. Conflict: `request.key_reused`.
    """
    async with act.together():
        note_id = act.new_id()
        body = (incident_id, text, told)
        if key is not None and (made := await claim_key(act, "note", key, body, note_id)) != note_id:
            return await get_note(act.session, act.region, made)
        when = act.moment(told)
        await get_incident(act.session, act.region, incident_id)
        note = Note(
            id=note_id,
            incident_id=incident_id,
            version=1,
            occurred_at=when.occurred_at,
            entered_at=when.entered_at,
            source=when.source,
            actor=act.actor,
        )
        act.session.add(note)
        await act.session.flush()
        value = await keep_value(act, Owner.NOTE, note.id, PersonalKind.NOTE, text, when)
        act.tell(NoteWritten(incident_id=incident_id, note_id=note.id, version=1, digest=value.digest), when)
        return note


async def correct_note(act: Act, note_id: UUID, text: str, *, expected_version: int, told: Told | None = None) -> Note:
    """Write a new version of a note; the earlier ones stay.

    Raises: NotFound: `note.not_found`. Outdated: `note.outdated`. Invalid: `text.*`, `time.*`.
    """
    async with act.together():
        when = act.moment(told)
        note = await get_note(act.session, act.region, note_id, lock=True)
        current: dict[str, object] = {
            "id": str(note.id),
            "incident_id": str(note.incident_id),
            "version": note.version,
            "occurred_at": note.occurred_at.isoformat(),
        }
        check_version("note", expected_version, note.version, current)
        value = await keep_value(act, Owner.NOTE, note_id, PersonalKind.NOTE, text, when)
        if value.version != note.version:
            note.version = value.version
            act.tell(
                NoteWritten(incident_id=note.incident_id, note_id=note_id, version=note.version, digest=value.digest),
                when,
            )
        await act.session.flush()
        return note
