"""What a serving process does about memory once it has started."""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave what was made at the start out of garbage collection: it stays, and going through it delays answers."""
    gc.collect()
    gc.freeze()
