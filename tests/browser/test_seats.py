"""What is a person's own at a seat: settings, windows, a narrow screen, keys."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from playwright.async_api import Page, expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def test_settings_follow_the_person_to_another_seat(room: Room) -> None:
    one = await room.seat()
    await one.log_in()
    page = one.page
    await page.get_by_role("button", name="设置").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="English").click()
    await dialog.get_by_role("button", name="Day").click()
    await dialog.get_by_role("slider", name="Units, height").fill("300")
    await expect(dialog).to_contain_text("follow you to another seat")
    other = await room.seat()
    await other.log_in()
    html = other.page.locator("html")
    await expect(html).to_have_attribute("lang", "en")
    await expect(html).to_have_attribute("data-theme", "day")
    await expect(other.page.locator("section.units")).to_have_css("height", "300px")
    # Without the service what is chosen counts here, and is saved with the account when it is back.
    await expect(other.page.locator(".map .waiting")).to_have_count(0)
    await room.wire.cut()
    await other.page.get_by_role("button", name="Settings").click()
    await other.page.get_by_role("dialog").get_by_role("button", name="Night").click()
    await expect(html).to_have_attribute("data-theme", "night")
    await expect(other.page.get_by_role("dialog")).to_contain_text("Settings are in this browser")
    await room.wire.mend()
    await expect(other.page.get_by_role("dialog")).to_contain_text("follow you to another seat")
    saved = (await room.duty.client.get("/api/session/settings")).json()["settings"]
    assert (saved["theme"], saved["language"], saved["layout"]["units_px"]) == ("night", "en", 300)
    assert one.errors == other.errors == []


async def test_panels_stand_in_windows_of_their_own_and_stay_in_step(room: Room) -> None:
    for letter in ("F", "G"):
        await room.duty.incident(letter, Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    board, inside = page.locator("main.incidents"), page.locator("aside.selected")
    await expect(board.get_by_role("option")).to_have_count(2)
    outer = await _panel(seat, "事件")
    await expect(board).to_have_count(0)
    rows = outer.get_by_role("option")
    await expect(rows).to_have_count(2)
    await expect(outer.locator("header [role=status]")).to_contain_text("正常")

    # What is chosen in one window is chosen in the other, both ways.
    await rows.nth(1).click()
    await expect(inside.get_by_role("article")).to_contain_text("02")
    await page.keyboard.press("F6")
    await expect(outer.get_by_role("option", selected=True)).to_contain_text("01")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("dialog").get_by_role("button", name="白天").click()
    await expect(outer.locator("html")).to_have_attribute("data-theme", "day")
    await outer.get_by_role("button", name="大屏").click()
    await expect(outer.locator("html")).to_have_attribute("data-theme", "wall")
    await expect(page.locator("html")).to_have_attribute("data-theme", "day")
    await page.keyboard.press("Escape")
    await _shot(outer, "panel-incidents")
    await _shot(page, "without-incidents")

    # Each has a link of its own, and says so when it is lost.
    await room.wire.cut()
    for window in (page, outer):
        await expect(window.get_by_role("alert")).to_contain_text("链路中断")
    await room.wire.mend()
    await outer.keyboard.press("Alt+r")
    await expect(outer.get_by_role("alert")).to_have_count(0)

    # A window that ends, however, gives the panel back; the layout remembers it.
    await outer.close()
    await expect(board.get_by_role("option")).to_have_count(2)
    await expect(page.locator("footer.commands")).to_contain_text("打开上次的窗口")
    await page.reload()
    await expect(board.get_by_role("option")).to_have_count(2)
    async with page.expect_popup() as opened:
        await page.keyboard.press("F10")
    await expect((await opened.value).get_by_role("option")).to_have_count(2)
    await expect(board).to_have_count(0)
    assert seat.errors == []


async def test_a_question_mark_tells_the_keys_and_each_of_them_does_something(room: Room) -> None:
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator("section.units")).to_contain_text("阿-01")
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="键位")
    await expect(dialog).to_be_visible()
    told = await dialog.locator("dt").all_inner_texts()
    assert {"F2", "F6", "F10", "Alt H", "Alt P", "Ctrl K"} <= set(told)
    assert len(told) == len(set(told)), "no key is told twice"
    await page.keyboard.press("Escape")
    # In the line a question mark is a letter like others, once something is typed.
    await page.keyboard.type("a?")
    await expect(page.get_by_role("textbox", name="命令行")).to_have_value("a?")
    await expect(dialog).to_have_count(0)
    assert seat.errors == []


async def test_the_beat_of_compressions_is_set_on_the_audio_clock_110_times_a_minute(room: Room) -> None:
    seat = await room.seat()
    await seat.page.add_init_script(
        """globalThis.beats = [];
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at) { beats.push(at); return start.call(this, at); };"""
    )
    await seat.log_in()
    page = seat.page
    await expect(page.locator("section.units")).to_contain_text("阿-01")
    await page.keyboard.press("F2")
    await page.keyboard.type("塔南路 中大街")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="主诉")).to_be_focused()
    for key in ("Alt+q", "2", "2"):
        await page.keyboard.press(key)
    # What alarms sound is none of it.
    await page.keyboard.press("F9")
    await page.get_by_role("button", name="按压节拍").click()
    beats = await page.evaluate(
        """() => new Promise((done) => {
            beats.length = 0;
            const look = () => (beats.length < 8 ? setTimeout(look, 50) : done(beats));
            look();
        })"""
    )
    gaps = [after - before for before, after in itertools.pairwise(beats)]
    assert all(abs(gap - 60 / 110) < 1e-6 for gap in gaps), gaps
    assert seat.errors == []


async def test_a_window_of_390_pixels_shows_one_part_at_a_time(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat(width=390, height=844)
    await seat.log_in()
    page = seat.page
    parts = page.get_by_role("navigation", name="面板")
    row = page.locator("main.incidents").get_by_role("option")
    await expect(row).to_be_visible()
    await _shot(page, "narrow-incidents")
    for part, where in (("车辆", "section.units"), ("地图", "section.map"), ("选中", "aside.selected")):
        await parts.get_by_role("button", name=part).click()
        await expect(page.locator(where)).to_be_visible()
        await expect(row).to_be_hidden()
    await _shot(page, "narrow-none")
    await parts.get_by_role("button", name="事件").click()
    await row.click()
    # Who takes an incident in hand sees it, with what can be done.
    send = page.get_by_role("button", name="Alt 1")
    await expect(send).to_be_enabled()
    await _shot(page, "narrow-selected")
    await send.click()
    await expect(page.locator("aside").get_by_role("status").first).to_contain_text("已派出")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.keyboard.press("F2")
    await page.get_by_label("号码").first.wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await _shot(page, "narrow-call")
    await page.keyboard.press("Escape")
    await room.wire.cut()
    await expect(page.get_by_role("alert")).to_contain_text("链路中断")
    await _shot(page, "narrow-lost")
    assert seat.errors == []


async def _panel(seat: Watched, name: str) -> Page:
    """Give a panel a window of its own."""
    await seat.page.keyboard.press("F10")
    dialog = seat.page.get_by_role("dialog", name="面板分窗")
    async with seat.page.expect_popup() as opened:
        await dialog.get_by_role("listitem").filter(has_text=name).get_by_role("button").click()
    await seat.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    return await opened.value


async def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"seats-{name}.png")
