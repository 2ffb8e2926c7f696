"""How long tests wait for what is sure to come, and how often they do what is to be done often."""

from __future__ import annotations

import os

PATIENCE_S = 240.0
"""A guard against what hangs, not a measure: a stall of a busy machine fails no test."""

SOAK = os.environ.get("TARIM_SOAK") == "1"


def times(few: int, many: int) -> int:
    """Return the count of a test that repeats itself: `few` in `make test`, `many` in `make soak`.

    Such a test is marked `soak`.
    """
    return many if SOAK else few
