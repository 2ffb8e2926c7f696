"""Personal values: written in versions, and erased by law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update

from dispatch.incidents.events_patients import PersonalErased, PersonalRecorded, PlaceCoarsened
from dispatch.incidents.queries_calls import get_call
from dispatch.incidents.queries_incidents import get_incident, list_links, list_places
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.queries_personal import find_value, lock_values, of_incident, of_owner
from dispatch.incidents.rules_places import coarse
from dispatch.incidents.rules_texts import personal_text
from dispatch.incidents.rules_times import Moment
from dispatch.incidents.service import Act
from dispatch.incidents.service_drafts import drop_draft
from dispatch.incidents.states_patients import ErasureBasis, PersonalKind
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_incidents import IncidentPlace
from dispatch.incidents.tables_personal import Owner, PersonalValue


async def keep_value(
    act: Act, owner: Owner, owner_id: UUID, kind: PersonalKind, value: str, when: Moment
) -> PersonalValue:
    """Write a new version of a value; the same value again is the version that is there.

    The owner's row must be locked or new. Raises Invalid (`text.*`).
    """
    text = personal_text(kind, value)
    digest = act.digester.digest(kind, text)
    before = await find_value(act.session, owner_id, kind)
    # Each reason is a statement of its own, even in the same words.
    if before is not None and before.value == text and kind is not PersonalKind.REASON:
        return before
    row = PersonalValue(
        id=act.new_id(),
        region=act.region,
        owner=owner,
        owner_id=owner_id,
        kind=kind,
        version=before.version + 1 if before is not None else 1,
        value=text,
        digest=digest,
        occurred_at=when.occurred_at,
        recorded_at=when.entered_at,
        source=when.source,
        actor=act.actor,
        erased_at=None,
        erased_by=None,
        erasure_basis=None,
    )
    act.session.add(row)
    await act.session.flush()
    act.tell(
        PersonalRecorded(
            owner=owner, owner_id=owner_id, value_id=row.id, kind=kind, version=row.version, digest=digest
        ),
        when,
    )
    return row


async def keep_values(act: Act, owner: Owner, owner_id: UUID, values: Mapping[PersonalKind, str], when: Moment) -> None:
    """Write those values that are not empty."""
    for kind, value in values.items():
        if value:
            await keep_value(act, owner, owner_id, kind, value, when)


async def erase_call(act: Act, call_id: UUID, basis: ErasureBasis) -> int:
    """Erase a call's number, name, recording's address and exact position, in all versions; return how many values.

    What is being typed for it is deleted as a whole.

    Raises NotFound (`call.not_found`).
    """
    async with act.together():
        call = await get_call(act.session, act.region, call_id, lock=True)
        count = await _erase(act, of_owner(Owner.CALL, call_id), basis)
        _coarsen_call(act, call, basis)
        await drop_draft(act, call)
        await act.session.flush()
        return count


async def erase_patient(act: Act, patient_id: UUID, basis: ErasureBasis) -> int:
    """Erase all that names a patient, in all versions; return how many values. Records taken into it are apart.

    Raises NotFound (`patient.not_found`).
    """
    async with act.together():
        await get_patient(act.session, act.region, patient_id)
        return await _erase(act, of_owner(Owner.PATIENT, patient_id), basis)


async def erase_incident(act: Act, incident_id: UUID, basis: ErasureBasis) -> int:
    """Erase all personal values of an incident, its notes, patients and calls, and its exact place; return how many.

    What stays: times, codes, priorities, the place to about a kilometre, rows and salted digests.
    Raises NotFound (`incident.not_found`).
    """
    async with act.together():
        links = await list_links(act.session, incident_id, undone=True)
        count = 0
        # Calls are locked before incidents, here as everywhere.
        for call_id in sorted({link.call_id for link in links}):
            call = await get_call(act.session, act.region, call_id, lock=True)
            # A call that belongs to another incident by now is that one's.
            if call.incident_id in (None, incident_id):
                count += await _erase(act, of_owner(Owner.CALL, call_id), basis)
                _coarsen_call(act, call, basis)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        count += await _erase(act, of_incident(incident_id), basis)
        for place in await list_places(act.session, incident_id):
            _coarsen_place(place)
        incident.lat, incident.lon = coarse(incident.lat), coarse(incident.lon)
        act.tell(PlaceCoarsened(owner=Owner.INCIDENT, owner_id=incident_id, basis=basis))
        await act.session.flush()
        return count


async def erase_values(act: Act, value_ids: Sequence[UUID], basis: ErasureBasis) -> int:
    """Erase single versions, such as one note with another person's name in it; return how many were still there."""
    return await erase_matching(act, PersonalValue.id.in_(list(value_ids)), basis)


async def erase_matching(act: Act, which: ColumnElement[bool], basis: ErasureBasis) -> int:
    """Erase all values that match, such as all versions of a note; return how many were still there."""
    async with act.together():
        return await _erase(act, which, basis)


async def erase_phone(act: Act, phone: str, basis: ErasureBasis) -> int:
    """Erase a telephone number wherever it is kept; return how many values. Raises Invalid (`text.phone`)."""
    digest = act.digester.digest(PersonalKind.PHONE, personal_text(PersonalKind.PHONE, phone))
    async with act.together():
        of_phone = and_(
            PersonalValue.digest == digest,
            PersonalValue.value.is_not(None),
            PersonalValue.kind == PersonalKind.PHONE,
        )
        owners = (
            await act.session.scalars(
                select(PersonalValue.owner_id).where(
                    PersonalValue.region == act.region, PersonalValue.owner == Owner.CALL, of_phone
                )
            )
        ).all()
        # Recordings' addresses often hold the number that was called from.
        recordings = (PersonalValue.kind == PersonalKind.RECORDING) & PersonalValue.owner_id.in_(owners)
        return await _erase(act, of_phone | recordings, basis)


async def _erase(act: Act, which: ColumnElement[bool], basis: ErasureBasis) -> int:
    now = act.clock.now()
    rows = await lock_values(act.session, act.region, which)
    if not rows:
        return 0
    await act.session.execute(
        update(PersonalValue)
        .where(PersonalValue.id.in_([row.id for row in rows]))
        .values(value=None, erased_at=now, erased_by=act.actor, erasure_basis=str(basis))
        .execution_options(synchronize_session="fetch")
    )
    for row in rows:
        act.tell(
            PersonalErased(
                owner=row.owner,
                owner_id=row.owner_id,
                value_id=row.id,
                kind=PersonalKind(row.kind),
                version=row.version,
                digest=row.digest,
                basis=basis,
            )
        )
    return len(rows)


def _coarsen_call(act: Act, call: Call, basis: ErasureBasis) -> None:
    if call.lat is None:
        return
    call.lat, call.lon = coarse(call.lat), coarse(call.lon)
    call.given_lat = call.given_lon = None
    act.tell(PlaceCoarsened(owner=Owner.CALL, owner_id=call.id, basis=basis))


def _coarsen_place(place: IncidentPlace) -> None:
    place.lat, place.lon = coarse(place.lat), coarse(place.lon)
    place.given_lat = place.given_lon = None
    place.coarse = True
