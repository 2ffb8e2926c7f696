"""How Chromium is begun, in tests and where its figures are taken: as on a computer without a graphics card."""

from __future__ import annotations

FLAGS = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    # Only the map is drawn by the emulated graphics card: pages drawn by it, too, took most of a test's time.
    "--disable-gpu-compositing", "--disable-gpu-rasterization",
)  # fmt: skip
