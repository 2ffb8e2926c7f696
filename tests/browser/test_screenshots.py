"""Every screen in its themes and languages, to be looked at: make screenshots."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from playwright.async_api import expect

from dispatch.incidents.states_incidents import Priority

ASKED = os.environ.get("TARIM_SCREENSHOTS")
pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.skipif(not ASKED, reason="screenshots are made when asked for: make screenshots"),
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
LOOKS = [(language, theme) for language in ("zh", "en", "ug") for theme in ("night", "day")] + [("zh", "wall")]


async def _like(seat: Watched, language: str, theme: str) -> None:
    liked = json.dumps({"language": language, "theme": theme})
    await seat.page.add_init_script(
        f"for (const key of ['tarim.settings.1', ...Object.keys(localStorage)]) localStorage.setItem(key, {liked!r});"
    )


@pytest.mark.parametrize(("language", "theme"), LOOKS)
async def test_every_screen_is_drawn(room: Room, language: str, theme: str) -> None:
    folder = Path(str(ASKED)) / f"{language}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    for letter, priority in (("F", Priority.P1), ("C", Priority.P2), ("K", Priority.P3)):
        await room.duty.incident(letter, priority)
    size = {"width": 3840, "height": 2160} if theme == "wall" else {}
    seat = await room.seat(**size)
    await _like(seat, language, theme)
    page = seat.page

    async def shot(name: str) -> None:
        await page.evaluate("document.fonts.ready")
        await page.screenshot(path=folder / f"{name}.png")

    await page.goto("/")
    await page.locator("input[name=name]").wait_for()
    await shot("login")
    await seat.fill_in("dispatcher")
    await _like(seat, language, theme)
    await expect(page.locator("main").get_by_role("option")).to_have_count(3, timeout=PATIENCE_MS)
    await page.keyboard.press("F6")
    await expect(page.locator("aside li").first).to_be_visible(timeout=PATIENCE_MS)
    await shot("console")
    await page.keyboard.press("F1")
    await shot("keys")
    await page.keyboard.press("Escape")
    await page.keyboard.press("F2")
    await page.keyboard.type("塔南路 中大街")
    await page.keyboard.press("Enter")
    await expect(page.locator(".place dd")).to_be_visible(timeout=PATIENCE_MS)
    await page.keyboard.type("k03")
    for key in ("Enter", "1", "1", "3"):
        await page.keyboard.press(key)
    await expect(page.locator(".caller section[role=alert]")).to_be_visible(timeout=PATIENCE_MS)
    await shot("call-taking")
    await page.keyboard.press("Escape")
    room.wire.hush()
    await expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    await shot("link-lost")
    room.wire.hush()
    assert seat.errors == []
