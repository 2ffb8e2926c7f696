"""Undo, the end of a run, what returns to the queue, escalation, swaps, and the queue's order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.dispatching.rules_policy import PROPOSED, AssignmentFigures
from dispatch.dispatching.rules_sharing import Party, SharingPolicy, withheld
from dispatch.dispatching.states import EndReason, Returns
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.errors import Conflict
from dispatch.units.states_duty import FREE, ON_RUN, UnitStatus

SILENT: Final = frozenset((UnitStatus.ASSIGNED, UnitStatus.UNKNOWN))
"""In these a crew has said nothing of its order yet. A crew that moves has answered."""
_BEFORE_ARRIVAL = frozenset((UnitStatus.ASSIGNED, UnitStatus.EN_ROUTE, UnitStatus.STAGING))
_RETURNS = {
    EndReason.DIVERTED: Returns.DIVERTED,
    EndReason.BROKEN_DOWN: Returns.BROKEN_DOWN,
    EndReason.STOOD_DOWN: Returns.STOOD_DOWN,
    EndReason.CANCELLED: Returns.CANCELLED,
    EndReason.UNDONE: Returns.CANCELLED,
}


class UnitTaken(Conflict):
    """Another was quicker. `current` says who has it: ids, codes, times; plain JSON values."""

    def __init__(self, message: str, current: Mapping[str, object]) -> None:
        super().__init__("assignment.unit_taken", message, "Choose another unit, or divert this one.", current=current)


def may_undo(
    assigned_at: datetime, status: UnitStatus, now: datetime, figures: AssignmentFigures = PROPOSED.assignment
) -> bool:
    """Whether an order can still be taken back as a slip of the hand: within seconds, the crew not on its way."""
    return status == UnitStatus.ASSIGNED and (now - assigned_at).total_seconds() <= figures.undo_s


def status_after(status: UnitStatus, before_run: UnitStatus) -> UnitStatus:
    """The status of a unit that is called off: where it was if it never left, else on its way home."""
    if status == UnitStatus.ASSIGNED and before_run in FREE:
        return before_run
    return UnitStatus.RETURNING_AVAILABLE


def how_ended(before: UnitStatus, after: UnitStatus) -> EndReason | None:
    """How a run ended by a change of status; None while it goes on.

    Leaving before arrival is turning back; being out of service before the hospital is a breakdown. A unit of which
    nothing is known any more keeps its run until somebody knows.
    """
    if after in ON_RUN or after == UnitStatus.UNKNOWN:
        return None
    if after == UnitStatus.OUT_OF_SERVICE and before != UnitStatus.AT_HOSPITAL:
        return EndReason.BROKEN_DOWN
    return EndReason.STOOD_DOWN if before in _BEFORE_ARRIVAL else EndReason.COMPLETED


def returns(reason: EndReason, before: UnitStatus, *, others: int, patients: int, open_patients: int) -> Returns | None:
    """Why an incident waits for a unit again; None when it does not.

    others: units that still have it. It does not wait when its patients are at the hospital or all have an outcome.
    """
    if others or before == UnitStatus.AT_HOSPITAL or (patients and not open_patients):
        return None
    return _RETURNS.get(reason)


def unacknowledged(
    assigned_at: datetime,
    status: UnitStatus,
    now: datetime,
    *,
    acknowledged: bool,
    figures: AssignmentFigures = PROPOSED.assignment,
) -> bool:
    """Whether a crew should have answered by now."""
    return status in SILENT and not acknowledged and (now - assigned_at).total_seconds() >= figures.acknowledge_s


def swap_worth(
    planned_s: float | None,
    remaining_s: float | None,
    nearer_s: float | None,
    figures: AssignmentFigures = PROPOSED.assignment,
) -> bool:
    """Whether to suggest that a freed unit takes over: the sent one is not half way, and time is really saved.

    planned_s: the sent unit's ETA as it was ordered; remaining_s: what is left of it now; nearer_s: the freed unit's.
    """
    if planned_s is None or remaining_s is None or nearer_s is None:
        return False
    return remaining_s > planned_s / 2 and nearer_s + figures.swap_gain_s <= remaining_s


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident without a unit. returned_at: when it lost the one it had. requester: for whom units are lent."""

    incident_id: UUID
    number: str
    priority: Priority
    t0: datetime
    returned_at: datetime | None = None
    capabilities: str = ""
    requester: Party | None = None


def queue_order(waiting: Collection[Waiting]) -> list[Waiting]:
    """By priority; within it those that lost their unit first; then by T0."""
    return sorted(
        waiting, key=lambda one: (one.priority.rank, one.returned_at is None, one.t0, one.number, one.incident_id)
    )


def offer_to(waiting: Collection[Waiting], owner: Party, letters: str, sharing: SharingPolicy) -> tuple[Waiting, ...]:
    """The waiting incidents that a freed unit may serve, in the queue's order.

    Within a priority those whose needs it meets come first; a lack never hides one.
    """
    free_for = [one for one in queue_order(waiting) if _lent(one, owner, sharing)]
    return tuple(sorted(free_for, key=lambda one: (one.priority.rank, not set(one.capabilities) <= set(letters))))


def _lent(one: Waiting, owner: Party, sharing: SharingPolicy) -> bool:
    return one.requester is None or withheld(sharing.rule(owner, one.requester), one.priority) is None
