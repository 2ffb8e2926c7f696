"""What a serving process does about memory once it has started."""

from __future__ import annotations

import gc
from typing import Final

THRESHOLDS: Final = (20_000, 10, 10)
"""Everything is gone through rarely: with a thousand vehicles connected that takes a good part of a second."""


def settle() -> None:
    """Leave what was made at the start out of garbage collection, and collect rarely.

    What was made stays, and going through it, or through all that is connected, delays answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
