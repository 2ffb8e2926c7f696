"""What was measured at patients on their way, newest values and trends: read once for all screens of a process."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import Final
from uuid import UUID

from dispatch.charting.queries import list_measured
from dispatch.charting.tables import ChartEntry
from dispatch.clinical.rules_signals import SIGNALS, Plausible, Signal, judge_together
from dispatch.kernel.db import Session
from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.queries_attachments import Carried, list_carried, list_patient_raw
from dispatch.telemetry.rules_payloads import Defibrillation, DeviceAlarm, Origin, Values, decode_payload
from dispatch.telemetry.states import Frame, Kind

FRESH_FOR: Final = timedelta(seconds=1)
"""Who asks again within this gets the same."""
REACHES_BACK: Final = timedelta(hours=2)
TRENDED: Final = timedelta(hours=1)
STEP: Final = timedelta(seconds=15)
"""Of a trend: the last value of each step."""
MOST_EVENTS: Final = 20
MOST_FRAMES: Final = 30_000
MOST_PATIENTS: Final = 500
_KINDS: Final = (Kind.VITALS, Kind.ECMO, Kind.EVENT)
_OVERLAP: Final = timedelta(seconds=5)

Happened = DeviceAlarm | Defibrillation


@dataclass(frozen=True, slots=True)
class Point:
    """One value. at: true time; sure: False where only the receipt is known; None: could not be measured."""

    signal: Signal
    at: datetime
    received_at: datetime
    sure: bool
    value: float | None
    judged: Plausible
    by_hand: bool


@dataclass(slots=True)
class Measured:
    """What is known of one patient. carried: whose data it is from.

    by_hand: what people typed that counts, by time; sent, steps: of vehicles' streams the newest values, and the last
    of each step; events: by true time, the oldest first.
    """

    carried: list[Carried]
    read_at: datetime
    received_to: datetime
    by_hand: list[Point] = field(default_factory=list)
    sent: dict[str, Point] = field(default_factory=dict)
    steps: dict[str, dict[int, Point]] = field(default_factory=dict)
    events: dict[tuple[datetime, str], Happened] = field(default_factory=dict)

    @property
    def now_in(self) -> Carried | None:
        """Where the patient is measured now; None: nowhere."""
        return next((one for one in reversed(self.carried) if one.attachment.ends_at is None), None)

    @property
    def newest(self) -> dict[str, Point]:
        """The newest value of each signal, sent or typed."""
        newest = dict(self.sent)
        for point in self.by_hand:
            name = point.signal.name
            if name not in newest or point.at >= newest[name].at:
                newest[name] = point
        return newest

    @property
    def trended(self) -> list[str]:
        """The signals of which there is a trend."""
        return sorted(self.steps.keys() | {one.signal.name for one in self.by_hand})

    @property
    def last_at(self) -> datetime | None:
        """When anything was measured last."""
        return max((one.at for one in self.newest.values()), default=None)

    def trend(self, name: str, since: datetime) -> list[Point]:
        """The points of one signal since then, by time."""
        typed = [one for one in self.by_hand if one.signal.name == name and one.judged is not Plausible.HARD]
        points = [*self.steps.get(name, {}).values(), *typed]
        return sorted((one for one in points if one.at >= since), key=lambda one: one.at)

    def happened(self) -> list[tuple[datetime, Happened]]:
        """The last events, by time."""
        return [(at, told) for (at, _), told in sorted(self.events.items(), key=lambda one: one[0])][-MOST_EVENTS:]

    def take(self, points: Iterable[Point], told: Iterable[tuple[datetime, Happened]], now: datetime) -> None:
        """Add what came, in any order, once or twice."""
        for point in points:
            name = point.signal.name
            newest = self.sent.get(name)
            if newest is None or point.at >= newest.at:
                self.sent[name] = point
            if point.value is None or point.judged is Plausible.HARD:
                continue
            steps = self.steps.setdefault(name, {})
            step = int(point.at.timestamp() // STEP.total_seconds())
            if step not in steps or point.at >= steps[step].at:
                steps[step] = point
        self.events |= {(at, type(one).__name__): one for at, one in told}
        oldest = int((now - TRENDED).timestamp() // STEP.total_seconds())
        for steps in self.steps.values():
            for step in [step for step in steps if step < oldest]:
                del steps[step]


class Vitals:
    """What is known of the patients that somebody looks at. `app.state.vitals`, made by the composition root."""

    def __init__(self) -> None:
        self._known: dict[UUID, Measured] = {}
        self._turn = asyncio.Lock()

    async def of(self, session: Session, patient_id: UUID, now: datetime) -> Measured:
        """Return what is known of a patient now: what was sent while it was attached, and what the crew typed."""
        async with self._turn:
            typed = await list_measured(session, patient_id, now - REACHES_BACK, now + _OVERLAP)
            known = self._known.get(patient_id)
            if known is not None and timedelta() <= now - known.read_at < FRESH_FOR:
                known.by_hand = typed_points(typed)
                return known
            carried = await list_carried(session, patient_id)
            since = None
            if known is not None and known.carried == carried and known.read_at <= now:
                since = known.received_to - _OVERLAP
            else:
                known = Measured(carried, now, now - REACHES_BACK)
            frames = await list_patient_raw(
                session, carried, _KINDS, now - REACHES_BACK, now + _OVERLAP, received_from=since, most=MOST_FRAMES
            )
            points, told = await asyncio.to_thread(_read, frames)
            known.take(points, told, now)
            known.by_hand = typed_points(typed)
            known.read_at = now
            known.received_to = max((one.received_at for one in frames), default=known.received_to)
            self._known.pop(patient_id, None)
            self._known[patient_id] = known
            while len(self._known) > MOST_PATIENTS:
                del self._known[next(iter(self._known))]
            return known


def points_of(frame: RawFrame) -> list[Point]:
    """The values of a frame, judged together; of another kind of frame none."""
    payload = decode_payload(Frame(frame.stream, frame.seq, 0, frame.payload))
    if not isinstance(payload, Values):
        return []
    named = [(SIGNALS.by_number[one.number], one) for one in payload.values]
    judged = judge_together({signal.name: one.value for signal, one in named})
    return [
        Point(
            signal, frame.at, frame.received_at, frame.sure, one.value if isfinite(one.value) else None,
            judged[signal.name], one.origin is Origin.PERSON,
        )
        for signal, one in named
    ]  # fmt: skip


def happened_of(frame: RawFrame) -> Happened | None:
    """What a device told by an event; None: it tells of something else."""
    told = decode_payload(Frame(frame.stream, frame.seq, 0, frame.payload))
    return told if isinstance(told, DeviceAlarm | Defibrillation) else None


def typed_points(entries: Iterable[ChartEntry]) -> list[Point]:
    """The values that people typed, those of one entry judged together."""
    points: list[Point] = []
    for one in entries:
        judged = judge_together(one.measured or {})
        points += [
            Point(
                SIGNALS.by_name[name],
                one.at,
                one.entered_at,
                True,
                value,
                judged[name],
                True,
            )
            for name, value in (one.measured or {}).items()
        ]
    return points


def _read(frames: Collection[RawFrame]) -> tuple[list[Point], list[tuple[datetime, Happened]]]:
    points: list[Point] = []
    events: list[tuple[datetime, Happened]] = []
    for frame in frames:
        if frame.stream.kind is not Kind.EVENT:
            points += points_of(frame)
        elif (told := happened_of(frame)) is not None:
            events.append((frame.at, told))
    return points, events
