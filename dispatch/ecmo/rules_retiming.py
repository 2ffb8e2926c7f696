"""A chosen plan's moments, told anew from what has truly happened and what the road says now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch.ecmo.rules_figures import FIGURES, Times
from dispatch.ecmo.states_plans import PlanMark

ORDER: Final = (
    PlanMark.WHEELS,
    PlanMark.AT_PATIENT,
    PlanMark.ON_CIRCUIT,
    PlanMark.DEPARTED,
    PlanMark.ARRIVED,
    PlanMark.BED,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """A moment of a mission. planned: the usual time by its plan, None: only the road tells it.

    likely, slow: as things stand; happened: when it truly was.
    """

    mark: PlanMark
    planned: datetime | None
    likely: datetime
    slow: datetime
    happened: datetime | None

    @property
    def late_s(self) -> float:
        """How much later than planned; below 0: earlier."""
        return 0.0 if self.planned is None else (self.likely - self.planned).total_seconds()


def retime(
    began: datetime,
    marks: Mapping[PlanMark, Times],
    happened: Mapping[PlanMark, datetime],
    now: datetime,
    remaining: Times | None = None,
    awaited: Times | None = None,
) -> tuple[Expected, ...]:
    """Tell each moment of a plan that began at `began`, in the plan's own order.

    remaining: seconds of the drive under way, if one is; it counts for the next moment instead of the plan's. awaited:
    seconds until what the next moment waits for is there: it does not come before. What was due and has not happened
    is expected now at the soonest, and all that follows moves with it. A moment that was passed over, because a later
    one happened, is told as planned and not expected again.
    """
    order = sorted(marks, key=lambda mark: (marks[mark].likely, ORDER.index(mark)))
    told: list[Expected] = []
    base_likely = base_slow = began
    base = Times(0.0, 0.0)
    last = max((order.index(mark) for mark in happened if mark in marks), default=-1)
    for place, mark in enumerate(order):
        planned = began + timedelta(seconds=marks[mark].likely)
        if mark in happened:
            likely = slow = happened[mark]
        elif place <= last:
            likely = slow = planned
        else:
            step_s = max(0.0, marks[mark].likely - base.likely)
            slow_s = max(step_s, marks[mark].slow - base.slow)
            if place == last + 1:
                if remaining is not None:
                    likely, slow = (now + timedelta(seconds=one) for one in (remaining.likely, remaining.slow))
                else:
                    likely = max(now, base_likely + timedelta(seconds=step_s))
                    slow = max(now, base_slow + timedelta(seconds=slow_s))
                if awaited is not None:
                    likely = max(likely, now + timedelta(seconds=awaited.likely))
                    slow = max(slow, now + timedelta(seconds=awaited.slow))
            else:
                likely, slow = base_likely + timedelta(seconds=step_s), base_slow + timedelta(seconds=slow_s)
        told.append(Expected(mark, planned, likely, slow, happened.get(mark)))
        if place >= last or mark in happened:
            base_likely, base_slow, base = likely, slow, marks[mark]
    return tuple(told)


def by_road(told: tuple[Expected, ...], next_: PlanMark, now: datetime, remaining: Times) -> tuple[Expected, ...]:
    """What the road alone tells, where no plan has it: the drive's end, and the bed once he has been unloaded.

    next_: what the drive under way ends with; remaining: its seconds.
    """
    known, ends = {one.mark for one in told}, [(next_, remaining)]
    if next_ is PlanMark.ARRIVED:
        ends.append((PlanMark.BED, remaining + FIGURES.minutes["unload"]))
    more = [
        Expected(mark, None, now + timedelta(seconds=one.likely), now + timedelta(seconds=one.slow), None)
        for mark, one in ends
        if mark not in known
    ]
    return (*told, *more)
