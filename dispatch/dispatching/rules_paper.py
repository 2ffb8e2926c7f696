"""A run that was over before it was entered: whether its times can be, and what they say. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.dispatching.states import OF_STATUS, EndReason, Point
from dispatch.kernel.errors import Invalid
from dispatch.units.states_duty import UnitStatus

STATUS_OF: Final[Mapping[Point, UnitStatus]] = {point: status for status, point in OF_STATUS.items()} | {
    Point.T11: UnitStatus.RETURNING_AVAILABLE,
    Point.T12: UnitStatus.AT_STATION,
}
"""The status that began at a time point."""
THERE: Final = (Point.T6, Point.T7, Point.T8, Point.T9)
"""Any of these says that the unit was at the scene."""
ENDS: Final = frozenset({EndReason.COMPLETED, EndReason.CANCELLED, EndReason.STOOD_DOWN, EndReason.BROKEN_DOWN})
"""How a run on paper can have ended."""


@dataclass(frozen=True, slots=True)
class PastTimes:
    """T3 to T12 of a run in their order; T3 and T11 are there."""

    at: Mapping[Point, datetime]

    @property
    def begins_at(self) -> datetime:
        """T3."""
        return self.at[Point.T3]

    @property
    def ended_at(self) -> datetime:
        """T11."""
        return self.at[Point.T11]

    @property
    def last_at(self) -> datetime:
        """T12 where it is known, else T11."""
        return self.at.get(Point.T12, self.ended_at)

    def first_of(self, *points: Point) -> datetime | None:
        """The first of these that is known, in the order asked for."""
        return next((self.at[point] for point in points if point in self.at), None)

    @property
    def statuses(self) -> list[tuple[UnitStatus, datetime]]:
        """What the unit was, and since when."""
        return [(STATUS_OF[point], at) for point, at in self.at.items() if point in STATUS_OF]

    @property
    def left_from(self) -> UnitStatus:
        """What the unit was before it was free."""
        run = [status for status, _ in self.statuses if status in OF_STATUS]
        return run[-1]


def past_times(told: Sequence[tuple[Point, datetime]], t0: datetime, now: datetime) -> PastTimes:
    """Check the times of a run that is over; `told` in any order.

    Raises Invalid: `assignment.times` (T3 or T11 missing, a point twice, TX), `time.order`, `time.future`.
    """
    found = dict(told)
    if len(found) != len(told) or Point.TX in found or not {Point.T3, Point.T11} <= found.keys():
        raise Invalid("assignment.times", "A run that is over has T3 and T11, and each time point once.")
    before = ("T0", t0)
    times: dict[Point, datetime] = {}
    for point in Point:
        at = found.get(point)
        if at is None:
            continue
        if at < before[1]:
            raise Invalid("time.order", f"{point} lies before {before[0]}.")
        if at > now:
            raise Invalid("time.future", f"{point} has not come yet.")
        before, times[point] = (str(point), at), at
    return PastTimes(times)
