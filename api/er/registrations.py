"""Early registration: what the crew entered once becomes the emergency room's, under a visit's number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import Version, acting
from api.auth import DoorkeeperDep
from api.bodies import Body, answer
from api.contract import contract
from api.er.access import Follower, Seen, must_see
from api.er.receiving import Receiver, must_bring
from api.names import names_of_actors
from api.patients.schemas import HOSPITAL_ID, PATIENT_ID, Age
from api.patients.telling import shown
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_texts import LIMITS
from dispatch.incidents.service_views import note_view
from dispatch.incidents.states_patients import PersonalKind, Sex
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.db import Session
from dispatch.receiving.service_registrations import IDENTITY, find_registration, list_identity, register
from dispatch.receiving.tables_registrations import Registration

router = APIRouter()
PatientId = Annotated[UUID, Path(description="The patient's id.")]


class RegistrationIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The visit's number, and what was wrong; what is empty or null was right as it was seen."""

    version: Version
    visit_number: Annotated[
        str,
        Meta(
            min_length=1, max_length=LIMITS[PersonalKind.VISIT_NUMBER],
            description="The hospital's own; letters, digits and . _ / - signs, with a digit. Unique for the hospital "
            "on the day (Beijing) of the registration.",
        ),
    ]  # fmt: skip
    name: Annotated[str, Meta(max_length=LIMITS[PersonalKind.NAME])] = ""
    id_number: Annotated[str, Meta(max_length=LIMITS[PersonalKind.ID_NUMBER])] = ""
    phone: Annotated[str, Meta(max_length=LIMITS[PersonalKind.PHONE])] = ""
    address: Annotated[str, Meta(max_length=LIMITS[PersonalKind.ADDRESS])] = ""
    sex: Sex | None = None
    age_years: Age | None = None

    def names(self) -> dict[PersonalKind, str]:
        """What names the patient, as the domain takes it."""
        return dict(zip(IDENTITY, (self.name, self.id_number, self.phone, self.address), strict=True))


class SaidOut(msgspec.Struct, frozen=True):
    """One version of a value."""

    value: Annotated[str, Meta(description="Masked unless `whole`; empty where it was erased.")]
    at: Annotated[datetime, Meta(description="When it was truly said.")]
    author_name: str | None


class IdentityOut(msgspec.Struct, frozen=True):
    """A value that names the patient."""

    kind: PersonalKind
    said: Annotated[list[SaidOut], Meta(description="The newest first, which counts; empty: nothing was entered.")]


class RegistrationOut(msgspec.Struct, frozen=True, kw_only=True):
    """Who a patient is, by whom it was entered, and whether this hospital has registered him."""

    patient_id: UUID
    hospital_id: UUID | None
    version: int
    whole: bool
    named: bool
    sex: Sex
    age_years: int | None
    identity: list[IdentityOut]
    numbers: Annotated[list[SaidOut], Meta(description="The visit's number, the newest first; never masked.")]
    registered_at: Annotated[datetime | None, Meta(description="Null: not yet.")]
    registered_by: str | None
    accepted_at: Annotated[datetime | None, Meta(description="The last time.")]
    accepted_by: str | None
    changed: Annotated[bool, Meta(description="Somebody changed who it is since it was accepted.")]


_registration = Body(RegistrationIn)
_SAID: Final = {"value": "张**", "at": "2026-11-27T02:52:00Z", "author_name": "示例车组"}
EXAMPLE: Final[dict[str, Any]] = {
    "patient_id": PATIENT_ID,
    "hospital_id": HOSPITAL_ID,
    "version": 2,
    "whole": False,
    "named": True,
    "sex": "male",
    "age_years": 58,
    "identity": [{"kind": "name", "said": [_SAID]}, {"kind": "id_number", "said": []}],
    "numbers": [{"value": "A1127-0317", "at": "2026-11-27T03:09:00Z", "author_name": "示例急诊医生"}],
    "registered_at": "2026-11-27T03:09:00Z",
    "registered_by": "示例急诊医生",
    "accepted_at": "2026-11-27T03:09:00Z",
    "accepted_by": "示例急诊医生",
    "changed": False,
}


