"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with what is being done (a short English phrase) and the share of it that is done, 0 to 1."""


def silent(_what: str, _share: float) -> None:
    """The progress that nobody watches."""
