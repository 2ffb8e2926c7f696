"""How much one vehicle may send: a measure that fills with time, so that one takes nothing from the others. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """What one vehicle may send in the long run, and at once. In use it makes about 7 frames and 14 kB a second."""

    frames_s: float = 200.0
    bytes_s: float = 1_000_000.0
    burst_s: float = 2.0


class Measure:
    """What is left of one vehicle's share. Times in seconds of any clock that never goes back."""

    def __init__(self, share: Share, now_s: float) -> None:
        self._share, self._now_s = share, now_s
        self._frames, self._bytes = share.frames_s * share.burst_s, share.bytes_s * share.burst_s

    def take(self, size: int, now_s: float) -> float:
        """Count a message of so many bytes; return for how many seconds no more is to be read."""
        share, passed_s = self._share, max(now_s - self._now_s, 0.0)
        self._now_s = now_s
        self._frames = min(self._frames + passed_s * share.frames_s, share.frames_s * share.burst_s) - 1
        self._bytes = min(self._bytes + passed_s * share.bytes_s, share.bytes_s * share.burst_s) - size
        return max(-self._frames / share.frames_s, -self._bytes / share.bytes_s, 0.0)
