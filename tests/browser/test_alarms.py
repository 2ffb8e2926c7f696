"""Alarms by priority in a real browser: raised, confirmed, muted for a time; and a choice that owes its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.browser import PATIENCE_MS, Room
from playwright.async_api import expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
TONES = """globalThis.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { tones += 1; return start.call(this, at); };"""


async def test_a_p1_that_waits_too_long_alarms_is_confirmed_and_muted_and_another_choice_owes_a_reason(
    room: Room,
) -> None:
    rang = room.duty.service.parts.clock.now() - timedelta(minutes=3)
    told = {"priority": "P1", "complaint": "K03", "place": room.duty.service.at("F"), "at": rang.isoformat()}
    assert (await room.duty.post("incidents", **told, source="paper")).status_code == 201
    seat = await room.seat()
    await seat.page.add_init_script(TONES)
    await seat.log_in()
    page = seat.page
    bar, panel = page.locator("header.bar"), page.locator("aside.selected")
    await expect(bar).to_contain_text("待派超时")
    await expect(bar.get_by_role("button", name="F8")).to_contain_text("01")

    # Muted always for a time that is shown; the sound check is heard all the same.
    await page.keyboard.press("F9")
    await expect(bar.get_by_role("button", name="F9")).to_contain_text("1:")
    await page.get_by_role("button", name="设置").click()
    before = await page.evaluate("tones")
    await page.get_by_role("button", name="试听 高级告警").click()
    assert await page.evaluate("tones") > before
    await page.keyboard.press("Escape")
    await page.keyboard.press("F8")
    await expect(bar).to_contain_text("告警已全部确认")

    # Its way is drawn when it is pointed at; sent by Alt and its number, and the reason may follow.
    await page.keyboard.press("F6")
    second = panel.locator("ol li").nth(1)
    sign = await second.locator("b").first.inner_text()
    await second.hover()
    await expect(panel.get_by_role("button", name="Alt 1")).to_be_enabled()
    await page.keyboard.press("Alt+2")
    await expect(panel.get_by_role("status").first).to_contain_text(f"{sign} → ")
    await expect(panel).to_contain_text("非首选,请补原因")
    await page.keyboard.press("Alt+Shift+2")
    await expect(panel).not_to_contain_text("非首选,请补原因")
    (why,) = await room.duty.lines("assignment.override_explained")
    assert why["reason"] == "road"
    await expect(bar).not_to_contain_text("告警已全部确认")
    assert seat.errors == []
