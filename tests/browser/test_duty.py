"""Signing on for a shift, and lowering a priority with its reason, as a supervisor does it."""

from __future__ import annotations

import os
from pathlib import Path

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


async def test_a_supervisor_lowers_only_while_signed_on(room: Room) -> None:
    await room.duty.incident(priority=Priority.P1)
    seat = await room.seat()
    await seat.log_in("supervisor")
    page = seat.page
    await page.locator("main").get_by_role("option").first.click()
    await page.keyboard.press("Alt+n")
    await page.get_by_role("textbox", name="备注").fill("清醒,能走,无痛")
    lower = page.get_by_role("button", name="降级 P2")
    await lower.click()
    await expect(page.get_by_role("alert")).to_contain_text("没有签到为本班值班长")
    await _shot(page, "refused")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("button", name="上班: 值班长").click()
    await expect(page.get_by_role("button", name="下班: 值班长")).to_be_visible()
    await _shot(page, "signed-on")
    asked = [url for url in seat.requests if url.endswith("/api/duty")]
    assert len(asked) == 2, "it asks once, and once more to sign on"
    await page.keyboard.press("Escape")
    await lower.click()
    await expect(lower).to_have_count(0)
    (change,) = await room.duty.lines("incident.priority_changed")
    assert (change["before"], change["priority"], change["move"]) == ("P1", "P2", "lowered")
    assert seat.errors == []


async def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"duty-{name}.png")
