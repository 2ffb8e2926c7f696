"""A request saved as it is typed, and one live request for each patient. Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from dispatch.ecmo.events_requests import (
    RequestBegun,
    RequestChanged,
)
from dispatch.ecmo.queries_requests import (
    concerned_by,
    find_request,
    list_same_patient,
)
from dispatch.ecmo.states_requests import (
    LIVE,
    OPEN,
    Origin,
    RequestState,
)
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind, Sex
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.constraints import broken_by
from dispatch.kernel.errors import Conflict, Invalid, NotFound

FIELDS: Final = frozenset({
    "mode", "hospital_id", "incident_id", "patient_id", "sex", "age_years", "pregnant", "weight_kg", "height_cm",
    "ward", "lat", "lon", "indication", "support",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: only what changes. fields: of `FIELDS`; None takes a value back. personal: "" changes nothing."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[PersonalKind, str] = field(default_factory=dict)


async def save_request(act: Act, request_id: UUID, origin: Origin, organisation: str, typed: Typed) -> EcmoRequest:
    """Begin a request, or merge what was typed into it. Who types at the same time loses nothing but the same field.

    origin, organisation: of who begins it; later ones change nothing.

    Raises:
        NotFound: `hospital.not_found`, `incident.not_found`, `patient.not_found`, `ecmo_request.not_found` (the id is
        another region's). Invalid: `text.*`, `ecmo_request.place`. Conflict: `ecmo_request.over`,
        `ecmo_request.duplicate`.
    """
    async with act.together():
        row = await find_request(act.session, request_id, lock=True)
        begun = False
        if row is None:
            made = await act.session.scalar(
                insert(EcmoRequest)
                .values(
                    id=request_id, region=act.region, origin=str(origin), organisation=organisation,
                    state=str(RequestState.DRAFT), version=1, sex=str(Sex.UNKNOWN), support=[], at_once=False,
                    created_at=act.clock.now(), created_by=act.actor, saved_at=act.clock.now(),
                )
                .on_conflict_do_nothing()
                .returning(EcmoRequest.id)
            )  # fmt: skip
            begun = made is not None
            row = await find_request(act.session, request_id, lock=True)
        if row is None or row.region != act.region:
            raise NotFound("ecmo_request.not_found", "There is no such request for ECMO in this region.")
        must_be_open(row)
        changed = await _merge(act, row, typed)
        if changed and not begun:
            row.version += 1
        row.saved_at = act.clock.now()
        await refuse_twin(act, row)
        await flush(act)
        concerned = await concerned_by(act.session, row.id)
        if begun:
            act.tell(
                RequestBegun(
                    request_id=row.id, region=row.region, concerned=concerned, origin=Origin(row.origin),
                    incident_id=row.incident_id, patient_id=row.patient_id,
                )
            )  # fmt: skip
        elif changed:
            act.tell(
                RequestChanged(request_id=row.id, region=row.region, concerned=concerned, fields=tuple(sorted(changed)))
            )
        return row


def request_state(row: EcmoRequest) -> dict[str, object]:
    """What a request is now, as plain JSON: told to who is refused."""
    return {"id": str(row.id), "number": row.number, "state": row.state, "version": row.version}


def bound(row: EcmoRequest) -> Conflict:
    """The refusal: a centre is bound already."""
    return Conflict("ecmo_request.bound", "A centre is bound already.", current=request_state(row))


def must_be_open(row: EcmoRequest) -> None:
    """Refuse what is over. Raises Conflict (`ecmo_request.over`)."""
    if row.state not in OPEN:
        raise Conflict("ecmo_request.over", "This request is over.", current=request_state(row))


async def _merge(act: Act, row: EcmoRequest, typed: Typed) -> set[str]:
    changed = {name for name, value in typed.fields.items() if name in FIELDS and getattr(row, name) != value}
    new = {name: typed.fields[name] for name in changed}
    # Looked up before anything is set: a row that points nowhere would be sent to the database with the question.
    if new.get("hospital_id") is not None:
        await get_hospital(act.session, act.region, new["hospital_id"])
    if new.get("incident_id") is not None:
        await get_incident(act.session, act.region, new["incident_id"])
    if new.get("patient_id") is not None:
        patient = await get_patient(act.session, act.region, new["patient_id"])
        new["incident_id"] = patient.incident_id
        if row.sex == Sex.UNKNOWN:
            new.setdefault("sex", patient.sex)
        if row.age_years is None:
            new.setdefault("age_years", patient.age_years)
    lat, lon = new.get("lat", row.lat), new.get("lon", row.lon)
    if (lat is None) is not (lon is None):
        raise Invalid("ecmo_request.place", "A place has both a latitude and a longitude.")
    for name, value in new.items():
        setattr(row, name, value)
    if typed.personal:
        changed |= await _name(act, row, typed.personal)
    if row.identity_digest is None and row.patient_id is not None:
        known = await find_value(act.session, row.patient_id, PersonalKind.ID_NUMBER)
        row.identity_digest = None if known is None else known.digest
    return changed


async def _name(act: Act, row: EcmoRequest, personal: Mapping[PersonalKind, str]) -> set[str]:
    changed = set()
    await act.session.flush()
    for kind, value in personal.items():
        if not value.strip():
            continue
        before = await find_value(act.session, row.id, kind)
        kept = await keep_value(act, Owner.ECMO, row.id, kind, value, act.moment())
        if before is None or kept.id != before.id:
            changed.add(str(kind))
        if kind is PersonalKind.ID_NUMBER:
            row.identity_digest = kept.digest
    return changed


async def refuse_twin(act: Act, row: EcmoRequest, *, live: bool = False) -> None:
    """Refuse a second live request for one patient. A draft may be typed on: it is shown what there is."""
    if not live and row.state not in LIVE:
        return
    with act.session.no_autoflush:  # what was typed may be what the database refuses; it is asked last
        twins = await list_same_patient(act.session, row, row.identity_digest)
    if twins:
        raise _duplicate(twins[0])


async def flush(act: Act) -> None:
    """The database has the last word on two who ask for one patient at the same moment."""
    try:
        await act.session.flush()
    except IntegrityError as error:
        if broken_by(error).startswith("uq_ecmo_requests_live"):
            raise _duplicate(None) from None
        raise


def _duplicate(twin: EcmoRequest | None) -> Conflict:
    return Conflict(
        "ecmo_request.duplicate", "ECMO is asked for this patient already.", "Join the two requests.",
        current=None if twin is None else request_state(twin),
    )  # fmt: skip
