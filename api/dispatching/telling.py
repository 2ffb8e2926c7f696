"""From recommendations and assignments to what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from api.dispatching.board import AssignmentRow, rows
from api.dispatching.schemas import TimePointOut, TimeVersionOut
from api.dispatching.schemas_recommendation import (
    AloneOut,
    LackOut,
    MarkOut,
    NotOfferedOut,
    OfferOut,
    ReasonOut,
    RecommendationInputsOut,
    RecommendationOut,
)
from api.fleet.board import words_out
from api.roads.asking import metres
from dispatch.dispatching.queries_recommendation import Stored
from dispatch.dispatching.rules_candidates import Candidate, Exclusion, Offer, Recommendation, read_lack
from dispatch.dispatching.rules_policy import Figures
from dispatch.dispatching.rules_times import TimeKnown
from dispatch.dispatching.states import Point
from dispatch.dispatching.tables import AssignmentTime, RecommendationRow
from dispatch.incidents.service import Act
from dispatch.units.rules_capability import missing_words
from dispatch.units.states_duty import Effect, Source, UnitStatus
from dispatch.units.tables_duty import UnitStatusEntry


def recommendation_out(row: RecommendationRow | Stored, made: Recommendation, k: int | None) -> RecommendationOut:
    """Tell a recommendation with the first `k` offers of each organisation; None: with all."""
    units = {unit.id: unit for unit in made.inputs.units}
    shown = made.considered if k is None else made.shown(k)
    ranks = {offer.unit_id: rank for rank, offer in enumerate(made.considered, 1)}
    wanted = made.inputs.wanted
    return RecommendationOut(
        id=row.id,
        incident_id=row.incident_id,
        at=row.at,
        chosen=made.chosen,
        offers=[_offer(offer, ranks[offer.unit_id], units[offer.unit_id], row) for offer in shown],
        offered=len(made.considered),
        not_offered=[_not_offered(one) for one in made.excluded_because],
        alone=[
            AloneOut(
                one.organisation,
                [_offer(offer, rank, units[offer.unit_id], row) for rank, offer in enumerate(one.offers, 1)],
            )
            for one in made.alone
        ],
        inputs=RecommendationInputsOut(
            priority=wanted.priority,
            capabilities=wanted.capabilities,
            place_version=row.place_version,
            requester=wanted.requester.organisation,
            units=len(made.inputs.units),
            policy=made.inputs.policy,
            sharing_version=wanted.sharing_version,
            network_version=made.inputs.network_version,
            overlay_version=made.inputs.overlay_version,
            warnings=list(made.inputs.warnings),
        ),
    )


async def row_now(act: Act, assignment_id: UUID, figures: Figures) -> AssignmentRow:
    """Return the row of an assignment that is there."""
    (row,) = await rows(act.session, act.region, act.clock.now(), [assignment_id], figures=figures)
    return row


def time_out(known: TimeKnown, names: Mapping[str, str]) -> TimePointOut:
    """Tell a time point, with the names of `names_of_actors`."""
    return TimePointOut(
        point=known.point,
        at=known.at,
        entered_at=known.entered_at,
        source=Source(known.source),
        actor=known.actor,
        actor_name=names.get(known.actor),
        entry_id=known.entry_id,
        of_status=known.of_status,
        corrected=known.corrected,
    )


def versions_out(
    entries: Sequence[UnitStatusEntry], told: Sequence[AssignmentTime], names: Mapping[str, str]
) -> list[TimeVersionOut]:
    """Tell all that was said of a run, by true time."""
    found = [
        TimeVersionOut(
            row.id, None, UnitStatus(row.status), Effect(row.effect), row.at, row.device_at, row.received_at,
            Source(row.source), row.actor, names.get(row.actor), row.corrects,
        )
        for row in entries
    ]  # fmt: skip
    found += [
        TimeVersionOut(
            row.id, Point(row.point), None, None, row.at, row.device_at, row.entered_at, Source(row.source),
            row.actor, names.get(row.actor), row.corrects,
        )
        for row in told
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.entered_at, one.entry_id))


def _offer(offer: Offer, rank: int, unit: Candidate, row: RecommendationRow | Stored) -> OfferOut:
    return OfferOut(
        rank=rank,
        unit_id=offer.unit_id,
        call_sign=offer.call_sign,
        organisation=offer.organisation,
        status=unit.status,
        status_version=unit.version,
        eta_s=_seconds(offer.eta_s),
        low_s=_seconds(offer.low_s),
        high_s=_seconds(offer.high_s),
        arrives_at=None if offer.eta_s is None else row.at + timedelta(seconds=offer.eta_s),
        wait_s=round(offer.wait_s, 1),
        mobilise_s=offer.mobilise_s,
        road_s=_seconds(offer.road_s),
        road_m=metres(offer.road_m),
        source=offer.source,
        can_go=offer.can_go,
        diverted_from=offer.diverted_from,
        letters=unit.letters,
        missing=[_lack(text) for text in offer.missing],
        marks=[MarkOut(mark, words_out(words)) for mark, words in zip(offer.marks, offer.words, strict=True)],
        lat=unit.point.lat,
        lon=unit.point.lon,
        fix_at=unit.fix_at,
        age_s=_seconds(unit.age_s),
    )


def _lack(text: str) -> LackOut:
    missing = read_lack(text)
    return LackOut(missing.letter, missing.part, missing.what, missing.count, words_out(missing_words(missing)))


def _not_offered(one: Exclusion) -> NotOfferedOut:
    reasons = [ReasonOut(reason, words_out(words)) for reason, words in zip(one.reasons, one.words, strict=True)]
    return NotOfferedOut(one.unit_id, one.call_sign, one.organisation, reasons, one.until)


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
