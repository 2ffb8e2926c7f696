"""What became of patients: told by the hospital later, and shown to who carried them without who they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import acting
from api.auth import Doorkeeper, DoorkeeperDep, not_allowed, requires
from api.bodies import Body, answer
from api.calls.board import INCIDENT_ID
from api.contract import contract
from api.er.access import Follower, own_hospitals
from api.names import names_of_actors
from api.patients.schemas import HOSPITAL_ID, PATIENT_ID
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.states_patients import Sex
from dispatch.kernel.actor import ActorKind
from dispatch.receiving.events import PatientWithheld
from dispatch.receiving.queries_outcomes import Brought, Carried, list_brought, list_carried_by
from dispatch.receiving.rules_outcomes import OUTCOME_FORMS, Meaning, age_band
from dispatch.receiving.service_outcomes import note_learnt, tell_outcome
from dispatch.receiving.states import Pathway

router = APIRouter(tags=["emergency room"])
_TELL: Final = "outcomes.tell"
Teller = Annotated[Principal, requires(_TELL)]
Learner = Annotated[Principal, requires("outcomes.read")]
PatientId = Annotated[UUID, Path(description="The patient's id.")]
TELLABLE: Final = timedelta(days=30)
"""After T0; and so long a crew is shown what became of its patients."""


class PatientOutcomeToldIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the patient went, and what it was."""

    disposition: Annotated[str, Meta(max_length=40, description="Of `/api/outcome-forms`.")]
    diagnosis: Annotated[
        Annotated[str, Meta(max_length=8)] | None, Meta(description="A code of ICD-10; null: not known yet.")
    ] = None


class MeaningOut(msgspec.Struct, frozen=True):
    """A code in three languages."""

    code: str
    zh: str
    en: str
    ug: str


class OutcomeFormsOut(msgspec.Struct, frozen=True):
    """What can be told of a patient later. Any other code of ICD-10 can be told too."""

    version: str
    signed_off: Annotated[bool, Meta(description="False: no medical director has signed the list off.")]
    dispositions: list[MeaningOut]
    diagnoses: list[MeaningOut]


class BroughtOut(msgspec.Struct, frozen=True, kw_only=True):
    """A patient who was brought to one's own hospital; no name."""

    patient_id: UUID
    incident_id: UUID
    incident_number: str
    hospital_id: UUID
    t0: datetime
    pathway: Pathway
    complaint: str
    sex: Sex
    age_years: int | None
    disposition: Annotated[str | None, Meta(description="Null: nothing told yet.")]
    diagnosis: str | None
    told_at: datetime | None
    told_by_name: str | None
    version: int


class BroughtsOut(msgspec.Struct, frozen=True):
    """Of the last 30 days, the newest first."""

    now: datetime
    patients: list[BroughtOut]


class LearntOut(msgspec.Struct, frozen=True, kw_only=True):
    """What became of somebody whom the asker carried: no name, no number, no address, no free words."""

    incident_number: str
    incident_id: UUID
    patient_id: UUID
    run_at: Annotated[datetime, Meta(description="T0 of the incident.")]
    pathway: Pathway
    complaint: str
    sex: Sex
    age_band: Annotated[str | None, Meta(description="Ten years, as 50-59; null: unknown.")]
    hospital: MeaningOut
    disposition: MeaningOut
    diagnosis: Annotated[str | None, Meta(description="A code of ICD-10.")]
    diagnosis_name: Annotated[MeaningOut | None, Meta(description="Null: a code that is not in our list.")]
    told_at: datetime
    changed: Annotated[bool, Meta(description="Something else was told before.")]


class LearntsOut(msgspec.Struct, frozen=True):
    """The latest told first."""

    now: datetime
    outcomes: list[LearntOut]


_outcome = Body(PatientOutcomeToldIn)
_BROUGHT: Final = {
    "patient_id": PATIENT_ID,
    "incident_id": INCIDENT_ID,
    "incident_number": "2026-000123",
    "hospital_id": HOSPITAL_ID,
    "t0": "2026-11-22T09:02:00Z",
    "pathway": "chest",
    "complaint": "chest_pain",
    "sex": "male",
    "age_years": 58,
    "disposition": "intensive",
    "diagnosis": "I21.9",
    "told_at": "2026-11-23T02:00:00Z",
    "told_by_name": "示例医生",
    "version": 1,
}
_LEARNT: Final = {
    "incident_number": "2026-000123",
    "incident_id": INCIDENT_ID,
    "patient_id": PATIENT_ID,
    "run_at": "2026-11-22T09:02:00Z",
    "pathway": "chest",
    "complaint": "chest_pain",
    "sex": "male",
    "age_band": "50-59",
    "hospital": {"code": "H01", "zh": "示例医院", "en": "Example Hospital", "ug": ""},
    "disposition": {"code": "intensive", "zh": "收住重症监护", "en": "admitted to intensive care", "ug": ""},
    "diagnosis": "I21.9",
    "diagnosis_name": {"code": "I21.9", "zh": "急性心肌梗死", "en": "acute myocardial infarction", "ug": ""},
    "told_at": "2026-11-23T02:00:00Z",
    "changed": False,
}


