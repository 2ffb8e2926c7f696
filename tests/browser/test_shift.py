"""Past hours on the map, and a shift handed over, in a real browser."""

from __future__ import annotations

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.people import CIVIL, PASSWORD, make_person
from playwright.async_api import expect

from dispatch.accounts.states import Role
from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def test_the_past_is_told_as_past_holds_commands_back_and_one_key_returns(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator("main").get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Alt+h")
    await expect(page.locator(".map")).to_contain_text("不是实时")
    await expect(page.locator("main")).to_contain_text("当时没有未完任务")
    await expect(page.locator("aside.selected")).to_contain_text("阿-01")
    await page.keyboard.press("]")
    await page.keyboard.press("]")
    await page.keyboard.type("派 阿-01 1")
    await page.keyboard.press("Enter")
    await expect(page.locator("footer.commands")).to_contain_text("回放中不能发命令")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Home")
    await expect(page.locator("main").get_by_role("option")).to_have_count(1)
    await expect(page.locator(".map")).not_to_contain_text("不是实时")
    assert await room.duty.lines("assignment.made") == []
    assert seat.errors == []


async def test_a_shift_is_handed_over_at_one_seat(room: Room) -> None:
    await room.duty.incident(priority=Priority.P2)
    await room.duty.say("阿-02", "out_of_service", reason="fuel")
    async with room.duty.service.parts.database.write() as session:
        await make_person(session, room.duty.service.parts.clock, "next-shift", Role.DISPATCHER, organisation=CIVIL)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await page.keyboard.press("Alt+j")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("加油")
    await dialog.get_by_role("textbox").fill("G3012 有雾")
    await dialog.get_by_role("button", name="交班签名").click()
    await expect(dialog.locator("dl")).to_contain_text("待接班签名")
    await dialog.get_by_placeholder("用户名").fill("next-shift")
    await dialog.get_by_placeholder("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(dialog.locator("dl")).not_to_contain_text("待接班签名")
    await expect(dialog).to_contain_text("G3012 有雾")
    (line,) = await room.duty.lines("handover.signed")
    assert line["own_seat"] is False
    assert seat.errors == []
