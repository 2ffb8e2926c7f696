"""The emergency room receives: a pre-alert sounds until somebody acknowledges it by name, and a handover is signed."""

from __future__ import annotations

import asyncio

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from factories.rooms import brought
from playwright.async_api import Page, expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)

COUNTED = """
window.beats = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.beats += 1; return start.call(this, at); };
"""
SOUNDS = """
() => new Promise((done) => {
  const before = window.beats;
  const look = () => (window.beats > before ? done(true) : setTimeout(look, 50));
  look();
})
"""


async def at_the_board(room: Room) -> Watched:
    """A seat of the emergency room whose browser lets sounds out."""
    seat = await room.seat()
    await seat.page.add_init_script(COUNTED)
    await seat.page.goto("/er")
    await seat.fill_in("emergency_doctor")
    await expect(seat.page.get_by_role("region", name="预警")).to_be_visible()
    return seat


async def sounds(page: Page) -> None:
    """Wait until a sound is heard that was not heard before."""
    async with asyncio.timeout(PATIENCE_MS / 1_000):
        assert await page.evaluate(SOUNDS)


async def test_a_prealert_sounds_until_one_seat_acknowledges_it_and_the_handover_is_signed(room: Room) -> None:
    first, second = await at_the_board(room), await at_the_board(room)
    await brought(room.duty)
    panels = [seat.page.get_by_role("region", name="预警") for seat in (first, second)]
    for seat, panel in zip((first, second), panels, strict=True):
        await expect(panel).to_contain_text("预警待确认")
        await sounds(seat.page)
    # It survives a new load of the page; a browser lets no sound out again before somebody has touched it.
    await first.page.reload()
    await expect(panels[0]).to_contain_text("预警待确认")
    await panels[0].get_by_text("胸痛").click()
    await sounds(first.page)
    await expect(panels[1].get_by_role("button", name="确认接收")).to_be_enabled()
    await second.page.keyboard.press("F2")
    for seat, panel in zip((first, second), panels, strict=True):
        await expect(panel).to_contain_text("没有待确认的预警")
        row = seat.page.get_by_role("main").get_by_role("listitem").filter(has_text="阿-01")
        await expect(row).to_contain_text("示例 emergency_doctor")
    # The crew arrives; the patient is taken off its stretcher at one seat and signed for at the other.
    await room.duty.say("阿-01", "at_hospital")
    row = first.page.get_by_role("main").get_by_role("listitem").filter(has_text="阿-01")
    await row.get_by_role("button", name="已下担架").click()
    await expect(row).to_contain_text("待签字")
    there = second.page.get_by_role("main").get_by_role("listitem").filter(has_text="阿-01")
    await expect(there).to_contain_text("待签字")
    await there.get_by_role("button", name="胸痛 阿-01").click()
    box = second.page.get_by_role("region", name="交接")
    await box.get_by_role("button", name="接收签字").click()
    await expect(box).to_contain_text("本次出车的交接完成时间")
    await expect(row).to_contain_text("已交接")
    assert [seat.errors for seat in (first, second)] == [[], []]
