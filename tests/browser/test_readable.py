"""Every screen can be read: nothing serious by axe, nothing cut off, nobody else asked; and the first load is small."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from factories.browser import SIZE, Room, Watched
from factories.readable import dressed, unreadable
from factories.walk import THEMES, furnish, like, walk
from playwright.async_api import ViewportSize

from api.console.files import BUILT

MOST_BYTES = 400_000
NARROW: ViewportSize = {"width": 390, "height": 844}
# What may scroll says so; what only hides its end has cut it off.
CUT_OFF = """() => [...document.querySelectorAll(
    '.console, .console > *, .taking > *, article, header, footer, dialog, dialog > *, form, .login, button')]
    .filter((box) => getComputedStyle(box).display !== 'none' && box.scrollWidth > box.clientWidth + 1)
    .map((box) => `${box.className || box.tagName}: ${box.scrollWidth} > ${box.clientWidth}`)"""
# All fonts that were asked for are here, and what they draw was drawn.
DRAWN = """() => document.fonts.ready.then(() => new Promise((tell) =>
    requestAnimationFrame(() => requestAnimationFrame(() => document.fonts.ready.then(() => tell())))))"""
WHOLE = """async () => {
    const whole = [...document.fonts].find(({ family }) => family.includes('Whole'));
    await whole.loaded;
}"""
pytestmark = [pytest.mark.slow]


@pytest.mark.database
@pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True)
@pytest.mark.parametrize(("language", "themes"), [("zh", THEMES), ("en", ("day",)), ("ug", ("night",))])
async def test_every_screen_can_be_read_and_asks_nobody_else(
    room: Room, language: str, themes: tuple[str, ...]
) -> None:
    await furnish(room)
    seat = await room.seat()
    await like(seat, language, themes[0])
    found: list[str] = []
    screens = []
    async for screen in walk(room, seat):
        screens.append(screen)
        assert await seat.page.evaluate("document.documentElement.lang") == language
        for theme in themes:
            asked = "colours" if theme != themes[0] else "all" if len(themes) > 1 else "all but colours"
            found += [f"{screen}, {theme}: {one}" for one in await unreadable(seat.page, theme, asked)]
        found += [f"{screen}: {box}" for box in await seat.page.evaluate(CUT_OFF)]
        await seat.page.evaluate(dressed(themes[0]))
        if language == "en":  # the longest words
            found += [f"{screen}, narrow: {one}" for one in await _narrow(seat, themes[0])]
    assert found == [], json.dumps(found, ensure_ascii=False, indent=1)
    assert len(screens) == 18
    assert seat.hosts() <= {"127.0.0.1", "data", "blob"}
    assert seat.errors == []


async def _narrow(seat: Watched, theme: str) -> list[str]:
    """The same screen in a window as narrow as a telephone's."""
    wide = seat.page.viewport_size or SIZE
    await seat.page.set_viewport_size(NARROW)
    await seat.page.evaluate(DRAWN)
    found = [*await unreadable(seat.page, theme, "all but colours"), *await seat.page.evaluate(CUT_OFF)]
    width = await seat.page.evaluate("document.documentElement.scrollWidth")
    await seat.page.set_viewport_size(wide)
    return [*found, *([f"{width} pixels wide"] if width > NARROW["width"] else [])]


@pytest.mark.database
@pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True)
async def test_the_whole_font_is_fetched_for_a_name_that_the_small_one_lacks_and_for_nothing_else(room: Room) -> None:
    seat = await room.seat()
    await seat.log_in()
    page = seat.page

    def fetched() -> list[str]:
        return [url for url in seat.requests if url.endswith(".ttf")]

    await page.keyboard.press("F2")
    name = page.locator(".caller input").nth(1)
    await name.fill("王喆 李堃 ئايگۈل Ng 🚑")
    await page.evaluate(DRAWN)
    assert fetched() == []
    async with page.expect_response(lambda answer: answer.url.endswith(".ttf")) as answered:
        await name.fill("龚䶮")
    answer = await answered.value
    assert (answer.ok, await answer.header_value("content-type")) == (True, "font/ttf")
    await page.evaluate(WHOLE)
    await name.fill("郭㛃 龚䶮")
    await page.evaluate(DRAWN)
    assert len(fetched()) == 1
    assert seat.hosts() <= {"127.0.0.1", "data", "blob"}
    assert seat.errors == []


def test_the_first_load_is_small() -> None:
    page = BUILT / "index.html"
    if not page.is_file():
        pytest.skip("the console was not built: python frontend/build_hook.py")
    text = page.read_text("utf-8")
    named = [name for name in re.findall(r"/assets/([\w.-]+)", text) if name.endswith((".js", ".css"))]
    loaded = [page.read_bytes(), *((BUILT / "assets" / name).read_bytes() for name in named)]
    assert len(loaded) >= 3
    assert sum(len(gzip.compress(each, 9)) for each in loaded) <= MOST_BYTES
