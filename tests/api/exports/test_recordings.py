from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from api.exports.recordings import Placer, Stretch, Stretches, ecg_of
from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.rules_payloads import Value, Values, encode_payload
from dispatch.telemetry.rules_waves import MISSING, Ecg
from dispatch.telemetry.states import Kind, Stream

BEGUN = datetime(2026, 11, 27, 3, tzinfo=UTC)


def frame(at_s: float, first: int, *, rate: int = 500, samples: int = 100, gain: float = 200.0,
          leads: tuple[int, ...] = (1, 2)) -> RawFrame:  # fmt: skip
    data = np.full((len(leads), samples), first % 1_000, "<i2")
    at = BEGUN + timedelta(seconds=at_s)
    ecg = Ecg(first, rate, samples, gain, leads, data.tobytes())
    return RawFrame(Stream(Kind.ECG, 1), first, at, at, True, encode_payload(ecg))


def starts(*frames: RawFrame) -> list[tuple[bool, int]]:
    placer = Placer()
    return [(one.begins, one.start) for one in map(placer.place, frames)]


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([frame(0, 0), frame(0.2, 100), frame(0.4, 200)], [0, 100, 200]),
        # The clock of a device jitters, a replay is faster than time: the count counts.
        ([frame(0, 0), frame(0.25, 100), frame(0.27, 200)], [0, 100, 200]),
        ([frame(0, 0), frame(0.6, 300)], [0, 300]),
        # Lost by the count, hours by the clock: the clock.
        ([frame(0, 0), frame(3_600, 300)], [0, 1_800_000]),
        # The count was held while the device was off.
        ([frame(0, 0), frame(3_600, 100)], [0, 1_800_000]),
        # The device began to count again.
        ([frame(0, 700), frame(10, 0), frame(10.2, 100)], [0, 5_000, 5_100]),
        # What would overlap follows.
        ([frame(0, 700), frame(0.1, 0)], [0, 100]),
    ],
)  # fmt: skip
def test_frames_are_placed_by_the_count_and_where_that_tells_nothing_by_the_clock(
    frames: Sequence[RawFrame], expected: list[int]
) -> None:
    assert [start for _, start in starts(*frames)] == expected


def test_another_rate_or_gain_is_another_recording() -> None:
    found = starts(frame(0, 0), frame(0.2, 100, rate=250), frame(0.6, 200, rate=250, gain=100.0))
    assert found == [(True, 0), (True, 0), (True, 0)]


def stretched(*frames: RawFrame, most_s: float = 60) -> list[Stretch]:
    stretches = Stretches(most_s)
    found = [done for one in frames if (done := stretches.take(one)) is not None]
    rest = stretches.rest()
    assert stretches.rest() is None
    return found if rest is None else [*found, rest]


def test_stretches_end_at_gaps_at_other_leads_and_when_they_are_long() -> None:
    found = stretched(
        frame(0, 0),
        frame(0.2, 100),
        frame(0.8, 400),
        frame(1.0, 500, leads=(1, 2, 7)),
        frame(1.2, 600, leads=(1, 2, 7)),
    )
    assert [(one.at, one.leads, one.samples.shape) for one in found] == [
        (BEGUN, (1, 2), (2, 200)),
        (BEGUN + timedelta(seconds=0.8), (1, 2), (2, 100)),
        (BEGUN + timedelta(seconds=1.0), (1, 2, 7), (3, 200)),
    ]
    assert found[0].until == BEGUN + timedelta(seconds=0.4)
    long = stretched(*(frame(n / 5, n * 100) for n in range(5)), most_s=0.4)
    assert [one.samples.shape[1] for one in long] == [200, 200, 100]
    assert stretched() == []


def test_parts_hold_no_missing_sample_and_lose_no_other() -> None:
    samples = np.arange(24, dtype=np.int16).reshape(2, 12)
    samples[0, 3:5] = samples[1, 4:8] = MISSING
    whole = Stretch(BEGUN, 500, 200.0, (1, 2), samples)
    parts = list(whole.parts())
    assert [(one.leads, one.samples.shape[1]) for one in parts] == [((1, 2), 3), ((2,), 1), ((1,), 3), ((1, 2), 4)]
    assert [one.at for one in parts] == [BEGUN + timedelta(seconds=n / 500) for n in (0, 3, 5, 8)]
    assert sorted(np.concatenate([one.samples.ravel() for one in parts])) == sorted(samples[samples != MISSING])


def test_what_is_no_ecg_is_told() -> None:
    other = frame(0, 0)
    values = RawFrame(Stream(Kind.VITALS, 1), 1, other.at, other.at, True, encode_payload(Values((Value(1, 80.0),))))
    with pytest.raises(TypeError, match="no ECG"):
        ecg_of(values)
