"""Exclude, time, rank: which unit to send, and why not the others. Pure.

Nobody is preferred for whose vehicle it is: only the sharing policy knows organisations. What is missing, stale or
estimated is marked, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

import msgspec

from dispatch.dispatching.rules_candidates import (
    Alone,
    Candidate,
    Exclusion,
    Inputs,
    Offer,
    Reached,
    Recommendation,
    Stand,
    Wanted,
)
from dispatch.dispatching.rules_policy import PROPOSED, RankingFigures
from dispatch.dispatching.rules_sharing import ShareRule, withheld
from dispatch.dispatching.states_recommendation import Excluded, Mark
from dispatch.units.states_duty import ON_RUN, WITH_PATIENT, UnitStatus
from geo.travel import Reason, Source

_RUNS_TO_SCENE: Final = frozenset((UnitStatus.ASSIGNED, UnitStatus.EN_ROUTE, UnitStatus.STAGING))
_MARKED: Final = {
    Reason.OFF_ROAD_ORIGIN: Mark.OFF_ROAD,
    Reason.OFF_ROAD_TARGET: Mark.OFF_ROAD,
    Reason.DIRECTION_UNKNOWN: Mark.DIRECTION,
    Reason.ONE_SIDE: Mark.ONE_SIDE,
    Reason.NEAREST_ROAD_CLOSED: Mark.ROAD_CLOSED,
}
_NEVER: Final = float("inf")
_FIRST: Final[tuple[Mark, ...]] = (Mark.MISSING, Mark.STALE)
_NO_INCIDENT: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Policy:
    """How offers are ordered: `key` of each, the least first. Two policies can be compared on the same inputs."""

    name: str
    key: Callable[[Offer], tuple[float, ...]]


def _by_time(offer: Offer) -> tuple[float, ...]:
    kind = 3 if offer.eta_s is None else 2 if offer.estimated else 1 if Mark.ONE_SIDE in offer.marks else 0
    return (kind, bool(offer.missing), _NEVER if offer.eta_s is None else offer.eta_s, not offer.can_go)


BY_TIME: Final = Policy("by_time_1", _by_time)
"""Road answers first, those to one carriageway only behind; then those that meet all that is needed; then by time."""


def recommend(
    wanted: Wanted,
    units: Sequence[Candidate],
    reached: Mapping[UUID, Reached],
    *,
    policy: Policy = BY_TIME,
    figures: RankingFigures = PROPOSED.ranking,
    network_version: str = "",
    overlay_version: int = 0,
    warnings: Sequence[str] = (),
    known: Sequence[Stand] | None = None,
) -> Recommendation:
    """Choose among units.

    reached: for each unit the way from its `point` to the incident; a unit without one ranks last, with no time.
    known: `stands` of these units, if they are worked out already. The order of `units` has no influence.
    """
    known = stands(wanted, units, figures) if known is None else known
    offers: list[Offer] = []
    held: list[Offer] = []
    excluded: list[Exclusion] = []
    for stand in known:
        unit, reasons = stand.unit, stand.reasons
        if unit.run is not None and unit.run.incident_id == wanted.incident_id:
            reasons = hindered(wanted, unit, figures)
        if not reasons:
            (held if stand.kept else offers).append(_offer(stand, reached.get(unit.id), figures))
        if reasons or stand.kept:
            told = (*reasons, *stand.kept)
            excluded.append(Exclusion(unit.id, unit.call_sign, unit.party.organisation, told, unit.clears_at))
    ranked = _ranked(offers, policy)
    chosen = next((offer for offer in ranked if offer.can_go and offer.eta_s is not None), None)
    looked_at = tuple(stand.unit for stand in known)
    return Recommendation(
        chosen=chosen.unit_id if chosen else None,
        considered=_with_sooner(ranked, chosen),
        excluded_because=tuple(excluded),
        alone=_alone(_ranked([*ranked, *held], policy) if held else ranked, figures.k),
        inputs=Inputs(wanted, looked_at, policy.name, network_version, overlay_version, tuple(warnings)),
    )


def stands(wanted: Wanted, units: Iterable[Candidate], figures: RankingFigures) -> tuple[Stand, ...]:
    """How units stand, in order: for every incident of that priority, need and moment, and the same requester.

    A unit that runs to the incident itself is not told apart: `recommend` does.
    """
    wanted, units = replace(wanted, incident_id=_NO_INCIDENT), in_order(units)
    spare = _spare(units)
    rules = {party: wanted.sharing.rule(party, wanted.requester) for party in {unit.party for unit in units}}
    return tuple(_stand(wanted, unit, _kept_back(wanted, unit, rules[unit.party], spare), figures) for unit in units)


def in_order(units: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Units by call sign, as a recommendation lists them."""
    return tuple(sorted(units, key=attrgetter("call_sign", "id")))


