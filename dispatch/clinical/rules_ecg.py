"""Whether an ECG shows beats, none, or no patient: pure rules on samples as they come. See `ecg.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.clinical.rules_ecg_kernels import SINCE, look, unknown


@dataclass(frozen=True, slots=True)
class EcgFigures:
    """See `ecg.toml`; seconds and millivolts."""

    version: str
    source: str
    signed_off_by: str
    edge_mv: float
    step_s: float
    asystole_s: float
    off_s: float
    flat_mv: float
    flat_s: float
    lead_off_s: float
    clears_s: float


FIGURES: Final = EcgFigures(
    **tomllib.loads(files("dispatch.clinical").joinpath("ecg.toml").read_text(encoding="utf-8"))
)


@dataclass(frozen=True, slots=True)
class Look:
    """At the end of a stretch. quiet_s: since the last beat in any lead that is on; None: none is on.

    off: leads that are off; still: those of them that say nothing of it and only never move.
    """

    quiet_s: float | None
    off: int
    still: int


class EcgEye:
    """Follows one recording: the same leads, rate and gain. Stretches come in their order."""

    def __init__(
        self, leads: int, rate_hz: int, units_per_mv: float, begin: int, figures: EcgFigures = FIGURES
    ) -> None:
        self._rate_hz = rate_hz
        self._step = max(round(figures.step_s * rate_hz), 1)
        self._edge = figures.edge_mv * units_per_mv * self._step
        self._off_after = max(round(figures.off_s * rate_hz), 1)
        self._flat_units = figures.flat_mv * units_per_mv
        self._flat_length = max(round(figures.flat_s * rate_hz), 1)
        self._known = unknown(leads, begin)
        self._tail: NDArray[np.int16] = np.zeros((leads, 0), dtype=np.int16)
        self._next = begin

    def see(self, begin: int, samples: NDArray[np.int16]) -> Look:
        """Look at a stretch, leads x samples, whose first sample has the number `begin`.

        After a gap nothing is known of what lay in it: the time without a beat counts anew.
        """
        if begin != self._next:
            self._tail = self._tail[:, :0]
            self._known[:, SINCE] = begin
        fresh = samples.shape[1]
        # Always a copy: the kernel is compiled for arrays that may be written.
        joined = np.concatenate((self._tail, samples), axis=1)
        quiet, off, still = look(
            joined, fresh, begin, self._step, self._edge, self._off_after, self._flat_units, self._flat_length,
            self._known,
        )  # fmt: skip
        self._tail = joined[:, -(2 * self._step - 1) :]
        self._next = begin + fresh
        return Look(None if quiet < 0 else quiet / self._rate_hz, off, still)


def warm_up() -> None:
    """Compile the look, so that the first vehicle does not wait for it."""
    EcgEye(1, 500, 200.0, 0).see(0, np.zeros((1, 100), dtype=np.int16))
