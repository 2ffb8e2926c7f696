"""How urgent an incident is, who may say otherwise, and by which priority it is judged later. Pure.

Source: domain rules for the card set (upgrades by anyone and automatically, downgrades by a clinician only) and for
counting (judged by the final priority from the time of the upgrade; nothing lowered after arrival counts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.incidents.states_incidents import Priority, PriorityMove
from dispatch.kernel.errors import Invalid, Refused

CLINICIANS: Final = frozenset({"emergency_doctor"})
SUPERVISORS: Final = frozenset({"supervisor"})


@dataclass(frozen=True, slots=True)
class PriorityChange:
    """One line of the history."""

    priority: Priority
    at: datetime
    move: PriorityMove


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty, as far as it decides who lowers a priority.

    supervisor: who acts is signed on as the shift's supervisor. clinicians: how many doctors are signed on who reach
    the incident.
    """

    supervisor: bool = False
    clinicians: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """The priority that figures count by, and since when it held."""

    priority: Priority
    since: datetime


def change_of(
    present: Priority,
    wanted: Priority,
    *,
    roles: frozenset[str],
    is_person: bool,
    reason: str | None,
    on_duty: OnDuty,
) -> PriorityMove | None:
    """Say what a change would be, None for no change at all.

    Anybody raises, machines too. Lowering takes a clinician; where none is on duty who reaches the incident, the
    shift's supervisor, signed on by name: a person, not a device that several share.

    Raises:
        Refused: `priority.not_allowed`, `priority.clinician_on_duty`, `priority.supervisor_off_duty`.
        Invalid: `priority.reason`, lowered without saying why.
    """
    if wanted is present:
        return None
    if wanted.rank < present.rank:
        return PriorityMove.RAISED
    if not is_person or not roles & (CLINICIANS | SUPERVISORS):
        raise Refused(
            "priority.not_allowed",
            f"Only a doctor or a named supervisor may lower {present} to {wanted}.",
            "Ask one of them; raising is open to everybody.",
        )
    if not roles & CLINICIANS:
        _check_supervisor(on_duty)
    if reason is None or not reason.strip():
        raise Invalid("priority.reason", "Lowering a priority needs a reason.", "Say why it is less urgent.")
    return PriorityMove.LOWERED


def _check_supervisor(on_duty: OnDuty) -> None:
    if on_duty.clinicians:
        raise Refused(
            "priority.clinician_on_duty",
            "A doctor is on duty for this incident: a supervisor lowers only where none is.",
            "Ask the doctor; GET /api/duty says who it is.",
        )
    if not on_duty.supervisor:
        raise Refused(
            "priority.supervisor_off_duty",
            "Only the supervisor of this shift lowers a priority, and you are not signed on as such.",
            "Sign on first: POST /api/duty.",
        )


def judged(history: Sequence[PriorityChange], arrived_at: datetime | None) -> Judged:
    """The priority by which an incident is judged: the last one, but nothing lowered at or after the first arrival.

    `history` is in the order of entry and begins with the initial one.
    """
    counted = history[0]
    for change in history[1:]:
        eases = change.priority.rank > counted.priority.rank
        if eases and arrived_at is not None and change.at >= arrived_at:
            continue
        if change.priority is not counted.priority:
            counted = change
    return Judged(counted.priority, counted.at)
