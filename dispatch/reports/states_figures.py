"""What a figure is told with: never a number without how many it is of, how complete, and how sure."""

from __future__ import annotations

from typing import Final

import msgspec

ALL: Final = "all"
"""The stratum of everything."""
FLAG_BELOW: Final = 30
SUPPRESS_BELOW: Final = 5
COMPLETE: Final = 0.9
RANKED: Final = 0.7


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A definition in one version, over one period and stratum. Seconds are whole; shares from 0 to 1.

    eligible: rows that the figure is of; counted: those with what it needs; n: those with a value in seconds;
    impossible: kept out because negative, over 24 h, or against the order of their run. The 95 % interval of a share is
    Wilson's, that of a percentile from order statistics, that of a mean 1.96 standard errors to either side; None where
    there are too few. `suppressed`: fewer than 5, so that nothing is told; `small`: fewer than 30; `ranked`: complete
    enough to be compared (70 %).
    """

    kpi: str
    version: int
    stratum: str
    key: str
    eligible: int
    counted: int
    n: int
    impossible: int
    completeness: float | None
    mean_s: float | None
    mean_low_s: float | None
    mean_high_s: float | None
    p50_s: int | None
    p50_low_s: int | None
    p50_high_s: int | None
    p90_s: int | None
    p90_low_s: int | None
    p90_high_s: int | None
    within_s: int | None
    hits: int | None
    share: float | None
    share_low: float | None
    share_high: float | None
    small: bool
    suppressed: bool
    incomplete: bool
    ranked: bool
