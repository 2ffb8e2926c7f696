"""Recordings played as a vehicle would have sent them, at any speed, again and again if wanted."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec import structs

from api.vehicle.client import Vehicle
from api.vehicle.store import Measured
from api.vehicle.tracks import Timed
from api.vehicle.wfdb import Record
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.kernel.errors import Invalid
from dispatch.telemetry.rules_payloads import Payload, PositionFix, encode_payload
from dispatch.telemetry.rules_waves import ECG_RATES_HZ, MISSING, WAVE_RATES_HZ, Ecg, Wave
from dispatch.telemetry.states import Kind, Stream

FRAME_S: Final = 0.2
_SECOND_US: Final = 1_000_000
_LEADS: Final = {lead.name.lower(): number for number, lead in SIGNALS.leads.items()} | {"vx": 18, "vy": 19, "vz": 20}
_CURVES: Final = {wave.name: number for number, wave in SIGNALS.waves.items()} | {"abp": 3}
"""As monitors' records name them."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is sent at so many seconds from the beginning."""

    at_s: float
    stream: Stream
    payload: Payload


def ecg_frames(record: Record, slot: int) -> Iterator[Due]:
    """A record as frames of 200 ms. Raises Invalid (`replay.leads`, `replay.rate`, `replay.gain`)."""
    known = [(signal, _LEADS.get(signal.name.lower())) for signal in record.signals]
    used = [(signal, number) for signal, number in known if number is not None][:12]
    if not used:
        raise Invalid("replay.leads", f"{record.name} has none of the leads that are known here.")
    if not ECG_RATES_HZ[0] <= record.rate_hz <= ECG_RATES_HZ[1]:
        raise Invalid(
            "replay.rate", f"{record.name} has {record.rate_hz} Hz; {ECG_RATES_HZ[0]} to {ECG_RATES_HZ[1]} are taken."
        )
    if max(gains := [signal.units_per_mv for signal, _ in used]) > min(gains) * (1 + 1e-9):
        raise Invalid("replay.gain", f"The leads of {record.name} have different units per millivolt.")
    # What a monitor sends lies around zero.
    raw = np.stack([signal.samples.astype(np.int32) - signal.baseline for signal, _ in used])
    samples = np.clip(raw, MISSING + 1, 32_767).astype("<i2")
    leads, step = tuple(number for _, number in used), max(round(record.rate_hz * FRAME_S), 1)
    for start in range(0, samples.shape[1], step):
        part = np.ascontiguousarray(samples[:, start : start + step])
        ecg = Ecg(start, record.rate_hz, part.shape[1], used[0][0].units_per_mv, leads, part.tobytes())
        # Sent when its last sample is there.
        yield Due((start + part.shape[1]) / record.rate_hz, Stream(Kind.ECG, slot), ecg)


def wave_frames(record: Record, slot: int) -> Iterator[Due]:
    """The other curves of a record as frames of 200 ms. Raises Invalid (`replay.rate`)."""
    if not WAVE_RATES_HZ[0] <= record.rate_hz <= WAVE_RATES_HZ[1]:
        raise Invalid(
            "replay.rate", f"{record.name} has {record.rate_hz} Hz; {WAVE_RATES_HZ[0]} to {WAVE_RATES_HZ[1]} are taken."
        )
    step = max(round(record.rate_hz * FRAME_S), 1)
    known = [(signal, _CURVES.get(signal.name.lower())) for signal in record.signals]
    used = [(signal, number) for signal, number in known if number is not None]
    for start in range(0, max((len(signal.samples) for signal, _ in used), default=0), step):
        for signal, number in used:
            part = signal.samples[start : start + step].astype("<i2")
            scale = 1 / signal.units_per_mv
            wave = Wave(
                start, record.rate_hz, len(part), scale, -signal.baseline * scale, number, part.tobytes()
            )  # fmt: skip
            yield Due((start + len(part)) / record.rate_hz, Stream(Kind.WAVES, slot), wave)


def record_frames(record: Record, slot: int) -> list[Iterator[Due]]:
    """A record's ECG, and its other curves where it has some. Raises Invalid as these do, once they are read."""
    names = {signal.name.lower() for signal in record.signals}
    waves = [wave_frames(record, slot)] if names & _CURVES.keys() else []
    return [ecg_frames(record, slot), *waves] if names & _LEADS.keys() or not waves else waves


def timed_frames(rows: Sequence[Timed], slot: int) -> Iterator[Due]:
    """Positions and values as frames."""
    for row in rows:
        if isinstance(row.payload, PositionFix):
            yield Due(row.at_s, Stream(Kind.POSITION, 0), row.payload)
        else:
            circuit = SIGNALS.by_number[row.payload.values[0].number].stream == "ecmo"
            yield Due(row.at_s, Stream(Kind.ECMO if circuit else Kind.VITALS, slot), row.payload)


async def play(vehicle: Vehicle, frames: Sequence[Iterator[Due]], *, speed: float = 1.0) -> int:
    """Record everything at its time, `speed` times as fast; return how many frames. Times are those of the playing.

    speed: 0 plays all at once, with times as if it had ended now.
    """
    due = list(heapq.merge(*frames, key=lambda one: one.at_s))
    if not due:
        return 0
    begun, loop = vehicle.now_us(), asyncio.get_running_loop()
    begun_s = loop.time()
    if speed == 0:
        begun -= round(due[-1].at_s * _SECOND_US)
    pending: list[Measured] = []
    for place, one in enumerate(due):
        at_us = begun + round(one.at_s * _SECOND_US / (speed or 1.0))
        pending.append(_measured(one, at_us, speed))
        after = due[place + 1] if place + 1 < len(due) else None
        wait_s = 0.0 if after is None or speed == 0 else after.at_s / speed - (loop.time() - begun_s)
        if wait_s > 0 or len(pending) >= 500 or after is None:
            await vehicle.record_many(pending)
            pending = []
        if wait_s > 0:
            await asyncio.sleep(wait_s)
    return len(due)


def _measured(one: Due, at_us: int, speed: float) -> Measured:
    payload = one.payload
    if isinstance(payload, PositionFix):
        fast = None if payload.speed_mps is None else payload.speed_mps * (speed or 1.0)
        payload = structs.replace(payload, fix_us=at_us, speed_mps=fast)
    elif isinstance(payload, Ecg | Wave):
        # The time of its first sample.
        at_us -= round(payload.samples / payload.rate_hz * _SECOND_US / (speed or 1.0))
    return Measured(one.stream, at_us, encode_payload(payload))
