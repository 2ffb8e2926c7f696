"""Whether a unit may be sent, and from where to reckon. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from dispatch.kernel.texts import Words
from dispatch.units.rules_duty import PositionPolicy
from dispatch.units.rules_status import Standing
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import FREE, ON_RUN, TRAVELLING, Source, UnitStatus
from geo.points import GeoPoint


class Reason(StrEnum):
    """Why a unit is not available. A position out of date is none."""

    NO_STATUS = "no_status"
    NO_CREW = "no_crew"
    NO_DRIVER = "no_driver"
    ON_RUN = "on_run"
    STANDBY = "standby"
    TRANSFER = "transfer"
    RELIEF = "relief"
    RETURNING = "returning"
    OUT_OF_SERVICE = "out_of_service"


REASON_WORDS: Final[Mapping[Reason, Words]] = {
    Reason.NO_STATUS: Words("状态不明", "nobody has told its status"),
    Reason.NO_CREW: Words("无人员在岗", "no crew on board"),
    Reason.NO_DRIVER: Words("无驾驶员", "no driver on board"),
    Reason.ON_RUN: Words("执行任务中", "on a run"),
    Reason.STANDBY: Words("活动保障中", "standing by at an event"),
    Reason.TRANSFER: Words("计划转运中", "on a planned transfer"),
    Reason.RELIEF: Words("换班", "changing crews"),
    Reason.RETURNING: Words("返站，暂不可派", "returning, not to be sent"),
    Reason.OUT_OF_SERVICE: Words("停用", "out of service"),
}


class Hindrance(msgspec.Struct, frozen=True, gc=False):
    """One reason. `until`: the expected end where there is one; `overdue`: it has passed, and nobody said more.

    code: the finer reason (`fuel`, `en_route`), or "".
    """

    reason: Reason
    until: datetime | None = None
    overdue: bool = False
    code: str = ""


class Availability(msgspec.Struct, frozen=True, gc=False):
    """All reasons against; none means available."""

    hindrances: tuple[Hindrance, ...]

    @property
    def available(self) -> bool:
        """May be sent."""
        return not self.hindrances


_OF_STATUS = {
    UnitStatus.UNKNOWN: Reason.NO_STATUS,
    UnitStatus.RETURNING: Reason.RETURNING,
    UnitStatus.RELIEF: Reason.RELIEF,
    UnitStatus.STANDBY: Reason.STANDBY,
    UnitStatus.TRANSFER: Reason.TRANSFER,
    UnitStatus.OUT_OF_SERVICE: Reason.OUT_OF_SERVICE,
} | dict.fromkeys(ON_RUN, Reason.ON_RUN)


def availability(standing: Standing, crew: Sequence[Skill], now: datetime) -> Availability:
    """Return whether a unit may be sent, or every reason why not.

    An expected end that has passed does not make a unit available: it is told as overdue, and a person asks.
    """
    found: list[Hindrance] = []
    if standing.status not in FREE:
        end_at = standing.expected_end_at
        overdue = end_at is not None and end_at <= now
        code = standing.reason or (standing.status if standing.status in ON_RUN else "")
        found.append(Hindrance(_OF_STATUS[standing.status], end_at, overdue, str(code)))
    if not crew:
        found.append(Hindrance(Reason.NO_CREW))
    elif Skill.DRIVER not in crew:
        found.append(Hindrance(Reason.NO_DRIVER))
    return Availability(tuple(found))


class LastPlace(msgspec.Struct, frozen=True, gc=False):
    """The newest position known: where, when (true time), from whom; speed and heading where the receiver told them.

    received_at: when it reached us.
    """

    point: GeoPoint
    at: datetime
    source: Source
    speed_mps: float | None = None
    heading_deg: float | None = None
    received_at: datetime | None = None


class Basis(StrEnum):
    """From where a unit is reckoned."""

    FIX = "fix"
    """Its position, fresh."""
    LAST_PLACE = "last_place"
    """Its position, out of date."""
    STATION = "station"


class Reckoning(msgspec.Struct, frozen=True, gc=False):
    """From where to reckon a unit's ETA.

    widen_s: seconds to add to the ETA's upper end. stale: the position is out of date: `label_zh`, `label_en` are to be
    shown, "" otherwise. fix_at, age_s: of the newest position, None without one.
    """

    point: GeoPoint
    basis: Basis
    widen_s: float
    stale: bool
    label_zh: str = ""
    label_en: str = ""
    fix_at: datetime | None = None
    age_s: float | None = None


_MOVES_MPS: Final = 1.5
"""Faster than this a receiver's noise is not: the vehicle moves, whatever its status."""


def reckoning(
    standing: Standing, last: LastPlace | None, station: GeoPoint, now: datetime, policy: PositionPolicy
) -> Reckoning:
    """Say from where a unit is reckoned; it never removes a unit.

    - A fresh position counts as it is.
    - A unit at its station by its status, with a position that is old, absent, or from before it came home, stands
      there: no widening. It is marked where it had a receiver that fell silent.
    - Otherwise an old position counts, its ETA widened by its age; a unit that is not on a run is reckoned from its
      station beyond `last_place_max_age_s`, and any unit where there never was a position, with the widest ETA.
    """
    home = standing.status == UnitStatus.AT_STATION
    if last is None:
        return _reckoned(station, Basis.STATION, policy, widen_s=0.0 if home else policy.widen_max_s, stale=not home)
    age_s = max((now - last.at).total_seconds(), 0.0)
    moving = standing.status in TRAVELLING or (last.speed_mps or 0.0) > _MOVES_MPS
    stale = age_s > (policy.stale_moving_s if moving else policy.stale_standing_s)
    near = last.point.distance_m(station) <= policy.at_station_m
    # It came home after that fix: the status is the newer word.
    outrun = home and not near and standing.since is not None and last.at < standing.since
    basis, widen_s = Basis.FIX, 0.0
    if outrun or (home and near and stale):
        basis = Basis.STATION
    elif stale and age_s > policy.last_place_max_age_s and standing.status not in ON_RUN:
        basis, widen_s = Basis.STATION, policy.widen_max_s
    elif stale:
        basis, widen_s = Basis.LAST_PLACE, min(age_s * policy.widen_per_age, policy.widen_max_s)
    point = station if basis == Basis.STATION else last.point
    made = _reckoned(point, basis, policy, widen_s=widen_s, stale=stale)
    return replace(made, fix_at=last.at, age_s=age_s)


def _reckoned(point: GeoPoint, basis: Basis, policy: PositionPolicy, *, widen_s: float, stale: bool) -> Reckoning:
    zh, en = (policy.label_zh, policy.label_en) if stale else ("", "")
    return Reckoning(point, basis, widen_s, stale, zh, en)
