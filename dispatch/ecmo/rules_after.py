"""Times of a transfer between its marks, and of many transfers. Pure. Figures: `after.toml`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_after import EcmoMark, EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_missions import MissionState
from dispatch.kernel.figures import shipped

_DATA: Final[dict[str, Any]] = shipped("dispatch.ecmo", "after.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
SIGNED_OFF_BY: Final[str] = _DATA["signed_off_by"]
EVENTS: Final[Mapping[EcmoMark, str]] = {EcmoMark(name): told for name, told in _DATA["marks"].items()}
"""By which event of the journal each mark is known."""
SUPPRESS_BELOW: Final = 5
"""Of fewer transfers no distribution is told."""
SMALL_BELOW: Final = 30
_DAY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class EcmoKpi:
    """A figure: from one mark to another. targets: minutes at most, by mode."""

    id: str
    begins: EcmoMark
    ends: EcmoMark
    targets: Mapping[Mode, float]
    zh: str
    en: str
    ug: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What became of a patient is asked for. due_at: from then on; None: whenever he leaves."""

    moment: OutcomeAt
    due_at: datetime | None = None


KPIS: Final = tuple(
    EcmoKpi(
        one["id"], EcmoMark(one["begins"]), EcmoMark(one["ends"]),
        {Mode(mode): float(minutes) for mode, minutes in one["target"].items()}, one["zh"], one["en"], one["ug"],
    )
    for one in _DATA["kpis"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of one transfer, in minutes. minutes None: not both marks are known; met None: that, or no target."""

    kpi: EcmoKpi
    begins_at: datetime | None
    ends_at: datetime | None
    minutes: float | None
    target: float | None
    met: bool | None


def marks_of(
    asked_at: datetime | None, decided_at: datetime | None, steps: Sequence[tuple[MissionState, datetime]]
) -> dict[EcmoMark, datetime]:
    """The marks of a transfer; the first of each state counts. steps: in the order in which they truly were.

    A patient who is brought to the cannulator is with them from the arrival on, not from the bedside.
    """
    first: dict[MissionState, datetime] = {}
    for state, at in steps:
        first.setdefault(state, at)
    found: dict[EcmoMark, datetime | None] = {
        EcmoMark.ASKED: asked_at,
        EcmoMark.DECIDED: decided_at,
        EcmoMark.WHEELS: first.get(MissionState.OUTBOUND),
        EcmoMark.PUNCTURE: first.get(MissionState.CANNULATING),
        EcmoMark.FLOW: first.get(MissionState.ON_CIRCUIT),
        EcmoMark.DEPARTED: first.get(MissionState.RETURNING),
        EcmoMark.ARRIVED: first.get(MissionState.ARRIVED),
        EcmoMark.HANDED_OVER: first.get(MissionState.HANDED_OVER),
    }
    puncture = found[EcmoMark.PUNCTURE]
    met = [first[one] for one in (MissionState.AT_PATIENT, MissionState.ARRIVED) if one in first]
    before = [at for at in met if puncture is None or at <= puncture]
    if before:
        found[EcmoMark.WITH_PATIENT] = max(before) if puncture is not None else min(before)
    return {mark: at for mark, at in found.items() if at is not None}


def measured(marks: Mapping[EcmoMark, datetime], mode: Mode) -> tuple[Measured, ...]:
    """All figures of one transfer. What did not follow one upon the other is not measured."""
    told = []
    for kpi in KPIS:
        begins, ends, target = marks.get(kpi.begins), marks.get(kpi.ends), kpi.targets.get(mode)
        known = begins is not None and ends is not None and ends >= begins
        minutes = round((ends - begins).total_seconds() / 60.0, 2) if known and begins and ends else None
        met = None if minutes is None or target is None else minutes <= target
        told.append(Measured(kpi, begins, ends, minutes, target, met))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure of many transfers, in minutes. eligible: transfers that are over and came to its first mark.

    Percentiles are of the nearest rank; below `SUPPRESS_BELOW` there are none, below `SMALL_BELOW` `small` says so.
    """

    kpi: EcmoKpi
    eligible: int
    n: int
    completeness: float | None
    p50: float | None
    p90: float | None
    met: int | None
    judged: int
    small: bool
    suppressed: bool


def spread(kpi: EcmoKpi, transfers: Iterable[Measured]) -> Spread:
    """Reckon one figure over transfers that are over."""
    rows = [one for one in transfers if one.begins_at is not None]
    known = sorted(one.minutes for one in rows if one.minutes is not None)
    judged = [one.met for one in rows if one.met is not None]
    few = len(known) < SUPPRESS_BELOW
    complete = len(known) / len(rows) if rows else None
    return Spread(
        kpi, len(rows), len(known), complete, None if few else _rank(known, 0.5), None if few else _rank(known, 0.9),
        None if few else sum(judged), len(judged), len(known) < SMALL_BELOW, few,
    )  # fmt: skip


def _rank(values: Sequence[float], share: float) -> float:
    return values[max(math.ceil(share * len(values)), 1) - 1]


def outcome_awaited(handed_at: datetime | None, told: Mapping[OutcomeAt, EcmoOutcomeKind]) -> Awaited | None:
    """What is to be told next of a patient. handed_at: None while he was not handed over alive; told: what counts."""
    if handed_at is None or EcmoOutcomeKind.DIED in told.values() or OutcomeAt.DISCHARGE in told:
        return None
    return Awaited(OutcomeAt.DISCHARGE) if OutcomeAt.H24 in told else Awaited(OutcomeAt.H24, handed_at + _DAY)
