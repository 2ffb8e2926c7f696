"""All of a case, as one of its sides sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from api.ecmo.access import ASSESS, COORDINATE, asker_organisations, may_change, side_of
from api.ecmo.assessing import assessment_out, case_of
from api.ecmo.rows import offers_out, rows_out
from api.ecmo.schemas_assessment import EcmoAssessmentOut
from api.ecmo.schemas_case import (
    AlikeOut,
    CaseMessageOut,
    CaseOut,
    CasePatientOut,
    CaseReadOut,
    CaseValueOut,
    EcmoOfferOut,
    FileOut,
    MayOut,
)
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.dispatching.queries_live import list_links
from dispatch.ecmo.queries_case import Told, list_files, list_messages, list_values
from dispatch.ecmo.queries_requests import list_alike, list_joined, list_same_patient
from dispatch.ecmo.rules_requests import ALIKE_YEARS
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_case import AttachmentKind, CaseSide, FileForm, MessageKind
from dispatch.ecmo.states_offers import OfferState
from dispatch.ecmo.states_requests import RequestState, Support, Ward, WithdrawalReason
from dispatch.ecmo.tables_case import EcmoFile, EcmoValue
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.queries_personal import current_values
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states_patients import PersonalKind, Sex
from dispatch.incidents.tables_personal import PersonalValue
from dispatch.kernel.clock import Clock
from dispatch.kernel.db import Session

Values = Mapping[tuple[UUID, PersonalKind], PersonalValue]


async def case_out(
    session: Session, clock: Clock, actor: Principal, row: EcmoRequest, *, whole: bool, low_flow_min: float | None
) -> CaseOut:
    """Tell a case. low_flow_min: the longest that the time without flow may be on the faster way; None: not known."""
    ids = await list_joined(session, row.id)
    askers = await asker_organisations(session, row)
    personal = await current_values(session, [one for one in (row.id, row.patient_id) if one is not None])
    values = await list_values(session, ids)
    files = await list_files(session, ids)
    offers = await offers_out(session, row)
    told = await list_messages(session, ids)
    actors = [row.created_by, row.asked_by, row.ended_by]
    actors += [one.actor for one in values]
    actors += [one.actor for one in files]
    actors += [one for each in told for one in (each.message.actor, *(read.actor for read in each.reads))]
    names = await names_of_actors(session, actors)
    links = [] if row.incident_id is None else await list_links(session, row.region, incident_ids=[row.incident_id])
    return CaseOut(
        request=(await rows_out(session, [row], actor.id))[0],
        whole=whole,
        may=_may(actor, askers, offers),
        patient=_patient(row, personal, whole=whole),
        patient_id=row.patient_id,
        unit_ids=[one.unit_id for one in links if one.incident_id == row.incident_id],
        ward=None if row.ward is None else Ward(row.ward),
        lat=row.lat,
        lon=row.lon,
        contact=_text(personal, row.id, PersonalKind.CONTACT),
        contact_phone=_text(personal, row.id, PersonalKind.PHONE),
        indication_words=_text(personal, row.id, PersonalKind.NOTE),
        support=[Support(one) for one in row.support],
        at_once=row.at_once,
        saved_at=row.saved_at,
        created_by_name=names.get(row.created_by),
        asked_by_name=names.get(row.asked_by or ""),
        ended_by_name=names.get(row.ended_by or ""),
        withdrawal=None if row.withdrawal is None else WithdrawalReason(row.withdrawal),
        withdrawal_words=_text(personal, row.id, PersonalKind.REASON),
        joined_into=row.joined_into,
        joined=ids[1:],
        alike=await _alike(session, row),
        offers=offers,
        values=[CaseValueOut(one.item, one.value, one.at, one.entered_at, names.get(one.actor)) for one in values],
        messages=[message_out(one, names, str(actor.actor)) for one in told],
        files=[file_out(one, one.total, names) for one in files],
        assessment=_assessment(row, values, clock, low_flow_min),
    )


def message_out(one: Told, names: Mapping[str, str], asker: str) -> CaseMessageOut:
    """Tell a message."""
    row = one.message
    return CaseMessageOut(
        id=row.id,
        kind=MessageKind(row.kind),
        side=CaseSide(row.side),
        organisation=row.organisation,
        author_name=names.get(row.actor),
        mine=row.actor == asker,
        at=row.at,
        entered_at=row.entered_at,
        words=one.words,
        reads=[CaseReadOut(names.get(read.actor), read.organisation, read.at) for read in one.reads],
    )


def file_out(row: EcmoFile, here: int, names: Mapping[str, str]) -> FileOut:
    """Tell a file. here: how many of its bytes are here from the beginning on."""
    return FileOut(
        id=row.id,
        kind=AttachmentKind(row.kind),
        form=None if row.form is None else FileForm(row.form),
        at=row.at,
        author_name=names.get(row.actor),
        total=row.total,
        received=here,
        whole=row.whole_at is not None,
        erased=row.erased_at is not None,
    )


def _may(actor: Principal, askers: frozenset[str], offers: Sequence[EcmoOfferOut]) -> MayOut:
    assess = [
        one.hospital.id
        for one in offers
        if one.state is not OfferState.WAITING and may(actor, ASSESS, one.hospital.organisation)
    ]
    return MayOut(side_of(actor, askers), may_change(actor, askers), assess, may_change(actor, askers, COORDINATE))


def _patient(row: EcmoRequest, personal: Values, *, whole: bool) -> CasePatientOut:
    name, number = (
        _text(personal, row.id, kind) or _text(personal, row.patient_id, kind)
        for kind in (PersonalKind.NAME, PersonalKind.ID_NUMBER)
    )
    return CasePatientOut(
        name=name if whole or not name else masked(PersonalKind.NAME, name),
        id_number=number if whole or not number else masked(PersonalKind.ID_NUMBER, number),
        sex=Sex(row.sex),
        age_years=row.age_years,
        pregnant=row.pregnant,
        weight_kg=row.weight_kg,
        height_cm=row.height_cm,
    )


def _text(personal: Values, owner_id: UUID | None, kind: PersonalKind) -> str:
    found = None if owner_id is None else personal.get((owner_id, kind))
    return "" if found is None else found.value or ""


async def _alike(session: Session, row: EcmoRequest) -> list[AlikeOut]:
    sure = await list_same_patient(session, row, row.identity_digest)
    known = {one.id for one in sure}
    perhaps = [one for one in await list_alike(session, row, ALIKE_YEARS) if one.id not in known]
    return [AlikeOut(one.id, one.number, RequestState(one.state), one.id in known) for one in [*sure, *perhaps]]


def _assessment(
    row: EcmoRequest, values: Sequence[EcmoValue], clock: Clock, low_flow_min: float | None
) -> EcmoAssessmentOut | None:
    if row.mode is None:
        return None
    return assessment_out(Mode(row.mode), case_of(row, values, clock.now()), low_flow_min)
