"""T3 to T12 of one assignment, from the status entries of its unit and from what no status tells. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.dispatching.states import OF_STATUS, Point
from dispatch.units.states_duty import BUSY, FREE, Effect, UnitStatus


@dataclass(frozen=True, slots=True)
class Heard:
    """A status entry or a told time, in its newest version. corrects: the version that it replaces."""

    id: UUID
    status: UnitStatus
    effect: Effect
    at: datetime
    entered_at: datetime
    source: str
    actor: str
    run_id: UUID | None
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class TimeKnown:
    """One time point: its true time, its time of entry, from whom, and the entry that tells it.

    of_status: the entry is one of the unit's status (corrected there); otherwise a record of this feature. corrected:
    it replaces an earlier version, which is kept.
    """

    point: Point
    at: datetime
    entered_at: datetime
    source: str
    actor: str
    entry_id: UUID
    of_status: bool
    corrected: bool


def status_times(
    assignment_id: UUID, assigned_at: datetime, ended_at: datetime | None, entries: Sequence[Heard]
) -> dict[Point, TimeKnown]:
    """Read the time points that the unit's status tells.

    entries: of the unit from T3 on, in their newest versions, by true time. Of several the first counts. What a crew
    reported of this run after it was re-assigned is no time of the run; what was impossible is none either.
    """
    found: dict[Point, TimeKnown] = {}
    for entry in entries:
        point = _point(assignment_id, ended_at, entry)
        if point is not None:
            found.setdefault(point, _known(point, entry))
    if ended_at is None:
        return found
    # What was told in the same moment, but before the order, belongs to what was before.
    begins = next((place for place, entry in enumerate(entries) if entry.run_id == assignment_id), 0)
    for entry in entries[begins:]:
        if entry.at < max(ended_at, assigned_at) or not _counts(assignment_id, entry):
            continue
        if entry.status in BUSY:
            if entry.run_id != assignment_id:
                break
            continue
        if entry.status in FREE:
            found.setdefault(Point.T11, _known(Point.T11, entry))
        if entry.status == UnitStatus.AT_STATION:
            found.setdefault(Point.T12, _known(Point.T12, entry))
    return found


def _point(assignment_id: UUID, ended_at: datetime | None, entry: Heard) -> Point | None:
    if entry.run_id != assignment_id or entry.effect is Effect.REFUSED:
        return None
    if entry.effect is Effect.OTHER_RUN and ended_at is not None and entry.at >= ended_at:
        return None
    return OF_STATUS.get(entry.status)


def _counts(assignment_id: UUID, entry: Heard) -> bool:
    # A run entered afterwards has all its times as late ones; the way home of another's is not this one's.
    if entry.effect is Effect.LATE:
        return entry.run_id == assignment_id or (entry.run_id is not None and entry.status in BUSY)
    return entry.effect in (Effect.APPLIED, Effect.CORRECTION)


def _known(point: Point, entry: Heard) -> TimeKnown:
    return TimeKnown(
        point, entry.at, entry.entered_at, entry.source, entry.actor, entry.id, of_status=True,
        corrected=entry.corrects is not None,
    )  # fmt: skip
