"""How the values of a figure spread: how many took how long, in steps of one width. Pure."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
import polars as pl

WIDTHS: Final = (5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200)
"""Widths of a step that people read easily, seconds."""
MOST: Final = 32
"""So many steps are told one by one; what lies beyond is one more."""
_TAIL: Final = 98


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Values from `from_s`, included, to `until_s`, not included; None: all from there on."""

    from_s: int
    until_s: int | None
    rows: int


def width_of(values: pl.Series) -> int:
    """Return the least width that holds all but the slowest two per cent of the values in `MOST` steps."""
    kept = values.drop_nulls().to_numpy()
    if not len(kept):
        return WIDTHS[0]
    low, high = int(kept.min()), int(np.percentile(kept, _TAIL, method="higher"))
    return next((one for one in WIDTHS if high // one - low // one < MOST), WIDTHS[-1])


def spread_of(values: pl.Series, width: int) -> list[Bin]:
    """Return the steps from the one that holds the least value to that of the greatest, the empty ones between too.

    values: whole seconds; None is left out. Their `rows` add up to the values that there are.
    """
    kept = values.drop_nulls().to_numpy()
    if not len(kept):
        return []
    steps = kept // width
    first = int(steps.min())
    rows = np.bincount(np.minimum(steps - first, MOST))
    return [
        Bin(from_s=(first + at) * width, until_s=None if at == MOST else (first + at + 1) * width, rows=int(count))
        for at, count in enumerate(rows)
    ]
