"""One look at the fleet, for all who choose from it at that moment. Nothing here writes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.queries import RunNow, list_carrying, list_runs_now
from dispatch.dispatching.queries_recommendation import StoredUnits, write_units
from dispatch.dispatching.queries_sharing import Sharing, get_sharing, list_owners
from dispatch.dispatching.rules_candidates import Candidate, Running, Stand, Wanted, lack_text
from dispatch.dispatching.rules_policy import RankingFigures
from dispatch.dispatching.rules_recommendation import in_order, stands
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.service_reach import DEFAULT, Choosing, SizeGroup, arrivals, by_size
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.errors import NotFound
from dispatch.units.queries_fleet import DutyUnit, list_duty_units
from dispatch.units.rules_capability import Abilities
from dispatch.units.states import Capability
from dispatch.units.states_duty import ENDS_BY_ITSELF, ON_RUN, OutReason, UnitStatus
from geo.travel import TravelTimes


@dataclass(frozen=True, slots=True)
class Lineup:
    """The fleet as candidates for incidents of one priority and one need, in order.

    groups: from where the roads are asked; stored: the candidates as they are kept.
    """

    candidates: tuple[Candidate, ...]
    groups: tuple[SizeGroup, ...]
    stored: StoredUnits
    _stands: dict[Party, tuple[Stand, ...]] = field(default_factory=dict)

    def stands(self, wanted: Wanted, figures: RankingFigures) -> tuple[Stand, ...]:
        """How the candidates stand to a question of this line-up's moment, priority and need."""
        made = self._stands.get(wanted.requester)
        if made is None:
            made = self._stands[wanted.requester] = stands(wanted, self.candidates, figures)
        return made


@dataclass(frozen=True, slots=True)
class FleetNow:
    """All that a choice looks at beside its incident, as of `at`.

    parties: organisations by their code. under_way: who is asked for the arrivals of units on runs, as may be known
    already; None: whoever is asked for the rest. Thread-safe.
    """

    at: datetime
    units: tuple[DutyUnit, ...]
    runs: Mapping[UUID, RunNow]
    carrying: frozenset[UUID]
    sharing: Sharing
    parties: Mapping[str, Party]
    choosing: Choosing
    under_way: TravelTimes | None = None
    _lineups: dict[tuple[Priority, str], Lineup] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def party(self, code: str) -> Party:
        """An organisation by its code. Raises NotFound (`organisation.not_found`)."""
        found = self.parties.get(code)
        if found is None:
            raise NotFound("organisation.not_found", "There is no such organisation.", "List them, or add it first.")
        return found

    def lineup(self, travel: TravelTimes, priority: Priority, capabilities: str) -> Lineup:
        """The candidates for an incident; the same for all that ask alike."""
        with self._lock:
            made = self._lineups.get((priority, capabilities))
            if made is None:
                made = self._lineups[priority, capabilities] = self._line_up(travel, priority, capabilities)
            return made

    def _line_up(self, travel: TravelTimes, priority: Priority, capabilities: str) -> Lineup:
        runs, carrying = self.runs, self.carrying
        less_urgent = [unit for unit in self.units if (run := runs.get(unit.id)) and run.priority.rank > priority.rank]
        arriving = arrivals(self.under_way or travel, less_urgent, runs, self.at, self.choosing)
        letters = frozenset(map(Capability, capabilities))
        figures = self.choosing.figures
        candidates = in_order(
            _candidate(self.at, letters, unit, runs.get(unit.id), arriving.get(unit.id), unit.id in carrying, figures)
            for unit in self.units
        )
        points = {one.id: one.point for one in candidates}
        return Lineup(candidates, by_size(self.units, points, self.choosing), write_units(candidates))


async def look(
    session: AsyncSession,
    region: str,
    now: datetime,
    choosing: Choosing = DEFAULT,
    *,
    under_way: TravelTimes | None = None,
) -> FleetNow:
    """Look at every unit of the region, what each is on, and what is lent."""
    sharing, parties = await get_sharing(session, region), await list_owners(session)
    units = await list_duty_units(session, region, now, policy=choosing.duty)
    runs = {run.unit_id: run for run in await list_runs_now(session, region)}
    carrying = await list_carrying(session)
    return FleetNow(now, tuple(units), runs, carrying, sharing, parties, choosing, under_way)


# A fleet has few kinds of units, and incidents few needs.
@lru_cache(maxsize=4096)
def _missing(able: Abilities, letters: frozenset[Capability]) -> tuple[str, ...]:
    return tuple(map(lack_text, able.lacks(letters)))


def _candidate(
    now: datetime,
    letters: frozenset[Capability],
    unit: DutyUnit,
    run: RunNow | None,
    arriving_s: float | None,
    on_board: bool,
    figures: RankingFigures,
) -> Candidate:
    own = run if run is not None and unit.standing.run_id == run.assignment_id else None
    there = unit.reckoning
    cleared = own.clear_point if own is not None and unit.standing.status in ON_RUN else None
    return Candidate(
        id=unit.id, call_sign=unit.call_sign, party=Party(unit.organisation, unit.system),
        station_id=unit.station_id, status=unit.standing.status, since=unit.standing.since,
        point=cleared or there.point, basis="clears" if cleared else str(there.basis), fix_at=there.fix_at,
        age_s=there.age_s, widen_s=there.widen_s, stale=there.stale, letters=unit.abilities.letters,
        missing=_missing(unit.abilities, letters),
        hindrances=tuple(str(one.reason) for one in unit.availability.hindrances),
        overdue=any(one.overdue for one in unit.availability.hindrances),
        run=Running(own.assignment_id, own.incident_id, own.priority, arriving_s, on_board) if own else None,
        clears_at=_clears_at(now, unit, own, figures), version=unit.version,
    )  # fmt: skip


def _clears_at(now: datetime, unit: DutyUnit, run: RunNow | None, figures: RankingFigures) -> datetime | None:
    """When a unit will be free: as somebody told, as is usual after arrival at a hospital, or never known."""
    standing = unit.standing
    if run is not None and run.clear_at is not None and standing.status in ON_RUN:
        return max(run.clear_at, now)
    if standing.status is UnitStatus.AT_HOSPITAL and standing.since is not None:
        return max(standing.since + timedelta(seconds=figures.turnaround_s), now)
    # A repair takes as long as it takes.
    if standing.status in ENDS_BY_ITSELF and standing.reason is not OutReason.FAULT:
        return standing.expected_end_at
    return None
