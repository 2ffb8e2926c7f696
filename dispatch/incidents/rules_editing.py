"""Two people at one record: who comes second is told what it has become. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.kernel.errors import Conflict


class Outdated(Conflict):
    """Somebody else changed the record first. `current` is what it is now: ids, codes, times; plain JSON values."""

    def __init__(self, noun: str, current: Mapping[str, object]) -> None:
        super().__init__(
            f"{noun}.outdated",
            f"This {noun} was changed in the meantime.",
            "Look at it again, then repeat your change.",
            current=current,
        )


def check_version(noun: str, expected: int | None, present: int, current: Mapping[str, object]) -> None:
    """Refuse a change made on an older version; None asks for none (machines that only add). Raises Outdated."""
    if expected is not None and expected != present:
        raise Outdated(noun, current)
