"""Samples on the wire: ECG leads and other curves. Pure. Samples stay bytes until they are needed."""

from __future__ import annotations

import math
import struct
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_wire import BadFrame

MISSING: Final = -32_768
"""A sample that was not measured: the lead is off."""
ECG_RATES_HZ: Final = (125, 1_000)
WAVE_RATES_HZ: Final = (10, 1_000)
MAX_SAMPLES: Final = 4_000
"""Of one lead or curve in one frame."""
MAX_LEADS: Final = 16
ECG_HEAD: Final = struct.Struct("<QHHfB")
WAVE_HEAD: Final = struct.Struct("<QHHffB")
_SAMPLE: Final = np.dtype("<i2")


class Ecg(msgspec.Struct, frozen=True, gc=False):
    """A stretch of an ECG. first_sample: counted from the start of the recording, which tells of lost samples.

    leads: their numbers in `signals.toml`; data: int16, lead by lead, `samples` each; mV are data / units_per_mv.
    """

    first_sample: int
    rate_hz: int
    samples: int
    units_per_mv: float
    leads: tuple[int, ...]
    data: bytes

    def matrix(self) -> NDArray[np.int16]:
        """The samples as leads × samples, read only."""
        return np.frombuffer(self.data, _SAMPLE).reshape(len(self.leads), self.samples)


class Wave(msgspec.Struct, frozen=True, gc=False):
    """A stretch of another curve: value = offset + scale x sample, in the unit of `wave` in `signals.toml`."""

    first_sample: int
    rate_hz: int
    samples: int
    scale: float
    offset: float
    wave: int
    data: bytes

    def row(self) -> NDArray[np.int16]:
        """The samples, read only."""
        return np.frombuffer(self.data, _SAMPLE)


def encode_ecg(ecg: Ecg) -> bytes:
    """Write it. Raises struct.error for a number that does not fit."""
    head = ECG_HEAD.pack(ecg.first_sample, ecg.rate_hz, ecg.samples, ecg.units_per_mv, len(ecg.leads))
    return head + bytes(ecg.leads) + ecg.data


def decode_ecg(payload: bytes) -> Ecg:
    """Read it. Raises BadFrame: `payload.short`, `.length`, `ecg.rate`, `ecg.samples`, `ecg.gain`, `ecg.leads`."""
    if len(payload) < ECG_HEAD.size:
        raise BadFrame("payload.short", "The head of the ECG is not whole.")
    first, rate, samples, units_per_mv, count = ECG_HEAD.unpack_from(payload)
    if not ECG_RATES_HZ[0] <= rate <= ECG_RATES_HZ[1]:
        raise BadFrame("ecg.rate", f"{rate} Hz lies outside {ECG_RATES_HZ[0]} to {ECG_RATES_HZ[1]} Hz.")
    if not 1 <= samples <= MAX_SAMPLES:
        raise BadFrame("ecg.samples", f"A frame has 1 to {MAX_SAMPLES} samples of each lead.")
    if not (math.isfinite(units_per_mv) and units_per_mv > 0):
        raise BadFrame("ecg.gain", "The units per millivolt must be a number above zero.")
    start = ECG_HEAD.size + count
    leads = tuple(payload[ECG_HEAD.size : start])
    if not 1 <= count <= MAX_LEADS or len(set(leads)) != count or not SIGNALS.leads.keys() >= set(leads):
        raise BadFrame("ecg.leads", f"An ECG has 1 to {MAX_LEADS} known leads, each once.")
    if len(payload) != start + 2 * samples * count:
        raise BadFrame("payload.length", "There are more or fewer samples than the head says.")
    return Ecg(first, rate, samples, units_per_mv, leads, payload[start:])


def encode_wave(wave: Wave) -> bytes:
    """Write it. Raises struct.error for a number that does not fit."""
    head = WAVE_HEAD.pack(wave.first_sample, wave.rate_hz, wave.samples, wave.scale, wave.offset, wave.wave)
    return head + wave.data


def decode_wave(payload: bytes) -> Wave:
    """Read it. Raises BadFrame: `payload.short`, `.length`, `wave.rate`, `.samples`, `.scale`, `.unknown`."""
    if len(payload) < WAVE_HEAD.size:
        raise BadFrame("payload.short", "The head of the curve is not whole.")
    first, rate, samples, scale, offset, number = WAVE_HEAD.unpack_from(payload)
    if not WAVE_RATES_HZ[0] <= rate <= WAVE_RATES_HZ[1]:
        raise BadFrame("wave.rate", f"{rate} Hz lies outside {WAVE_RATES_HZ[0]} to {WAVE_RATES_HZ[1]} Hz.")
    if not 1 <= samples <= MAX_SAMPLES:
        raise BadFrame("wave.samples", f"A frame has 1 to {MAX_SAMPLES} samples.")
    if not (math.isfinite(scale) and scale != 0 and math.isfinite(offset)):
        raise BadFrame("wave.scale", "Scale and offset must be numbers, the scale not zero.")
    if number not in SIGNALS.waves:
        raise BadFrame("wave.unknown", f"There is no curve with the number {number}.")
    if len(payload) != WAVE_HEAD.size + 2 * samples:
        raise BadFrame("payload.length", "There are more or fewer samples than the head says.")
    return Wave(first, rate, samples, scale, offset, number, payload[WAVE_HEAD.size :])
