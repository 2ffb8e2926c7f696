"""The console in a real browser, on a real service."""

from __future__ import annotations

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.played_service import until
from playwright.async_api import expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
BOTH = "['aside .promise .eta', 'main [role=option]'].map(part => document.querySelector(part)?.innerText ?? '')"


async def test_boards_fill_from_the_live_feed_and_nothing_leaves_the_machine(room: Room) -> None:
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    incidents, units = page.locator("main"), page.locator(".units")
    await expect(incidents).to_contain_text("没有进行中的事件")
    await expect(units).to_contain_text("阿-01")
    await expect(units).to_contain_text("师-08")
    await expect(page.locator("header [role=status]")).to_contain_text("正常")

    await room.duty.incident(priority=Priority.P1)
    await expect(incidents.get_by_role("option")).to_have_count(1)
    await expect(incidents.get_by_role("option")).to_contain_text("待派")
    await room.duty.say("阿-02", "out_of_service", reason="fuel")
    await expect(units.get_by_role("option", name="阿-02")).to_contain_text("停用 加油")

    assert seat.errors == []
    assert seat.hosts() <= {"127.0.0.1", "data", "blob"}


async def test_a_lost_link_is_told_commands_are_held_and_what_was_missed_comes_after(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    rows = page.locator("main").get_by_role("option")
    await expect(rows).to_have_count(1)
    await page.keyboard.press("F6")
    await expect(page.get_by_role("button", name="Alt 1")).to_be_enabled()

    room.wire.hush()
    await expect(page.get_by_role("alert")).to_contain_text("链路中断")
    await expect(page.get_by_role("button", name="Alt 1")).to_be_disabled()
    await expect(rows).to_have_count(1)
    await page.keyboard.type("派 阿-01")
    await page.keyboard.press("Enter")
    await expect(page.locator("footer.commands")).to_contain_text("未执行")
    await room.wire.cut()
    await room.duty.incident(priority=Priority.P2)
    await room.wire.mend()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(rows).to_have_count(2)
    assert await room.duty.lines("assignment.made") == []
    assert seat.errors == []


async def test_a_login_that_ends_in_the_middle_of_work_takes_nothing_away(room: Room) -> None:
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator(".units")).to_contain_text("阿-01")
    await page.keyboard.type("派 阿-01 望眼欲穿")
    ended = await page.evaluate("fetch('/api/session', {method: 'DELETE'}).then((answer) => answer.status)")
    assert ended == 204
    await expect(page.get_by_role("heading", name="登录已结束")).to_be_visible()
    await seat.fill_in("dispatcher")
    await expect(page.get_by_role("heading", name="登录已结束")).to_have_count(0)
    await expect(page.get_by_role("textbox", name="命令行")).to_have_value("派 阿-01 望眼欲穿")
    await expect(page.locator("header [role=status]")).to_contain_text("正常")
    assert seat.errors == []


async def test_a_unit_is_sent_by_keyboard_alone_and_called_back_in_time(room: Room) -> None:
    incident = await room.duty.incident("F", Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    panel = page.locator("aside")
    await expect(page.locator("main").get_by_role("option")).to_have_count(1)
    await page.keyboard.press("F6")
    await expect(panel.get_by_role("button", name="Alt 1")).to_be_enabled()
    first = await panel.locator("ol li b").first.inner_text()
    # What an input method composes, a bare digit and Enter never send.
    for key in ("1", "Enter", "Escape"):
        await page.keyboard.press(key)
    await page.evaluate(
        "dispatchEvent(new KeyboardEvent('keydown', {code: 'Digit1', altKey: true, isComposing: true}))"
    )
    assert await room.duty.lines("assignment.made") == []

    await expect(panel.get_by_role("button", name="Alt 1")).to_be_enabled()
    await page.keyboard.press("Alt+1")
    await expect(panel.get_by_role("status")).to_contain_text(f"{first} → ")
    await expect(panel.get_by_role("status")).to_contain_text("已派出")
    await page.keyboard.press("Control+z")
    await expect(panel.get_by_role("status")).to_contain_text("已撤销")
    await expect(page.locator("main").get_by_role("option")).to_contain_text("再待派")

    await page.keyboard.type(f"派 {first}")
    await page.keyboard.press("Enter")
    await expect(page.locator("main").get_by_role("option")).to_contain_text(first)
    made, again = await room.duty.lines("assignment.made")
    assert made["incident_id"] == again["incident_id"] == str(incident)

    # When it will be there stands beside it, and moves when a dispatcher slows the roads down.
    coming = panel.locator(".promise .eta")
    await expect(coming).to_contain_text("分")
    before = await coming.inner_text()
    slow = {"reason": "沙尘暴", "centre": room.duty.service.at("F"), "radius_m": 5_000, "speed_factor": 0.02}
    assert (await room.duty.client.post("/api/closures", json=slow)).status_code == 201

    async def both_tell_it() -> bool:
        # It counts down meanwhile: what both say at one moment is compared.
        told, row = await page.evaluate(BOTH)
        return told != before and told in row

    await until(both_tell_it)

    await page.keyboard.press("F7")
    record = page.get_by_role("article", name="事件记录")
    await expect(record.get_by_role("row", name="派车 T3")).to_have_count(2)
    # On paper it stands alone, and whole.
    await page.emulate_media(media="print")
    await expect(page.locator("header.bar")).to_be_hidden()
    await expect(page.locator("section.units")).to_be_hidden()
    await expect(record.get_by_role("row").last).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.emulate_media(media="screen")
    await page.keyboard.press("Escape")
    await expect(record).to_have_count(0)
    assert seat.errors == []


async def test_of_two_who_want_one_unit_the_second_is_told_who_has_it(room: Room) -> None:
    for letter in ("F", "G"):
        await room.duty.incident(letter, Priority.P1)
    one, two = await room.seat(), await room.seat()
    await one.log_in()
    await two.log_in("supervisor")
    for seat, presses in ((one, 1), (two, 2)):
        await expect(seat.page.locator("main").get_by_role("option")).to_have_count(2)
        for _ in range(presses):
            await seat.page.keyboard.press("F6")
        await seat.page.keyboard.type("派 阿-01")
    await one.page.keyboard.press("Enter")
    await expect(one.page.locator("aside").get_by_role("status")).to_contain_text("已派出")
    await two.page.keyboard.press("Enter")
    await expect(two.page.locator("aside").get_by_role("status")).to_contain_text("未派出")
    await expect(two.page.locator("aside").get_by_role("status")).to_contain_text("已在事件")
    assert len(await room.duty.lines("assignment.made")) == 1
    assert one.errors == two.errors == []
