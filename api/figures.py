"""The figures that are set: of choosing and sending, and of units on duty."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dispatch.dispatching.rules_policy import PROPOSED, Figures, read_figures
from dispatch.kernel.errors import Invalid
from dispatch.settings import Settings


def figures_of(settings: Settings) -> Figures:
    """Return the figures that are set. Raises Invalid (`figures.invalid`, `figures.unreadable`)."""
    return PROPOSED if settings.dispatching_figures is None else _read(settings.dispatching_figures)


@lru_cache(maxsize=8)
def _read(path: Path) -> Figures:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("figures.unreadable", f"The figures of dispatching cannot be read: {error}.") from None
    return read_figures(text)