def hindered(wanted: Wanted, unit: Candidate, figures: RankingFigures) -> tuple[Excluded, ...]:
    """Why a unit can be sent neither now nor soon, sharing apart; nothing when it can."""
    if unit.free and unit.run is None:
        return ()
    found = [Excluded(code) for code in unit.hindrances if code != "on_run"]
    if unit.run is not None and unit.run.incident_id == wanted.incident_id:
        return (Excluded.HERE_ALREADY, *found)
    people = [reason for reason in found if reason in (Excluded.NO_CREW, Excluded.NO_DRIVER, Excluded.NO_STATUS)]
    if people or unit.free:
        return tuple(found)
    if _soon(wanted, unit, figures) is not None:
        return ()
    if unit.overdue:
        found.append(Excluded.OVERDUE)
    if unit.status in ON_RUN:
        found.extend(_bound(wanted, unit, figures))
    elif unit.clears_at is not None:
        found.append(Excluded.CLEARS_LATE)
    return tuple(dict.fromkeys(found)) or (Excluded.RUN_UNKNOWN,)


def divertible(wanted: Wanted, unit: Candidate, figures: RankingFigures) -> bool:
    """Whether a unit on a run may be sent here instead: this is more urgent, nobody on board, not nearly there."""
    return unit.status in ON_RUN and not _bound(wanted, unit, figures)


def bound(status: UnitStatus, arrives_s: float | None, *, on_board: bool, figures: RankingFigures) -> Excluded | None:
    """What binds a unit to the run that it is on, whatever calls elsewhere; None where it may be diverted."""
    if on_board or status in WITH_PATIENT:
        return Excluded.PATIENT_ON_BOARD
    if status not in _RUNS_TO_SCENE:
        return Excluded.ON_SCENE
    if arrives_s is None:
        # One that has not left is not about to arrive; of one under way nobody knows.
        return None if status == UnitStatus.ASSIGNED else Excluded.ARRIVAL_UNKNOWN
    return Excluded.ARRIVING if arrives_s <= figures.arriving_s else None


def _bound(wanted: Wanted, unit: Candidate, figures: RankingFigures) -> list[Excluded]:
    if unit.run is None:
        return [Excluded.RUN_UNKNOWN]
    held = bound(unit.status, unit.run.arrives_s, on_board=unit.run.patient_on_board, figures=figures)
    found = [held] if held else []
    if unit.run.priority.rank <= wanted.priority.rank:
        found.append(Excluded.NOT_LESS_URGENT)
    return found


def _soon(wanted: Wanted, unit: Candidate, figures: RankingFigures) -> float | None:
    """Seconds until a unit can go: 0 now, more when it clears soon; None when it cannot."""
    if unit.free or (set(unit.hindrances) == {"on_run"} and divertible(wanted, unit, figures)):
        return 0.0
    # Who waits for a crew, or of whom nothing is known, does not clear by a time.
    if unit.clears_at is None or unit.overdue or set(unit.hindrances) & {"no_crew", "no_driver", "no_status"}:
        return None
    wait_s = max((unit.clears_at - wanted.at).total_seconds(), 0.0)
    return wait_s if wait_s <= figures.clears_within_s else None


def _spare(units: Sequence[Candidate]) -> dict[UUID, int]:
    """Free units by the station that they belong to."""
    spare: dict[UUID, int] = {}
    for unit in units:
        if unit.free:
            spare[unit.station_id] = spare.get(unit.station_id, 0) + 1
    return spare


def _kept_back(wanted: Wanted, unit: Candidate, rule: ShareRule, spare: Mapping[UUID, int]) -> tuple[Excluded, ...]:
    held = withheld(rule, wanted.priority)
    if held is not None:
        return (held,)
    if unit.free and spare.get(unit.station_id, 0) - 1 < rule.min_kept_per_station:
        return (Excluded.STATION_MINIMUM,)
    return ()


