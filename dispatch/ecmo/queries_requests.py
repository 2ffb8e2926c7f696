"""Every question to requests, offers and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.ecmo.states_after import EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.states_offers import PENDING, OfferState
from dispatch.ecmo.states_requests import LIVE, OPEN, RequestState
from dispatch.ecmo.tables_after import EcmoOutcome
from dispatch.ecmo.tables_case import EcmoValue
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_offers import EcmoCondition, EcmoDecision, EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.tables_personal import Owner, PersonalValue
from dispatch.kernel.errors import NotFound

_MOST = 500


async def get_request(session: AsyncSession, region: str, request_id: UUID, *, lock: bool = False) -> EcmoRequest:
    """One request. Whoever changes anything of it locks it first. Raises NotFound (`ecmo_request.not_found`)."""
    found = await find_request(session, request_id, lock=lock)
    if found is None or found.region != region:
        raise NotFound("ecmo_request.not_found", "There is no such request for ECMO in this region.")
    return found


async def find_request(session: AsyncSession, request_id: UUID, *, lock: bool = False) -> EcmoRequest | None:
    """One request of any region; None: there is none."""
    wanted = select(EcmoRequest).where(EcmoRequest.id == request_id)
    if lock:
        wanted = wanted.with_for_update()
    found: EcmoRequest | None = await session.scalar(wanted, execution_options={"populate_existing": True})
    return found


async def list_requests(
    session: AsyncSession,
    region: str,
    organisations: frozenset[str] | None,
    *,
    since: datetime | None = None,
    awaiting: bool = False,
    ids: Collection[UUID] | None = None,
) -> Sequence[EcmoRequest]:
    """Requests that are open, or were begun at `since` or later; the newest first.

    organisations: only those that concern one of them; None: all. awaiting: those too of whose patient nobody has told
    yet what became of him in the end.
    """
    wanted = select(EcmoRequest).where(EcmoRequest.region == region)
    if ids is not None:
        wanted = wanted.where(EcmoRequest.id.in_(ids))
    else:
        also = [] if since is None else [EcmoRequest.created_at >= since]
        also += [EcmoRequest.id.in_(_awaiting())] if awaiting else []
        wanted = wanted.where(or_(EcmoRequest.state.in_(OPEN), *also))
    if organisations is not None:
        wanted = wanted.where(_concerns(organisations))
    ordered = wanted.order_by(EcmoRequest.created_at.desc(), EcmoRequest.id.desc()).limit(_MOST)
    return (await session.scalars(ordered, execution_options={"populate_existing": True})).all()


def _awaiting() -> Select[UUID]:
    """Of whose patient, who was handed over alive, neither the end of his stay nor his death was told."""
    newer = aliased(EcmoOutcome)
    corrected = exists().where(
        newer.mission_id == EcmoOutcome.mission_id,
        newer.moment == EcmoOutcome.moment,
        tuple_(newer.entered_at, newer.id) > tuple_(EcmoOutcome.entered_at, EcmoOutcome.id),
    )
    died = and_(EcmoOutcome.outcome == EcmoOutcomeKind.DIED, ~corrected)
    ended = exists().where(
        EcmoOutcome.mission_id == EcmoMission.id, or_(EcmoOutcome.moment == OutcomeAt.DISCHARGE, died)
    )
    return select(EcmoMission.request_id).where(EcmoMission.state == MissionState.HANDED_OVER, ~ended)


def _concerns(organisations: frozenset[str]) -> ColumnElement[bool]:
    hospitals = select(Hospital.id).where(Hospital.organisation.in_(sorted(organisations)))
    asked = select(EcmoOffer.id).where(
        EcmoOffer.request_id == EcmoRequest.id, EcmoOffer.asked_at.is_not(None), EcmoOffer.hospital_id.in_(hospitals)
    )
    here = and_(EcmoRequest.state != RequestState.DRAFT, EcmoRequest.hospital_id.in_(hospitals))
    return or_(EcmoRequest.organisation.in_(sorted(organisations)), here, asked.exists())


async def list_concerned(session: AsyncSession, request_ids: Collection[UUID]) -> Mapping[UUID, frozenset[str]]:
    """The organisations that each of these requests concerns: who asks, where the patient is, every centre asked."""
    found: dict[UUID, set[str]] = {one: set() for one in request_ids}
    own = select(EcmoRequest.id, EcmoRequest.organisation).where(EcmoRequest.id.in_(request_ids))
    here = (
        select(EcmoRequest.id, Hospital.organisation)
        .join(Hospital, Hospital.id == EcmoRequest.hospital_id)
        .where(EcmoRequest.id.in_(request_ids), EcmoRequest.state != RequestState.DRAFT)
    )
    asked = (
        select(EcmoOffer.request_id, Hospital.organisation)
        .join(Hospital, Hospital.id == EcmoOffer.hospital_id)
        .where(EcmoOffer.request_id.in_(request_ids), EcmoOffer.asked_at.is_not(None))
    )
    for request_id, organisation in await session.execute(own.union(here, asked)):
        found[request_id].add(organisation)
    return {key: frozenset(names) for key, names in found.items()}


async def concerned_by(session: AsyncSession, request_id: UUID) -> tuple[str, ...]:
    """As `list_concerned`, of one, sorted."""
    return tuple(sorted((await list_concerned(session, [request_id]))[request_id]))


async def list_joined(session: AsyncSession, request_id: UUID) -> list[UUID]:
    """The request and all that were joined into it."""
    found = await session.scalars(
        select(EcmoRequest.id).where(EcmoRequest.joined_into == request_id).order_by(EcmoRequest.id)
    )
    return [request_id, *found]


async def list_of(
    session: AsyncSession, region: str, *, incident_id: UUID | None = None, patient_id: UUID | None = None
) -> Sequence[UUID]:
    """Ids of all requests that were made from an incident, or for a patient of the core, in the order of their ids."""
    of = EcmoRequest.incident_id == incident_id if patient_id is None else EcmoRequest.patient_id == patient_id
    found = await session.scalars(
        select(EcmoRequest.id).where(EcmoRequest.region == region, of).order_by(EcmoRequest.id)
    )
    return found.all()


async def list_same_patient(session: AsyncSession, row: EcmoRequest, identity: str | None) -> Sequence[EcmoRequest]:
    """Other live requests that are surely for the same patient: by the record of the core, or the identity number."""
    ways: list[ColumnElement[bool]] = []
    if row.patient_id is not None:
        ways.append(EcmoRequest.patient_id == row.patient_id)
    if identity is not None:
        ways.append(EcmoRequest.identity_digest == identity)
    if not ways:
        return []
    wanted = select(EcmoRequest).where(
        EcmoRequest.region == row.region, EcmoRequest.id != row.id, EcmoRequest.state.in_(LIVE), or_(*ways)
    )
    return (await session.scalars(wanted.order_by(EcmoRequest.created_at, EcmoRequest.id))).all()


async def list_alike(session: AsyncSession, row: EcmoRequest, years: int) -> Sequence[EcmoRequest]:
    """Other live requests of the same hospital for somebody of the same sex and about that age: perhaps the same."""
    if row.hospital_id is None or row.age_years is None:
        return []
    wanted = select(EcmoRequest).where(
        EcmoRequest.region == row.region, EcmoRequest.id != row.id, EcmoRequest.state.in_(LIVE),
        EcmoRequest.hospital_id == row.hospital_id, EcmoRequest.sex == row.sex,
        EcmoRequest.age_years.between(row.age_years - years, row.age_years + years),
    )  # fmt: skip
    return (await session.scalars(wanted.order_by(EcmoRequest.created_at, EcmoRequest.id))).all()


async def list_offers(session: AsyncSession, request_ids: Iterable[UUID]) -> Sequence[EcmoOffer]:
    """The offers of requests, in the order in which centres are asked."""
    wanted = select(EcmoOffer).where(EcmoOffer.request_id.in_(list(request_ids)))
    ordered = wanted.order_by(EcmoOffer.request_id, EcmoOffer.place, EcmoOffer.id)
    return (await session.scalars(ordered, execution_options={"populate_existing": True})).all()


async def get_offer(session: AsyncSession, offer_id: UUID) -> EcmoOffer:
    """One offer. Raises NotFound (`ecmo_offer.not_found`)."""
    found: EcmoOffer | None = await session.scalar(
        select(EcmoOffer).where(EcmoOffer.id == offer_id), execution_options={"populate_existing": True}
    )
    if found is None:
        raise NotFound("ecmo_offer.not_found", "There is no such offer of an ECMO centre.")
    return found


async def list_decisions(session: AsyncSession, offer_ids: Iterable[UUID]) -> Sequence[EcmoDecision]:
    """All that was decided on offers, the oldest first."""
    wanted = select(EcmoDecision).where(EcmoDecision.offer_id.in_(list(offer_ids)))
    return (await session.scalars(wanted.order_by(EcmoDecision.at, EcmoDecision.id))).all()


async def list_conditions(session: AsyncSession, decision_ids: Iterable[UUID]) -> Sequence[EcmoCondition]:
    """The conditions of decisions, in their order."""
    wanted = select(EcmoCondition).where(EcmoCondition.decision_id.in_(list(decision_ids)))
    ordered = wanted.order_by(EcmoCondition.decision_id, EcmoCondition.ordinal)
    return (await session.scalars(ordered, execution_options={"populate_existing": True})).all()


async def find_condition(session: AsyncSession, condition_id: UUID) -> tuple[EcmoCondition, EcmoDecision]:
    """A condition, and the decision that it belongs to. Raises NotFound (`ecmo_condition.not_found`)."""
    found = (
        await session.execute(
            select(EcmoCondition, EcmoDecision)
            .join(EcmoDecision, EcmoDecision.id == EcmoCondition.decision_id)
            .where(EcmoCondition.id == condition_id),
            execution_options={"populate_existing": True},
        )
    ).one_or_none()
    if found is None:
        raise NotFound("ecmo_condition.not_found", "There is no such condition.")
    return found[0], found[1]


async def list_pressing(session: AsyncSession, region: str) -> list[UUID]:
    """Requests with a centre that has still to answer, and is to be asked or was: what time may bring something to."""
    wanted = (
        select(EcmoOffer.request_id)
        .join(EcmoRequest, EcmoRequest.id == EcmoOffer.request_id)
        .where(
            EcmoRequest.region == region, EcmoRequest.state.in_(LIVE - {RequestState.BOUND}),
            EcmoOffer.state.in_(PENDING | {OfferState.WAITING}),
        )
        .distinct()
        .order_by(EcmoOffer.request_id)
    )  # fmt: skip
    return list(await session.scalars(wanted))


async def list_empty_drafts(session: AsyncSession, region: str, before: datetime) -> list[UUID]:
    """Drafts that nobody has saved since, of whom nothing is known but what was chosen at the start."""
    value = select(EcmoValue.id).where(EcmoValue.request_id == EcmoRequest.id).exists()
    words = select(PersonalValue.owner_id).where(
        PersonalValue.owner == Owner.ECMO, PersonalValue.owner_id == EcmoRequest.id
    )
    wanted = select(EcmoRequest.id).where(
        EcmoRequest.region == region, EcmoRequest.state == RequestState.DRAFT, EcmoRequest.saved_at < before,
        EcmoRequest.patient_id.is_(None), EcmoRequest.incident_id.is_(None), EcmoRequest.age_years.is_(None),
        EcmoRequest.indication.is_(None), EcmoRequest.weight_kg.is_(None), ~value, ~words.exists(),
    )  # fmt: skip
    return list(await session.scalars(wanted.order_by(EcmoRequest.id)))


async def list_missions_of(session: AsyncSession, request_ids: Collection[UUID]) -> Mapping[UUID, EcmoMission]:
    """The mission of each bound request, by request; one that was stood down does not count."""
    wanted = select(EcmoMission).where(
        EcmoMission.request_id.in_(request_ids), EcmoMission.state != MissionState.STOOD_DOWN
    )
    return {row.request_id: row for row in await session.scalars(wanted)}


async def list_hospitals_named(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Hospital]:
    """Hospitals by id, those outside the region too."""
    return {one.id: one for one in await session.scalars(select(Hospital).where(Hospital.id.in_(ids)))}
