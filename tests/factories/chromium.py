"""Which Chromium is begun, and how, in tests and for figures: as on a computer without a graphics card."""

from __future__ import annotations

import shutil
from typing import Final

_SHELL, _WHOLE = ("chromium-headless-shell",), ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    # Only the map is drawn by the emulated graphics card: pages drawn by it, too, took most of a test's time.
    "--disable-gpu-compositing", "--disable-gpu-rasterization",
)  # fmt: skip


def for_tests() -> str | None:
    """Where a Chromium for tests lies: one without windows where there is one, which takes a third less."""
    return _first(*_SHELL, *_WHOLE)


def for_figures() -> str | None:
    """Where a Chromium as an operator has it lies, to measure it."""
    return _first(*_WHOLE, *_SHELL)


def _first(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)
