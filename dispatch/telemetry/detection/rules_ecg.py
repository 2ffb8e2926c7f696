"""Asystole and leads that are off, of one patient's ECG as it comes. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from dispatch.clinical.rules_ecg import FIGURES, EcgEye, EcgFigures, Look
from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Sign
from dispatch.telemetry.detection.rules_latch import Latch, Turn
from dispatch.telemetry.detection.states import ASYSTOLE, LEAD_OFF, NO_LEADS
from dispatch.telemetry.rules_waves import Ecg

CODES: Final = (ASYSTOLE, NO_LEADS, LEAD_OFF)


class EcgRules:
    """What is found in a patient's ECG. A beat makes asystole clear; so does no loss of leads."""

    def __init__(self, figures: EcgFigures = FIGURES) -> None:
        self._figures = figures
        self._recording: tuple[tuple[int, ...], int, float] | None = None
        self._eye: EcgEye | None = None
        self._latches = {code: Latch() for code in CODES}
        self._is_calm = True

    def resume(self, code: str) -> None:
        """Go on with something that was found before."""
        if code in self._latches:
            self._latches[code].resume()
            self._is_calm = False

    def see(self, ecg: Ecg, at: datetime) -> list[Sign]:
        """Look at a stretch that began at a true time; what is found or over."""
        recording = (ecg.leads, ecg.rate_hz, ecg.units_per_mv)
        if self._eye is None or recording != self._recording:
            self._recording = recording
            self._eye = EcgEye(len(ecg.leads), ecg.rate_hz, ecg.units_per_mv, ecg.first_sample, self._figures)
        found = self._eye.see(ecg.first_sample, ecg.matrix())
        if self._is_calm and not found.off and found.quiet_s is not None and found.quiet_s < self._figures.asystole_s:
            return []
        return self._told(found, len(ecg.leads), at + timedelta(seconds=ecg.samples / ecg.rate_hz))

    def _told(self, found: Look, leads: int, at: datetime) -> list[Sign]:
        figures = self._figures
        quiet_s = found.quiet_s
        beatless = quiet_s is not None and quiet_s >= figures.asystole_s
        # An end that never moves and says nothing of being off may be a heart that stands still.
        lost = AlarmPriority.HIGH if found.still else AlarmPriority.MEDIUM
        beats, high = quiet_s is not None and not beatless, AlarmPriority.HIGH
        told = (
            (ASYSTOLE, high, beatless, beats, 0.0, quiet_s, figures.asystole_s),
            (NO_LEADS, lost, found.off == leads, found.off < leads, figures.lead_off_s, found.off, leads),
            (LEAD_OFF, AlarmPriority.LOW, 0 < found.off < leads, not found.off, figures.lead_off_s, found.off, leads),
        )  # fmt: skip
        signs: list[Sign] = []
        for code, priority, holds, clear, holds_s, value, bound in told:
            latch = self._latches[code]
            if not holds and not latch.running and latch.since is None:
                continue
            turn = latch.tell(at, holds=holds, clear=clear, holds_s=holds_s, clears_s=figures.clears_s)
            if turn is Turn.RAISED:
                began = at - timedelta(seconds=quiet_s or 0.0) if code == ASYSTOLE else latch.since or at
                signs.append(Sign(code, at, began, priority, value, bound))
            elif turn is Turn.OVER:
                signs.append(Sign(code, at, at, priority, over=True))
        self._is_calm = not any(latch.running or latch.since for latch in self._latches.values())
        return signs
