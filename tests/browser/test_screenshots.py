"""Every screen in its themes and languages, to be looked at: make screenshots."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from factories.browser import Room
from factories.ecmo_seat import a_mission
from factories.walk import THEMES, furnish, like, walk
from playwright.async_api import expect

ASKED = os.environ.get("TARIM_SCREENSHOTS")
SIZES = {"wall": {"width": 3840, "height": 2160}, "narrow": {"width": 390, "height": 844}}
# A dialog that is taller than the window scrolls within it: its title and the way out stay in sight.
WITHIN = "() => [...document.querySelectorAll('dialog[open]')].every((box) => box.getBoundingClientRect().top >= 0)"
pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.skipif(not ASKED, reason="screenshots are made when asked for: make screenshots"),
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
ECMO = {"ecmo request": "", "ecmo plan": "/plan", "ecmo under way": "/live", "ecmo team": "/team"}


@pytest.mark.parametrize("theme", [*THEMES, "narrow"])
@pytest.mark.parametrize("language", ["zh", "en", "ug"])
async def test_every_screen_is_drawn(room: Room, language: str, theme: str) -> None:
    folder = Path(str(ASKED)) / f"{language}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    await furnish(room)
    seat = await room.seat(**SIZES.get(theme, {}))
    await like(seat, language, "night" if theme == "narrow" else theme)
    async for screen in walk(room, seat):
        await seat.page.evaluate("document.fonts.ready")
        assert await seat.page.evaluate(WITHIN), f"{screen}: a dialog leaves the window"
        await seat.page.screenshot(path=folder / f"{screen.replace(' ', '-')}.png")
        if theme == "narrow" and screen == "settings":  # in so narrow a window no road is closed on the map
            break
    assert seat.errors == []


@pytest.mark.parametrize("theme", ["night", "day", "narrow"])
@pytest.mark.parametrize("language", ["zh", "en", "ug"])
async def test_the_page_of_ecmo_is_drawn(room: Room, language: str, theme: str) -> None:
    folder = Path(str(ASKED)) / f"{language}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    case, _ = await a_mission(room)
    seat = await room.seat(**SIZES.get(theme, {}))
    await like(seat, language, "night" if theme == "narrow" else theme)
    await seat.page.goto("/ecmo")
    await seat.fill_in("centre-doctor")
    await expect(seat.page.locator("button.row")).to_be_visible()
    await seat.page.screenshot(path=folder / "ecmo-requests.png")
    for name, tab in {**ECMO, "ecmo new": "#new", "ecmo stores": "#stores"}.items():
        await seat.page.goto("about:blank")
        await seat.page.goto(f"/ecmo{tab}" if tab.startswith("#") else f"/ecmo#{case}{tab}")
        await expect(seat.page.locator("main section, main form").first).to_be_visible()
        await seat.page.wait_for_load_state("networkidle")
        await seat.page.evaluate("document.fonts.ready")
        await seat.page.screenshot(path=folder / f"{name.replace(' ', '-')}.png")
    assert seat.errors == []
