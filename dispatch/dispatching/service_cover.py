"""Asking the roads what cover a choice takes away. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dispatch.dispatching.rules_cover import Coming, Cover, cover_without, taken_away
from dispatch.dispatching.rules_recommendation import mobilise_s
from dispatch.dispatching.rules_sharing import Party, SharingPolicy
from dispatch.dispatching.service_look import FleetNow
from dispatch.dispatching.service_reach import Choosing, SizeGroup, by_size
from dispatch.kernel.errors import NotFound
from dispatch.units.queries_fleet import DutyUnit
from geo.travel import Question, Source, TravelTimes

MOST_STATIONS: Final = 4
"""So many are looked at: the unit's own, and those nearest to where it is."""
_MOST_COMING: Final = 4
"""So many of each size are asked for: mobilisation may put the second on the road before the first."""
LEAST_S: Final = 60.0
"""Another station that loses less is not worth a word."""


@dataclass(frozen=True, slots=True)
class CoverTold:
    """What a choice takes away, with a unit of each station that is named, for its name and place."""

    cover: tuple[Cover, ...]
    of_station: dict[UUID, DutyUnit]
    units: dict[UUID, DutyUnit]


def cover_of(travel: TravelTimes, fleet: FleetNow, unit_id: UUID) -> CoverTold:
    """Tell what is left to a unit's station, and to those around it, once it has gone. Few, short road searches.

    A unit that is not free takes nothing away. Raises NotFound (`unit.not_found`).
    """
    units = {unit.id: unit for unit in fleet.units}
    unit = units.get(unit_id)
    if unit is None:
        raise NotFound("unit.not_found", "There is no such unit on duty here.")
    of_station = {one.station_id: one for one in fleet.units}
    free = [one for one in fleet.units if one.availability.available]
    groups = by_size(free, {one.id: one.reckoning.point for one in free}, fleet.choosing)
    here = unit.reckoning.point
    near = sorted(of_station.values(), key=lambda one: here.distance_m(one.station_point))
    wanted = [one for one in near if one.station_id != unit.station_id][: MOST_STATIONS - 1]

    def cover(station: DutyUnit) -> Cover:
        own = [one.id for one in free if one.station_id == station.station_id]
        party = Party(station.organisation, station.system)
        coming = _coming(travel, fleet, station, groups, units)
        return cover_without(unit_id, station.station_id, own, coming, kept=_kept(fleet.sharing.policy, party))

    return CoverTold(taken_away(cover(unit), map(cover, wanted), least_s=LEAST_S), of_station, units)


def _coming(
    travel: TravelTimes, fleet: FleetNow, station: DutyUnit, groups: Sequence[SizeGroup], units: dict[UUID, DutyUnit]
) -> list[Coming]:
    choosing: Choosing = fleet.choosing
    found: list[Coming] = []
    for group in groups:
        question = Question(group.profile, at=fleet.at, closures_at=fleet.at)
        answer = travel.nearest(station.station_point, group.origins, min(_MOST_COMING, len(group.origins)), question)
        for one in answer.ranked:
            # A guess without a road is no cover.
            if one.travel.source is Source.ROAD and one.travel.eta_s is not None:
                unit_id = group.ids[one.id]
                ready_s = mobilise_s(units[unit_id].standing.status, choosing.figures)
                found.append(Coming(unit_id, ready_s + one.travel.eta_s))
    return found


def _kept(policy: SharingPolicy, lender: Party) -> int:
    """How many free units each of an organisation's stations keeps for itself, whoever asks."""
    rules = [one for one in policy.rules if one.lender in (lender.organisation, lender.system)]
    return max((one.min_kept_per_station for one in (*rules, policy.otherwise)), default=0)
