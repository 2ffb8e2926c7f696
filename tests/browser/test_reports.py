"""The page of figures in a real browser: its charts as tables too, and an address that leads back."""

from __future__ import annotations

import re

import pytest
from factories.browser import PATIENCE_MS, Room
from playwright.async_api import Page, expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def test_figures_are_looked_through_and_a_link_shows_the_same(room: Room) -> None:
    incident = await _sent(room)
    seat = await room.seat()
    page = seat.page
    await page.goto("/reports?period=days7&kpi=departure")
    await seat.fill_in("supervisor")
    cards = page.locator(".cards > article")
    await expect(cards).to_have_count(8)
    chosen = page.locator(".cards > article.chosen")
    await expect(chosen).to_contain_text("3分钟出车率")
    # One run has left nobody waiting: too few to tell a share of, and the page says so.
    await expect(chosen).to_contain_text("<5")
    await expect(page.get_by_role("region", name=re.compile("最慢")).last.locator("tbody tr")).to_have_count(1)
    course = page.locator("section", has=page.get_by_role("heading", name=re.compile("走势")))
    await course.get_by_role("button", name="表").click()
    await expect(course.get_by_role("button", name="图")).to_be_visible()
    async with page.expect_download() as kept:
        await page.get_by_role("button", name="CSV").click()
    assert (await kept.value).suggested_filename.endswith(".csv")
    await expect(page.get_by_role("status")).to_contain_text("已保存")
    # A number opens what is behind it, and the address holds that too.
    await chosen.get_by_role("button", name="1", exact=True).click()
    behind = page.get_by_role("dialog")
    await expect(behind.locator("tbody tr")).to_have_count(1)
    await expect(page).to_have_url(re.compile("rows=all"))
    await page.reload()
    link = behind.locator("tbody a")
    await expect(link).to_have_attribute("href", f"/?record={incident}")
    await page.keyboard.press("Escape")
    await expect(behind).to_have_count(0)
    await expect(page).not_to_have_url(re.compile("rows="))
    await _keep_and_plan(page)
    await page.get_by_role("button", name="看板").click()
    await expect(chosen).to_contain_text("3分钟出车率")
    await page.get_by_role("button", name="对比").click()
    await expect(page.get_by_role("region", name="对比").locator("tbody tr")).not_to_have_count(0)
    await page.get_by_role("button", name="数据质量").click()
    await expect(page.locator(".quality section")).to_have_count(2)
    assert "tab=quality" in page.url
    await page.go_back()
    await page.go_back()
    await expect(page.get_by_role("button", name="★ 出车")).to_be_visible()
    await expect(chosen).to_contain_text("3分钟出车率")
    await _splits(page)
    await page.get_by_label("城乡").select_option("rural")
    await expect(page).to_have_url(re.compile("ground=rural"))
    await page.reload()
    await expect(page.get_by_label("城乡")).to_have_value("rural")
    await expect(chosen).to_contain_text("3分钟出车率")
    await _union_opens(page, incident)
    assert seat.hosts() <= {"127.0.0.1", "data", "blob"}
    assert seat.errors == []


async def _sent(room: Room) -> object:
    """An incident that was looked at and has a vehicle on its way."""
    incident = await room.duty.incident("F", Priority.P1)
    looked = await room.duty.post(f"incidents/{incident}/recommendation")
    assert looked.status_code in (200, 201), looked.text
    sent = await room.duty.post(f"incidents/{incident}/assignments", unit_id=str(room.duty.units["阿-01"]))
    assert sent.status_code == 201, sent.text
    await room.duty.say("阿-01", "en_route")
    return incident


async def _splits(page: Page) -> None:
    """By complaint, as the card is called; the address holds that."""
    await page.get_by_role("combobox", name="分层").select_option("complaint")
    await expect(page).to_have_url(re.compile("split=complaint"))
    split = page.locator("section", has=page.get_by_role("heading", name="分层"))
    await expect(split.locator(".rows")).to_contain_text(re.compile(r"K\d\d \S+"))


async def _union_opens(page: Page, incident: object) -> None:
    """What the union gains opens its incidents too, with what was predicted of both fleets."""
    behind = page.get_by_role("dialog")
    await page.get_by_role("button", name="一张网").click()
    await page.get_by_role("region", name="得与失").get_by_role("button").first.click()
    await expect(page).to_have_url(re.compile("gain="))
    await expect(behind.locator("tbody tr")).to_have_count(1)
    await expect(behind.locator("thead")).to_contain_text("双方最快")
    await expect(behind.locator("tbody a")).to_have_attribute("href", f"/?record={incident}")


async def _keep_and_plan(page: Page) -> None:
    """What is asked is kept under a name; a report is made of each day from now on."""
    await page.get_by_role("button", name="我的视图").click()
    await page.get_by_label("名称").fill("出车")
    await page.get_by_role("button", name="保存当前视图").click()
    await expect(page.get_by_role("dialog").get_by_role("button", name="出车", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="★ 出车")).to_be_visible()
    await page.get_by_role("button", name="定时报告").click()
    daily = page.get_by_role("switch", name=re.compile("日报"))
    await daily.click()
    await expect(daily).to_be_checked()


async def test_who_is_no_supervisor_is_told_so(room: Room) -> None:
    seat = await room.seat()
    await seat.page.goto("/reports")
    await seat.fill_in("dispatcher")
    await expect(seat.page.get_by_role("main")).to_contain_text("值班长")
    refused = await room.duty.client.get("/api/reports/figures")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission.refused")
    assert seat.errors == []