@router.get(
    "/outcome-forms",
    summary="What can be told of a patient later",
    description="Where he went, and frequent diagnoses by ICD-10, in three languages. Awaits a medical director.",
    dependencies=[requires("session.show")],
    **contract(OutcomeFormsOut),
)
async def forms() -> Response:
    """Give the lists."""
    lists = [[_meaning(one) for one in some.values()] for some in (OUTCOME_FORMS.dispositions, OUTCOME_FORMS.diagnoses)]
    return answer(OutcomeFormsOut(OUTCOME_FORMS.version, bool(OUTCOME_FORMS.signed_off_by), *lists))


@router.get(
    "/er/outcomes",
    summary="Who was brought to one's own hospital, and what was told of them",
    description="Handed over there, of the last 30 days, without names: a ward finds its patient by the incident's "
    "number.",
    **contract(BroughtsOut, example={"now": "2026-11-23T02:00:00Z", "patients": [_BROUGHT]}),
)
async def brought(door: DoorkeeperDep, actor: Follower) -> Response:
    """List who was brought."""
    return answer(await _brought_out(door, actor))


@router.post(
    "/er/patients/{patient_id}/outcome",
    summary="Tell what became of a patient",
    description="By name, for the hospital to which he was brought, up to 30 days after. Told anew it is another "
    "version; the same again changes nothing. The crew that carried him sees it without who he was.",
    **contract(
        BroughtsOut, body=PatientOutcomeToldIn, example={"now": "2026-11-23T02:00:00Z", "patients": [_BROUGHT]},
        problems=[404], body_examples={"an infarction": {"disposition": "intensive", "diagnosis": "I21.9"}},
    ),
)  # fmt: skip
async def told(request: Request, door: DoorkeeperDep, actor: Teller, patient_id: PatientId) -> Response:
    """Tell."""
    asked = await _outcome.of(request)
    async with acting(door, actor) as act:
        patient = await get_patient(act.session, act.region, patient_id)
        mine = (await own_hospitals(act.session, act.region, actor)).keys()
        rows = await list_brought(act.session, act.region, mine, act.clock.now() - TELLABLE, patient_id)
        if rows:
            await tell_outcome(act, patient_id, rows[0].hospital_id, asked.disposition, asked.diagnosis)
        else:
            async with act.together():
                act.tell(
                    PatientWithheld(
                        patient_id=patient_id, incident_id=patient.incident_id, organisation=actor.organisation
                    )
                )
    if not rows:
        raise not_allowed(_TELL)
    return answer(await _brought_out(door, actor))


@router.get(
    "/outcomes/mine",
    summary="What became of those whom one carried",
    description="Of the last 30 days on board, the latest told first, without who they were: ten years of age, no "
    "name, no address, no words. It leaves a line in the journal.",
    **contract(LearntsOut, example={"now": "2026-11-23T02:00:00Z", "outcomes": [_LEARNT]}),
)
async def learnt(door: DoorkeeperDep, actor: Learner) -> Response:
    """List what became of them."""
    if actor.kind is not ActorKind.PERSON:
        raise not_allowed("outcomes.read")
    async with acting(door, actor) as act:
        now = act.clock.now()
        rows = await list_carried_by(act.session, act.region, actor.id, now - TELLABLE)
        await note_learnt(act, actor.id, len(rows))
    return answer(LearntsOut(now, [_learnt(one) for one in rows]))


async def _brought_out(door: Doorkeeper, actor: Principal) -> BroughtsOut:
    region, now = door.parts.settings.region, door.parts.clock.now()
    async with door.parts.database.read() as session:
        mine = (await own_hospitals(session, region, actor)).keys()
        rows = await list_brought(session, region, mine, now - TELLABLE)
        names = await names_of_actors(session, [one.told.actor for one in rows if one.told is not None])
    return BroughtsOut(now, [_brought(one, names) for one in rows])


def _brought(one: Brought, names: Mapping[str, str]) -> BroughtOut:
    row = one.told
    return BroughtOut(
        patient_id=one.patient.id,
        incident_id=one.incident.id,
        incident_number=one.incident.number,
        hospital_id=one.hospital_id,
        t0=one.incident.t0,
        pathway=one.pathway,
        complaint=one.incident.complaint,
        sex=Sex(one.patient.sex),
        age_years=one.patient.age_years,
        disposition=None if row is None else row.disposition,
        diagnosis=None if row is None else row.diagnosis,
        told_at=None if row is None else row.at,
        told_by_name=None if row is None else names.get(row.actor),
        version=0 if row is None else row.version,
    )


def _learnt(one: Carried) -> LearntOut:
    known = OUTCOME_FORMS.diagnoses.get(one.told.diagnosis or "")
    return LearntOut(
        incident_number=one.incident.number,
        incident_id=one.incident.id,
        patient_id=one.patient.id,
        run_at=one.incident.t0,
        pathway=one.pathway,
        complaint=one.incident.complaint,
        sex=Sex(one.patient.sex),
        age_band=age_band(one.patient.age_years),
        hospital=MeaningOut(one.hospital.code, one.hospital.name_zh, one.hospital.name_en, one.hospital.name_ug),
        disposition=_meaning(OUTCOME_FORMS.dispositions[one.told.disposition]),
        diagnosis=one.told.diagnosis,
        diagnosis_name=None if known is None else _meaning(known),
        told_at=one.told.at,
        changed=one.told.version > 1,
    )


def _meaning(one: Meaning) -> MeaningOut:
    return MeaningOut(one.code, one.zh, one.en, one.ug)