def _stand(wanted: Wanted, unit: Candidate, kept: tuple[Excluded, ...], figures: RankingFigures) -> Stand:
    reasons = hindered(wanted, unit, figures)
    if reasons:
        return Stand(unit, reasons, kept)
    diverted = not unit.free and divertible(wanted, unit, figures)
    wait_s = 0.0 if unit.free else _soon(wanted, unit, figures) or 0.0
    ready_s = mobilise_s(unit.status, figures)
    can_go = unit.free or diverted
    told = {
        Mark.MISSING: bool(unit.missing),
        Mark.STALE: unit.stale,
        Mark.DIVERSION: diverted,
        Mark.CLEARS: not can_go,
        Mark.LENT: unit.party.organisation != wanted.requester.organisation,
    }
    return Stand(
        unit, reasons, kept, wait_s, ready_s, wait_s + ready_s, can_go,
        unit.run.incident_id if diverted and unit.run is not None else None,
        tuple(mark for mark, holds in told.items() if holds),
    )  # fmt: skip


def _offer(stand: Stand, reached: Reached | None, figures: RankingFigures) -> Offer:
    unit, before_s, marks = stand.unit, stand.before_s, stand.marks
    if reached is None or reached.pinned or reached.travel.reasons or reached.travel.source is not Source.ROAD:
        marks = _of_way(marks, reached)
    if reached is None or (road_s := reached.travel.eta_s) is None:
        return Offer(
            unit.id, unit.call_sign, unit.party.organisation, None, None, None, stand.wait_s, stand.mobilise_s, None,
            reached.travel.distance_m if reached is not None else None,
            str(reached.travel.source if reached is not None else Source.UNREACHABLE),
            reached is not None and reached.travel.source is Source.ESTIMATE, stand.can_go, stand.diverted_from,
            unit.missing, marks,
        )  # fmt: skip
    travel = reached.travel
    estimated = travel.source is Source.ESTIMATE
    low, high = (figures.estimate_low, figures.estimate_high) if estimated else (figures.road_low, figures.road_high)
    return Offer(
        unit.id, unit.call_sign, unit.party.organisation, before_s + road_s, before_s + road_s * low,
        before_s + road_s * high + unit.widen_s, stand.wait_s, stand.mobilise_s, road_s, travel.distance_m,
        str(travel.source), estimated, stand.can_go, stand.diverted_from, unit.missing, marks,
    )  # fmt: skip


def _of_way(marks: tuple[Mark, ...], reached: Reached | None) -> tuple[Mark, ...]:
    """Marks of a unit with those of its way: what is a guess stands behind what is missing or out of date."""
    first = [mark for mark in marks if mark in _FIRST]
    rest = marks[len(first) :]
    travel = reached.travel if reached is not None else None
    if travel is not None and travel.source is Source.ESTIMATE:
        first.append(Mark.ESTIMATE)
    if reached is not None and reached.pinned:
        first.append(Mark.PINNED)
    if travel is None or travel.eta_s is None:
        first.append(Mark.NO_TIME)
    of_road = dict.fromkeys(_MARKED[reason] for reason in travel.reasons if reason in _MARKED) if travel else ()
    return (*first, *rest, *of_road)


def mobilise_s(status: UnitStatus, figures: RankingFigures) -> float:
    """Seconds from an order until the wheels roll."""
    if status in ON_RUN and status != UnitStatus.ASSIGNED:
        return figures.mobilise_running_s
    return figures.mobilise_road_s if status == UnitStatus.RETURNING_AVAILABLE else figures.mobilise_station_s


def _ranked(offers: Sequence[Offer], policy: Policy) -> list[Offer]:
    return sorted(offers, key=lambda offer: (policy.key(offer), offer.call_sign, offer.unit_id))


def _with_sooner(ranked: Sequence[Offer], chosen: Offer | None) -> tuple[Offer, ...]:
    """Mark who lacks something, but is there before the first choice: in an arrest that may count for more."""
    if chosen is None or chosen.eta_s is None or chosen.missing:
        return tuple(ranked)
    first_s = chosen.eta_s
    return tuple(
        msgspec.structs.replace(offer, marks=(Mark.SOONER, *offer.marks))
        if offer.missing and offer.can_go and offer.eta_s is not None and offer.eta_s < first_s
        else offer
        for offer in ranked
    )


def _alone(ranked: Sequence[Offer], k: int) -> tuple[Alone, ...]:
    by_owner = sorted(ranked, key=attrgetter("organisation"))
    return tuple(
        Alone(organisation, tuple(offers)[:k])
        for organisation, offers in groupby(by_owner, key=lambda offer: offer.organisation)
    )
