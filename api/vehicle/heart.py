"""An invented ECG that follows a heart rate, for rehearsals. Nothing here was measured of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_waves import Ecg

RATE_HZ: Final = 250
STEP: Final = 50
"""Samples of a frame: 200 ms."""
UNITS_PER_MV: Final = 200.0
_US: Final = 1_000_000
_BUMPS: Final = (
    (0.18, 0.022, 0.12),
    (0.365, 0.008, -0.10),
    (0.38, 0.010, 1.0),
    (0.398, 0.009, -0.22),
    (0.62, 0.045, 0.26),
)
"""P, Q, R, S and T: where in the beat, how wide (of the beat), how high (mV where the lead is 1)."""
_LEADS: Final = {"I": 0.7, "II": 1.0, "V1": -0.5, "V2": -0.3, "V3": 0.5, "V4": 1.2, "V5": 1.1, "V6": 0.8}
"""As monitors send them; the other four are reckoned from I and II."""


class Heart:
    """It beats from its first call on. leads and rate are those of a monitor; frames follow each other without gaps."""

    def __init__(self) -> None:
        self._sent, self._phase = 0, 0.0
        self._next_us: int | None = None
        numbers = {lead.name: number for number, lead in SIGNALS.leads.items()}
        self._numbers = tuple(numbers[name] for name in _LEADS)
        self._heights = np.array(list(_LEADS.values()))[:, None]

    def until(self, now_us: int, rate_bpm: float) -> Iterator[tuple[int, Ecg]]:
        """Frames that are whole at a time (microseconds), each with the time of its first sample; at most of 2 s."""
        if self._next_us is None or now_us - self._next_us > 2 * _US:
            self._next_us = now_us - _US
        step_us = STEP * _US // RATE_HZ
        while self._next_us + step_us <= now_us:
            beats = self._phase + np.arange(STEP) * rate_bpm / 60.0 / RATE_HZ
            at = beats % 1.0
            wave = sum(high * np.exp(-(((at - middle) / wide) ** 2) / 2) for middle, wide, high in _BUMPS)
            data = np.rint(self._heights * wave * UNITS_PER_MV).astype("<i2").tobytes()
            yield self._next_us, Ecg(self._sent, RATE_HZ, STEP, UNITS_PER_MV, self._numbers, data)
            self._phase = float(beats[-1] + rate_bpm / 60.0 / RATE_HZ) % 1.0
            self._sent += STEP
            self._next_us += step_us
