"""Whether a page can be read by everybody: what axe finds serious in it, by theme."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page

AXE: Final = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WORST: Final = ("serious", "critical")
_COLOURS: Final = "color-contrast"
ASKED: Final[dict[str, dict[str, object]]] = {
    "all": {},
    "colours": {"runOnly": [_COLOURS]},
    "all but colours": {"rules": {_COLOURS: {"enabled": False}}},
}
"""What is looked for. A theme changes nothing but the colours; a language or a width all but them."""

_CALM: Final = """() => {
    if (window.calm) return;
    window.calm = new CSSStyleSheet();
    window.calm.replaceSync("*, ::before, ::after { animation: none !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, window.calm];
}"""
"""A sign that flashes is read when it is not half gone: also one that is drawn anew meanwhile."""


def dressed(theme: str) -> str:
    """The script that puts a page into a theme."""
    return f"document.documentElement.dataset.theme = '{theme}'"


async def unreadable(page: Page, theme: str, asked: str = "all") -> list[str]:
    """What is serious on the page in that theme, by what is `ASKED`; the test is skipped where axe is not."""
    if not AXE.is_file():
        pytest.skip("axe is not here: make test fetches it")
    await page.evaluate(dressed(theme))
    await page.evaluate(_CALM)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    told = await page.evaluate("(asked) => axe.run(document, asked)", {"resultTypes": ["violations"], **ASKED[asked]})
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in told["violations"]
        if one["impact"] in WORST
        for node in one["nodes"]
    ]


async def unreadable_in(page: Page, *themes: str, shot: str) -> list[str]:
    """The same in several themes, which change nothing but the colours; the first is there again afterwards.

    shot: by which name it is drawn in each of them, where pictures are asked for.
    """
    found: list[str] = []
    folder = os.environ.get("TARIM_SCREENSHOTS")
    for theme in themes:
        asked = "all" if theme == themes[0] else "colours"
        found += [f"{theme}: {one}" for one in await unreadable(page, theme, asked)]
        if folder:
            await page.screenshot(path=Path(folder) / f"{shot}-{theme}.png")
    await page.evaluate(dressed(themes[0]))
    return found
