"""Every screen can be read: nothing serious by axe, nothing cut off, and the first load is small."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from factories.browser import PATIENCE_MS, Room
from playwright.async_api import Page, expect

from api.console.files import BUILT
from dispatch.incidents.states_incidents import Priority

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
MOST_BYTES = 400_000
CUT_OFF = """() => [...document.querySelectorAll('.console, .console > *, .taking > *, article, header, footer')]
    .filter((box) => getComputedStyle(box).display !== 'none' && box.scrollWidth > box.clientWidth + 1)
    .map((box) => `${box.className || box.tagName}: ${box.scrollWidth} > ${box.clientWidth}`)"""
pytestmark = [pytest.mark.slow]
expect.set_options(timeout=PATIENCE_MS)


@pytest.mark.database
@pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True)
@pytest.mark.parametrize("screen", ["boards", "call taking"])
async def test_the_console_can_be_read_in_every_language_and_theme(room: Room, screen: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not here: make test fetches it")
    await room.duty.incident("F", Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator("main").get_by_role("option")).to_have_count(1)
    if screen == "boards":
        await page.keyboard.press("F6")
        await expect(page.locator("aside li").first).to_be_visible()
    else:
        await _a_call(page)
    await page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = []
    for language, theme in (("zh", "night"), ("en", "day"), ("ug", "night")):
        await page.get_by_role("button", name=re.compile("设置|Settings|تەڭشەك")).click()
        dialog = page.get_by_role("dialog")
        await dialog.locator(f"button[lang={language}]").click()
        await dialog.locator("fieldset").nth(1).get_by_role("button").nth(["night", "day"].index(theme)).click()
        await page.keyboard.press("Escape")
        await expect(page.locator(f"html[lang={language}][data-theme={theme}]")).to_have_count(1)
        told = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{language} {theme} {one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
            for one in told["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
        found += [f"{language} {theme} {box}" for box in await page.evaluate(CUT_OFF)]
    assert found == [], json.dumps(found, ensure_ascii=False, indent=1)
    assert seat.errors == []


async def _a_call(page: Page) -> None:
    """A call near an incident that is known: place, card, an answer, the hint."""
    await page.keyboard.press("F2")
    await page.keyboard.type("塔南路 中大街")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="主诉")).to_be_focused()
    await page.keyboard.type("k03")
    await page.keyboard.press("Enter")
    await page.keyboard.press("3")
    await expect(page.get_by_role("heading", name="可能重复的呼叫")).to_be_visible()


def test_the_first_load_is_small() -> None:
    page = BUILT / "index.html"
    if not page.is_file():
        pytest.skip("the console was not built: python frontend/build_hook.py")
    text = page.read_text("utf-8")
    named = [name for name in re.findall(r"/assets/([\w.-]+)", text) if name.endswith((".js", ".css"))]
    loaded = [page.read_bytes(), *((BUILT / "assets" / name).read_bytes() for name in named)]
    assert len(loaded) >= 3
    assert sum(len(gzip.compress(each, 9)) for each in loaded) <= MOST_BYTES
