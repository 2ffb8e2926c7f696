"""Every screen of the console, one after the other, opened by keys as a dispatcher opens them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from factories.browser import PATIENCE_MS, Room, Watched
from playwright.async_api import Page, expect

from dispatch.incidents.states_incidents import Priority

THEMES: Final = ("night", "day", "wall")
PLACE: Final = "塔南路 中大街"


async def furnish(room: Room) -> None:
    """Three incidents that wait, one of them where `PLACE` is, and a road that is closed."""
    for letter, priority in (("F", Priority.P1), ("C", Priority.P2), ("K", Priority.P3)):
        await room.duty.incident(letter, priority)
    centre = room.duty.service.at("L")
    made = await room.duty.post("closures", reason="示例 洪水", centre=centre, radius_m=30.0)
    assert made.status_code == 201, made.text


async def like(seat: Watched, language: str, theme: str) -> None:
    """From the next page on this browser shows that language and theme, whoever logs in."""
    liked = json.dumps({"language": language, "theme": theme})
    await seat.page.context.add_init_script(
        "const get = Storage.prototype.getItem; Storage.prototype.getItem = function (key) {"
        f" return key.startsWith('tarim.settings.') ? {liked!r} : get.call(this, key); }};"
    )


async def walk(room: Room, seat: Watched) -> AsyncIterator[str]:
    """Open each screen in turn, from the login to a lost link, and tell its name while it is in front."""
    page = seat.page
    await page.goto("/")
    await page.locator("input[name=name]").wait_for()
    yield "login"
    await seat.fill_in("dispatcher")
    await expect(page.locator("main").get_by_role("option")).to_have_count(3)
    await page.keyboard.press("F6")
    await expect(page.locator("aside li").first).to_be_visible()
    await _drawn(page)
    yield "console"
    for name, open_, close in _OVER:
        await open_(page)
        yield name
        await close(page)
    async with _a_window(seat):
        yield "units in a window"
    await _a_call(page)
    yield "call taking"
    await page.keyboard.press("Alt+g")
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "passing on"
    await _escape(page)
    await page.keyboard.press("Escape")
    await expect(page.locator(".incidents")).to_be_visible()
    room.wire.hush()
    await expect(page.get_by_role("alert").first).to_be_visible()
    yield "link lost"
    await room.wire.mend()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.evaluate("fetch('/api/session', {method: 'DELETE'})")
    await page.locator("input[name=name]").wait_for()
    yield "login ended"


@asynccontextmanager
async def _a_window(seat: Watched) -> AsyncIterator[None]:
    """The units in a window of their own, which is what is looked at meanwhile."""
    page = seat.page
    async with page.expect_popup() as opened:
        await page.keyboard.press("F10")
        await page.get_by_role("dialog").get_by_role("listitem").last.get_by_role("button").click()
    await _escape(page)
    seat.page = await opened.value
    await expect(seat.page.get_by_role("option")).not_to_have_count(0)
    yield
    await seat.page.close()
    seat.page = page
    await expect(page.locator("section.units").get_by_role("option")).not_to_have_count(0)


async def _commands(page: Page) -> None:
    await page.keyboard.type("派 阿-01 1")
    await expect(page.locator("footer.commands [role=status]")).to_contain_text("阿-01")


async def _clear(page: Page) -> None:
    await page.keyboard.press("Escape")
    await expect(page.locator("footer.commands input")).to_have_value("")


def _dialog(key: str, inside: str) -> Callable[[Page], Awaitable[None]]:
    async def open_(page: Page) -> None:
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog").locator(inside).first).to_be_visible()

    return open_


async def _settings(page: Page) -> None:
    await page.locator("header button.seat").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def _escape(page: Page) -> None:
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def _closing(page: Page) -> None:
    await page.locator("fieldset.layers button").click()
    form = page.locator("form.panel")
    await form.get_by_role("radio").nth(1).click()
    # A circle: its middle, then its edge.
    for x in (300, 340):
        await page.locator(".map .host").click(position={"x": x, "y": 110})
    await form.locator("input[type=text]").fill("示例 施工")
    await expect(form.locator("button[type=submit]")).to_be_enabled()


async def _not_closing(page: Page) -> None:
    await page.keyboard.press("Escape")
    await expect(page.locator("form.panel")).to_have_count(0)


async def _record(page: Page) -> None:
    await page.keyboard.press("F7")
    await expect(page.locator("article tbody tr").first).to_be_visible()


async def _no_record(page: Page) -> None:
    await page.keyboard.press("Escape")
    await expect(page.locator("article.print")).to_have_count(0)


async def _past(page: Page) -> None:
    await page.keyboard.press("Alt+h")
    await expect(page.locator("aside.selected")).to_contain_text("阿-01")


async def _present(page: Page) -> None:
    await page.keyboard.press("Home")
    await expect(page.locator("main").get_by_role("option")).to_have_count(3)


_OVER: Final = (
    ("command line", _commands, _clear),
    ("keys", _dialog("F1", "dl"), _escape),
    ("settings", _settings, _escape),
    ("closing a road", _closing, _not_closing),
    ("record", _record, _no_record),
    ("past", _past, _present),
    ("handover", _dialog("Alt+j", "textarea"), _escape),
    ("radio sheet", _dialog("Alt+p", ".blank"), _escape),
    ("paper entry", _dialog("Alt+o", ".times"), _escape),
    ("calling back", _dialog("Alt+y", "header"), _escape),
    ("panels in windows", _dialog("F10", "li"), _escape),
)


async def _drawn(page: Page) -> None:
    """Wait until the map is there: it says so while it is not."""
    await expect(page.locator(".map .waiting")).to_have_count(0)
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")


async def _a_call(page: Page) -> None:
    """A call near an incident that is known: place, card, answers, one of them unknown, the hint."""
    await page.keyboard.press("F2")
    await page.keyboard.type(PLACE)
    await page.keyboard.press("Enter")
    await expect(page.locator(".place dd")).to_be_visible()
    await page.keyboard.type("k03")
    for key in ("Enter", "1", "1", "3"):
        await page.keyboard.press(key)
    await expect(page.locator(".caller section[role=alert]")).to_be_visible()


expect.set_options(timeout=PATIENCE_MS)
