"""A seat as few are: a computer that slept for an hour, a region of which nobody knows a name."""

from __future__ import annotations

import re

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.service import drawing, keep_network
from playwright.async_api import expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
AN_HOUR = re.compile(r"1:0\d:\d\d")


async def test_a_computer_that_slept_for_an_hour_shows_what_is_old_as_old_and_then_what_it_missed(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    rows = page.locator("main").get_by_role("option")
    await expect(rows).to_have_count(1)
    await page.keyboard.press("F6")
    await expect(page.get_by_role("button", name="Alt 1")).to_be_enabled()
    # Asleep nothing comes and nothing passes; awake again the computer's clock is an hour on, the page's own is not.
    room.wire.hush()
    await page.evaluate("globalThis.real = Date.now; Date.now = () => real() + 3_600_000")
    await expect(page.get_by_role("alert")).to_contain_text("链路中断")
    await expect(page.get_by_role("alert")).to_contain_text(AN_HOUR)
    await expect(rows.first).to_contain_text(AN_HOUR)
    await expect(page.locator(".map")).to_contain_text("不是实时")
    await expect(page.get_by_role("button", name="Alt 1")).to_be_disabled()
    await room.wire.cut()
    await room.duty.incident("C", Priority.P2)
    await page.evaluate("Date.now = real")
    await room.wire.mend()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(rows).to_have_count(2)
    await expect(rows.first).not_to_contain_text(AN_HOUR)
    await expect(page.get_by_role("button", name="Alt 1")).to_be_enabled()
    await expect(page.locator("header [role=status]")).to_contain_text("正常")
    assert seat.errors == []


async def test_in_a_region_without_names_a_vehicle_is_sent_to_a_coordinate(room: Room) -> None:
    await keep_network(room.duty.service.parts, drawing(names={}).network())
    there = room.duty.service.at("F")
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator("section.units")).to_contain_text("阿-01")
    await page.keyboard.press("F2")
    place = page.get_by_role("combobox", name="地点")
    await place.fill("塔南路")
    await expect(page.locator("section.taking")).to_contain_text("没有找到")
    await place.fill(f"{there['lat']:.5f}, {there['lon']:.5f}")
    await expect(page.get_by_role("listbox", name="地点").get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".place dd, .chosen dd")).to_contain_text("内无有名道路")
    await page.keyboard.type("xt")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Alt+q")
    await page.keyboard.press("1")
    await page.keyboard.press("1")
    await expect(page.locator(".draft")).to_contain_text("阿-01")
    await page.keyboard.press("Alt+1")
    await expect(page.locator(".draft")).to_contain_text("已派")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("main").get_by_role("option")).to_contain_text("40.998")
    await expect(page.locator(".map .waiting")).to_have_count(0)
    assert seat.errors == []
