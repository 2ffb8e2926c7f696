"""An ECG whose frames are looked at together tells the same as one that is looked at frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from msgspec import structs

from dispatch.telemetry.detection.rules import Found
from dispatch.telemetry.detection.rules_attending import Attending, Lying, Places
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_attachments import Mark
from dispatch.telemetry.rules_waves import Ecg
from dispatch.telemetry.states import Kind, Stream

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
UNIT, LOG, PATIENT, INCIDENT = (UUID(int=number) for number in range(1, 5))
STREAM = Stream(Kind.ECG, 1)


def frame(number: int) -> Arrival:
    """A fifth of a second: beats for ten seconds, none for ten, beats again."""
    samples = np.random.default_rng(number).normal(0.0, 3.0, (2, 100))
    if number % 5 == 0 and not 50 <= number < 100:
        samples[:, 40:60] += 200.0
    at = START + timedelta(seconds=number / 5)
    ecg = Ecg(number * 100, 500, 100, 200.0, (1, 2), samples.astype("<i2").tobytes())
    received_at = at + timedelta(milliseconds=40)
    return Arrival(UNIT, LOG, STREAM, (number + 1, number + 1), received_at, payload=ecg, at=at, device_at=at)


def attending(since: datetime) -> Attending:
    made = Attending()
    made.resume([UNIT], [])
    places = Places({(UNIT, 1): [Mark(since, PATIENT)]}, {PATIENT: Lying(PATIENT, INCIDENT, None)})
    assert made.learn(places, since) == []
    return made


def batches(count: int, size: int) -> Iterator[list[Arrival]]:
    for begin in range(0, count, size):
        yield [frame(number) for number in range(begin, min(begin + size, count))]


def found(size: int) -> list[Found]:
    looking = attending(START)
    return [one for batch in batches(220, size) for joined in looking.joined(batch) for one in looking.see(joined)]


@pytest.mark.parametrize("size", [3, 5, 40])
def test_the_same_is_found_at_most_a_second_later(size: int) -> None:
    alone, together = found(1), found(size)
    assert [(one.sign.code, one.sign.over) for one in alone] == [("ecg.asystole", False), ("ecg.asystole", True)]
    assert [(one.sign.code, one.sign.over) for one in together] == [(one.sign.code, one.sign.over) for one in alone]
    for one, other in zip(alone, together, strict=True):
        assert timedelta() <= other.sign.at - one.sign.at <= timedelta(seconds=1)


def test_a_stretch_is_whole_of_one_patient_of_one_recording_and_a_second_at_most() -> None:
    looking, frames = attending(START), [frame(number) for number in range(12)]
    made = looking.joined(frames)
    assert [(one.span, one.payload.samples) for one in made if isinstance(one.payload, Ecg)] == [
        ((1, 5), 500), ((6, 10), 500), ((11, 12), 200)
    ]  # fmt: skip
    matrices = [one.payload.matrix() for one in frames if isinstance(one.payload, Ecg)]
    assert isinstance(made[0].payload, Ecg)
    assert np.array_equal(made[0].payload.matrix(), np.concatenate(matrices[:5], axis=1))
    gap = [*frames[:2], *frames[3:5]]
    assert [one.span for one in looking.joined(gap)] == [(1, 2), (4, 5)]
    unsure = [frames[0], structs.replace(frames[1], sure=False), frames[2]]
    assert len(looking.joined(unsure)) == 3
    other_log = [frames[0], structs.replace(frames[1], log=PATIENT)]
    assert looking.joined(other_log) == other_log
    before = attending(START + timedelta(seconds=0.5))
    assert [one.span for one in before.joined(frames[:6])] == [(1, 1), (2, 2), (3, 3), (4, 6)]
