"""What cover a choice takes away: who is left at a station, and how much longer help then takes to it. Pure.

The project's own rule: a station stands for the ground around it, and free units count, whoever owns them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Coming:
    """A free unit and how soon it would be at a station: mobilisation and road, seconds."""

    unit_id: UUID
    eta_s: float


@dataclass(frozen=True, slots=True)
class Cover:
    """A station before a unit goes, and after.

    free_before, free_after: free units that belong to it. kept: how many it keeps for itself by what its organisation
    lends. before_s, after_s: until the soonest free unit is there; None where nobody would come. by: who that is then.
    """

    station_id: UUID
    free_before: int
    free_after: int
    kept: int
    before_s: float | None
    after_s: float | None
    by: UUID | None

    @property
    def thin(self) -> bool:
        """The choice takes its last unit, or leaves fewer than it keeps."""
        return self.free_after < self.free_before and (self.free_after == 0 or self.free_after < self.kept)

    @property
    def longer_s(self) -> float:
        """How much later help comes; infinite where nobody is left."""
        if self.before_s is None:
            return 0.0
        return float("inf") if self.after_s is None else self.after_s - self.before_s


def cover_without(
    unit_id: UUID, station_id: UUID, own: Iterable[UUID], coming: Sequence[Coming], *, kept: int = 0
) -> Cover:
    """What is left to a station without a unit. own: its free units; coming: free units that may come, in any order."""
    free = frozenset(own)
    ranked = sorted(coming, key=lambda one: (one.eta_s, one.unit_id))
    left = [one for one in ranked if one.unit_id != unit_id]
    return Cover(
        station_id=station_id, free_before=len(free), free_after=len(free - {unit_id}), kept=kept,
        before_s=ranked[0].eta_s if ranked else None, after_s=left[0].eta_s if left else None,
        by=left[0].unit_id if left else None,
    )  # fmt: skip


def taken_away(home: Cover, others: Iterable[Cover], *, least_s: float) -> tuple[Cover, ...]:
    """The unit's own station, then others that lose something: their last unit, or `least_s` or more; worst first."""
    lost = [one for one in others if one.thin or one.longer_s >= least_s]
    return (home, *sorted(lost, key=lambda one: (-one.longer_s, one.station_id)))
