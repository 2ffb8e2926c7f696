"""All vehicles under way whose positions come to one process, and what is found of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.telemetry.detection.rules import Found, Subject
from dispatch.telemetry.detection.rules_places import Watched, WatchRules
from dispatch.telemetry.rules_arrivals import Arrival, fix_of
from dispatch.units.rules_position import Fix
from geo.matching.states import Match

TOO_OLD: Final = timedelta(seconds=60)
"""A position that comes later says nothing of now; it is kept, and looked at by nobody."""
CLOCK_OFF: Final = timedelta(seconds=5)
TrackFix = tuple[datetime, float, float, float | None, float | None]
"""True time, latitude and longitude in degrees, m/s, and metres of accuracy."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a vehicle was. at: true time; degrees WGS-84, m/s, metres, degrees from north.

    match: where that is on the road, as far as that is sure.
    """

    unit_id: UUID
    at: datetime
    received_at: datetime
    lat: float
    lon: float
    speed_mps: float | None
    accuracy_m: float | None
    heading_deg: float | None = None
    match: Match | None = None


class Watching:
    """Looks at positions as they come; only the newest of a vehicle, in their order."""

    def __init__(self) -> None:
        self._watches: dict[UUID, list[WatchRules]] = {}
        self._last: dict[UUID, datetime] = {}
        self.units: set[UUID] = set()

    def learn(
        self,
        watched: Iterable[Watched],
        now: datetime,
        running: Collection[tuple[UUID, UUID | None, str]] = (),
        known: Collection[tuple[UUID, str]] = (),
    ) -> list[Found]:
        """Learn what is watched now.

        Of watches that are new here: running: unit, assignment and code of what goes on; known: assignment and code of
        all that was found.
        """
        found: list[Found] = []
        before = {one.watched.id: one for given in self._watches.values() for one in given}
        self._watches = {}
        for one in watched:
            rules = before.get(one.id)
            if rules is None or rules.watched.point != one.point:
                codes = {code for unit, run, code in running if (unit, run) == (one.unit_id, one.assignment_id)}
                before_it = frozenset(code for run, code in known if run == one.assignment_id)
                moved, rules = rules, WatchRules(one, frozenset(codes), before_it)
                if moved is not None:
                    rules = moved.to(one)
            found += [Found(_subject(one), sign) for sign in rules.look_again(one, now)]
            self._watches.setdefault(one.unit_id, []).append(rules)
        return found

    def is_new(self, watch_ids: Iterable[UUID]) -> bool:
        """Whether there is one among these of which nothing is known here."""
        known = {one.watched.id for given in self._watches.values() for one in given}
        return not known.issuperset(watch_ids)

    def wanting(self, roads: object = None) -> list[WatchRules]:
        """Those for which a way is to be asked of the roads, whose vehicle has a place.

        Also those whose way was asked of other roads than `roads`: what has been closed since changes it.
        """
        return [
            one
            for given in self._watches.values()
            for one in given
            if one.wants_way_on(roads) and one.place is not None and one.watched.under_way
        ]

    def unrecalled(self) -> list[WatchRules]:
        """Those whose vehicle's positions since its order have not been looked at for its departure; asked once."""
        found = [one for given in self._watches.values() for one in given if one.wants_track]
        for one in found:
            one.wants_track = False
        return found

    def recall(self, rules: WatchRules, track: Iterable[TrackFix]) -> list[Found]:
        """Look at positions that were kept before, in the order of their times, for the departure alone."""
        return [Found(_subject(rules.watched), sign) for fix in track for sign in rules.leave(*fix)]

    def see(self, place: Seen) -> list[Found]:
        """Look at a position."""
        self.units.add(place.unit_id)
        given = self._watches.get(place.unit_id)
        last = self._last.get(place.unit_id)
        if not given or place.received_at - place.at > TOO_OLD or (last is not None and place.at <= last):
            return []
        self._last[place.unit_id] = place.at
        return [
            Found(_subject(one.watched), sign)
            for one in given
            for sign in one.see(place.at, place.lat, place.lon, place.speed_mps, place.accuracy_m, place.match)
        ]


def seen_in(arrival: Arrival) -> Seen | None:
    """The position that a frame tells; None where its time is not sure."""
    fix = fix_of(arrival) if arrival.sure else None
    if fix is None:
        return None
    return Seen(
        fix.unit_id, arrival.at, arrival.received_at, fix.lat, fix.lon, fix.speed_mps, fix.accuracy_m, fix.heading_deg
    )


def seen_as(fix: Fix, received_at: datetime) -> Seen:
    """A fix that came by itself. Where the clock that sent it is off, its age counts from when it was sent."""
    at = fix.fix_at
    if fix.sent_at is not None and abs(received_at - fix.sent_at) > CLOCK_OFF:
        at += received_at - fix.sent_at
    return Seen(
        fix.unit_id, min(at, received_at), received_at, fix.lat, fix.lon, fix.speed_mps, fix.accuracy_m, fix.heading_deg
    )


def _subject(watched: Watched) -> Subject:
    return Subject(watched.unit_id, 0, watched.incident_id, None, watched.assignment_id)