@router.get(
    "/patients/{patient_id}/registration",
    summary="Who a patient is, and his registration here",
    description="As the crew entered it, each value with its author and its earlier versions. Names and numbers are "
    "masked unless `whole`. Either way it leaves a line in the journal.",
    **contract(RegistrationOut, example=EXAMPLE, problems=[404]),
)
async def told(
    door: DoorkeeperDep,
    actor: Follower,
    patient_id: PatientId,
    whole: Annotated[bool, Query(description="Names, numbers and address in whole.")] = False,
) -> Response:
    """Show it."""
    seen = await must_see(door, actor, patient_id)
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, patient_id)
        out = await _out(act.session, patient, _hospital(seen), whole=whole)
        if whole:
            await note_view(act, PatientViewed(patient_id=patient_id, incident_id=patient.incident_id, whole=True))
    return answer(out)


@router.post(
    "/patients/{patient_id}/registration",
    summary="Register a patient before he arrives",
    description="Accepts by name who he is, as it was seen in `version`, and gives the visit's number. What is given "
    "besides corrects it; earlier values stay in the history. Told again it accepts anew. The crew sees the number.",
    **contract(
        RegistrationOut, body=RegistrationIn, example=EXAMPLE, problems=[404, 409],
        body_examples={
            "as entered": {"version": 2, "visit_number": "A1127-0317"},
            "corrected": {"version": 2, "visit_number": "A1127-0317", "age_years": 59},
        },
    ),
)  # fmt: skip
async def registered(request: Request, door: DoorkeeperDep, actor: Receiver, patient_id: PatientId) -> Response:
    """Register."""
    asked = await _registration.of(request)
    hospital_id = await must_bring(door, actor, patient_id)
    async with acting(door, actor) as act:
        await register(
            act, patient_id, hospital_id, asked.visit_number, expected_version=asked.version, names=asked.names(),
            sex=asked.sex, age_years=asked.age_years,
        )  # fmt: skip
        patient = await get_patient(act.session, act.region, patient_id)
        out = await _out(act.session, patient, hospital_id, whole=False)
    return answer(out)


def _hospital(seen: Seen) -> UUID | None:
    return seen.patient.destination_id if seen.inbound is None else seen.inbound.hospital_id


async def _out(session: Session, patient: Patient, hospital_id: UUID | None, *, whole: bool) -> RegistrationOut:
    row = None if hospital_id is None else await find_registration(session, patient.id, hospital_id)
    values = await list_identity(session, patient.id)
    by = [one.actor for versions in values.values() for one in versions]
    by += [] if row is None else [row.registered_by, row.accepted_by]
    names = await names_of_actors(session, by)

    def said(kind: PersonalKind, *, whole: bool) -> list[SaidOut]:
        return [
            SaidOut(shown(kind, one.value, whole=whole), one.occurred_at, names.get(one.actor))
            for one in values.get(kind, ())
        ]

    return RegistrationOut(
        patient_id=patient.id,
        hospital_id=hospital_id,
        version=patient.version,
        whole=whole,
        named=any(one.value for one in values.get(PersonalKind.NAME, ())[:1]),
        sex=Sex(patient.sex),
        age_years=patient.age_years,
        identity=[IdentityOut(kind, said(kind, whole=whole)) for kind in IDENTITY],
        numbers=said(PersonalKind.VISIT_NUMBER, whole=True),
        registered_at=None if row is None else row.registered_at,
        registered_by=None if row is None else names.get(row.registered_by),
        accepted_at=None if row is None else row.accepted_at,
        accepted_by=None if row is None else names.get(row.accepted_by),
        changed=row is not None and _changed(row, patient, [values[kind][0] for kind in IDENTITY if kind in values]),
    )


def _changed(row: Registration, patient: Patient, newest: Sequence[PersonalValue]) -> bool:
    if (row.sex, row.age_years) != (patient.sex, patient.age_years):
        return True
    return any(one.recorded_at > row.accepted_at for one in newest)
