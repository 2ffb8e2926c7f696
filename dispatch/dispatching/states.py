"""Assignments: their life, how they end, their time points, and why a first choice was overridden."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.kernel.errors import Conflict
from dispatch.units.states_duty import UnitStatus


class AssignmentState(StrEnum):
    """A unit has an incident, or had it."""

    ACTIVE = "active"
    ENDED = "ended"


class EndReason(StrEnum):
    """How an assignment ended."""

    COMPLETED = "completed"
    """The unit was there and is done."""
    UNDONE = "undone"
    """Taken back within seconds: a slip of the hand. T3 stays."""
    CANCELLED = "cancelled"
    """Not needed any more, as a dispatcher decided."""
    STOOD_DOWN = "stood_down"
    """Called off, or turned back by itself, while the incident still needs somebody."""
    DIVERTED = "diverted"
    """Sent to another incident."""
    BROKEN_DOWN = "broken_down"


ASSIGNMENT_TRANSITIONS: Final[Mapping[AssignmentState, frozenset[AssignmentState]]] = {
    AssignmentState.ACTIVE: frozenset({AssignmentState.ENDED}),
    AssignmentState.ENDED: frozenset(),
}


class IllegalTransition(Conflict):
    """What is over stays over (`assignment.transition`)."""


def advance(old: AssignmentState, new: AssignmentState) -> AssignmentState:
    """Return the new state. Raises IllegalTransition."""
    if new not in ASSIGNMENT_TRANSITIONS[old]:
        raise IllegalTransition("assignment.transition", f"An assignment that is {old} cannot become {new}.")
    return new


class Returns(StrEnum):
    """Why an incident is without a unit again."""

    DIVERTED = "diverted"
    BROKEN_DOWN = "broken_down"
    STOOD_DOWN = "stood_down"
    CANCELLED = "cancelled"


class OverrideReason(StrEnum):
    """Why another unit than the first choice was sent."""

    KNOWS_BETTER = "knows_better"
    """What the program cannot see: the way, the place, the crew."""
    ROAD = "road"
    """The way is worse than the program believes."""
    CAPABILITY = "capability"
    """This case needs another crew or kit."""
    COVERAGE = "coverage"
    """The area of the first choice would be left bare."""
    CREW = "crew"
    """Fatigue, meal, end of shift."""
    AGREED_WITH_OWNER = "agreed_with_owner"
    """The owning organisation lent a unit that its rules keep back."""
    NO_ANSWER = "no_answer"
    """The first choice did not answer."""
    OTHER = "other"


class Point(StrEnum):
    """The time points of a run (T0 call to T12 free again; GLOSSARY)."""

    T3 = "T3"
    """派车: order sent."""
    T4 = "T4"
    """接单: the crew acknowledges."""
    T5 = "T5"
    """出车: wheels rolling."""
    TS = "TS"
    """待命区到达."""
    T6 = "T6"
    """到达现场."""
    T7 = "T7"
    """接诊: at the patient."""
    T8 = "T8"
    """离开现场."""
    T9 = "T9"
    """到达医院."""
    T10 = "T10"
    """交接完成."""
    T11 = "T11"
    """恢复待命: available."""
    T12 = "T12"
    """返站."""
    TX = "TX"
    """取消."""


TOLD: Final = frozenset({Point.T4, Point.T10})
"""No status tells these: they are records of their own."""

OF_STATUS: Final[Mapping[UnitStatus, Point]] = {
    UnitStatus.ASSIGNED: Point.T3,
    UnitStatus.EN_ROUTE: Point.T5,
    UnitStatus.STAGING: Point.TS,
    UnitStatus.ON_SCENE: Point.T6,
    UnitStatus.AT_PATIENT: Point.T7,
    UnitStatus.TRANSPORTING: Point.T8,
    UnitStatus.AT_HOSPITAL: Point.T9,
}
"""The status whose beginning is the time point."""
