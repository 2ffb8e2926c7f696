"""What goes wrong at a seat: nothing typed is lost, nothing old is taken for new, and no rubbish breaks a screen."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from playwright.async_api import Locator, Page, Route, expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
PLACE = "塔南路 中大街"
RUBBISH = "\u202eسىناق\u2066🚑👩\u200d⚕️\t\u0000<img src=x onerror=alert(1)>'\"; DROP TABLE calls; --\ufffd𠮷" * 40
LONG = ("他说胸口很痛," * 714)[:5_000]


async def _seat(room: Room) -> Watched:
    seat = await room.seat()
    await seat.log_in()
    await expect(seat.page.locator("section.units")).to_contain_text("阿-01")
    return seat


def _saved(page: Page) -> Locator:
    return page.locator(".caller footer").filter(has_text="已自动保存")


async def _type_a_call(page: Page) -> None:
    await page.keyboard.press("F2")
    await page.keyboard.type(PLACE)
    # The answer comes while something else is typed: it takes nobody out of their field.
    found = asyncio.Event()

    async def when_typing(route: Route) -> None:
        await found.wait()
        await route.continue_()

    await page.route("**/api/places?*", when_typing)
    await page.keyboard.press("Enter")
    await page.get_by_label("号码").first.fill("13800001234")
    await page.get_by_label("来电人").first.focus()
    await page.keyboard.type("🚑 ")
    found.set()
    await expect(page.locator(".draft")).to_contain_text("塔南路与中大街路口")
    await expect(page.get_by_label("来电人").first).to_be_focused()
    await page.keyboard.type("مۇھەممەد")
    await page.keyboard.press("Alt+n")
    await page.keyboard.type("出冷汗")
    await page.keyboard.press("Enter")


async def _is_there(page: Page) -> None:
    await expect(page.get_by_label("号码").first).to_have_value("13800001234")
    await expect(page.get_by_label("来电人").first).to_have_value("🚑 مۇھەممەد")
    await expect(page.locator(".caller")).to_contain_text("出冷汗")
    await expect(page.locator(".draft")).to_contain_text("塔南路与中大街路口")


async def test_a_login_that_ends_in_the_middle_of_a_call_takes_nothing_away(room: Room) -> None:
    seat = await _seat(room)
    page = seat.page
    await _type_a_call(page)
    await expect(_saved(page)).to_be_visible()
    assert await page.evaluate("fetch('/api/session', {method: 'DELETE'}).then((answer) => answer.status)") == 204
    await expect(page.get_by_role("heading", name="登录已结束")).to_be_visible()
    await seat.fill_in("dispatcher")
    await expect(page.get_by_role("heading", name="登录已结束")).to_have_count(0)
    await _is_there(page)
    await page.keyboard.press("Alt+n")
    await page.keyboard.type("能说话")
    await page.keyboard.press("Enter")
    await expect(_saved(page)).to_be_visible()
    (draft,) = (await room.duty.client.get("/api/drafts")).json()["drafts"]
    await expect(page.locator(".caller")).to_contain_text("能说话")
    assert draft["dropped"] is False
    assert seat.errors == []


async def test_a_call_outlives_a_service_that_goes_and_a_page_that_is_loaded_anew(room: Room) -> None:
    seat = await _seat(room)
    page = seat.page
    await _type_a_call(page)
    await expect(_saved(page)).to_be_visible()
    await room.wire.cut()
    await expect(page.get_by_role("alert").filter(has_text="链路中断")).to_be_visible()
    await page.get_by_label("号码").first.fill("13800009999")
    await page.keyboard.press("Alt+n")
    await page.keyboard.type("断线时记的")
    await page.keyboard.press("Enter")
    await room.wire.mend()
    await expect(page.get_by_role("alert").filter(has_text="链路中断")).to_have_count(0)
    await expect(_saved(page)).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("号码").first).to_have_value("13800009999")
    for words in ("出冷汗", "断线时记的"):
        await expect(page.locator(".caller")).to_contain_text(words)
    await expect(_saved(page)).to_be_visible()
    drafts = (await room.duty.client.get("/api/drafts")).json()["drafts"]
    assert len(drafts) == 1, "it is the same call"
    assert seat.errors == []


async def test_rubbish_in_every_field_breaks_nothing(room: Room) -> None:
    seat = await _seat(room)
    page = seat.page
    await page.keyboard.press("F2")
    await page.get_by_label("号码").first.wait_for()
    await _paste_everywhere(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    for key in ("Alt+o", "Alt+j"):
        await page.keyboard.press(key)
        await page.get_by_role("dialog").wait_for()
        await _paste_everywhere(page)
        await page.keyboard.press("Escape")
    await expect(page.locator("header [role=status]")).to_contain_text("正常")
    assert seat.errors == []


async def test_five_thousand_characters_of_notes_enter_the_record_whole(room: Room) -> None:
    seat = await _seat(room)
    page = seat.page
    await _type_a_call(page)
    await page.keyboard.press("Alt+n")
    await page.keyboard.insert_text(LONG)
    await page.keyboard.press("Enter")
    await expect(_saved(page)).to_be_visible()
    await page.get_by_role("combobox", name="主诉").fill("xt")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Alt+q")
    await page.keyboard.press("1")
    await page.keyboard.press("1")
    await expect(page.locator(".caller footer")).to_contain_text("已全部记入事件")
    (row,) = (await room.duty.client.get("/api/incidents")).json()["incidents"]
    notes = (await room.duty.client.get(f"/api/incidents/{row['id']}")).json()["notes"]
    assert LONG in "\n".join(note["text"] for note in notes)
    assert seat.errors == []


async def test_a_computer_whose_clock_is_wrong_shows_the_services_time_and_says_so(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    await seat.page.add_init_script("const real = Date.now; Date.now = () => real() + 600_000;")
    await seat.log_in()
    page = seat.page
    row = page.locator("main.incidents").get_by_role("option")
    await expect(row).to_contain_text("待派")
    await expect(page.locator("header [role=status]")).to_contain_text("本机时钟差 10:0")
    told = await page.locator("header .large").inner_text()
    hours, minutes, seconds = (int(part) for part in told.split(":"))
    now = room.duty.service.parts.clock.now()
    shown, true = timedelta(hours=hours, minutes=minutes, seconds=seconds), timedelta(hours=now.hour + 8)
    off = abs(shown - true - timedelta(minutes=now.minute, seconds=now.second)) % timedelta(days=1)
    assert min(off, timedelta(days=1) - off) < timedelta(minutes=1), "it is the service's time, not the computer's"
    await _shot(page, "clock")
    assert seat.errors == []


async def test_a_second_tab_is_a_seat_of_its_own_on_the_same_board(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await _seat(room)
    page = seat.page
    await page.keyboard.press("F2")
    await page.keyboard.type("10团")
    other = await page.context.new_page()
    await other.goto("/")
    await expect(other.locator("main.incidents").get_by_role("option")).to_have_count(1)
    await expect(other.get_by_label("号码")).to_have_count(0)
    await other.keyboard.press("F6")
    await expect(other.get_by_role("button", name="Alt 1")).to_be_enabled()
    await other.keyboard.press("Alt+1")
    await expect(other.locator("aside").get_by_role("status").first).to_contain_text("已派出")
    await expect(page.get_by_role("combobox", name="地点")).to_have_value("10团")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page.locator("main.incidents").get_by_role("option")).not_to_contain_text("未派车")
    assert seat.errors == []


async def test_a_doubled_tab_begins_with_nothing_of_the_first(room: Room) -> None:
    seat = await _seat(room)
    page = seat.page
    await page.keyboard.press("F2")
    await page.keyboard.type("10团")
    await page.keyboard.press("Alt+n")
    await page.keyboard.type("出冷汗")
    await page.keyboard.press("Enter")
    await expect(_saved(page)).to_be_visible()
    # As a browser doubles a tab: with a copy of what the first one keeps for itself.
    async with page.expect_popup() as opened:
        await page.evaluate("void window.open('/')")
    double = await opened.value
    await expect(double.locator("section.units")).to_contain_text("阿-01")
    await double.keyboard.press("F2")
    await expect(double.locator(".caller")).not_to_contain_text("出冷汗")
    await expect(page.locator(".caller")).to_contain_text("出冷汗")
    await page.reload()
    await expect(page.locator(".caller")).to_contain_text("出冷汗")
    assert seat.errors == []


async def _paste_everywhere(page: Page) -> None:
    """Rubbish into every field that can be written into."""
    fields = page.locator("input:not([type=date]):not([type=range]):not([type=checkbox]):visible, textarea:visible")
    for place in range(await fields.count()):
        field = fields.nth(place)
        if await field.is_editable():
            await field.focus()
            await page.keyboard.insert_text(RUBBISH)


async def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"faults-{name}.png")
