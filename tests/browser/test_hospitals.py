"""Hospitals on the screens: a doctor diverts and counts, the centre holds a bed and sends a patient there."""

from __future__ import annotations

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.rooms import brought
from playwright.async_api import expect
from sqlalchemy import text

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def test_a_doctor_diverts_and_counts_and_the_centre_sees_it_and_holds_a_bed(room: Room) -> None:
    _, patient = await brought(room.duty)
    async with room.duty.service.parts.database.write() as session:
        await session.execute(text("UPDATE hospitals SET capabilities = ARRAY['ct', 'emergency']"))
    doctor, desk = await room.seat(), await room.seat()
    await doctor.page.goto("/er")
    await doctor.fill_in("emergency_doctor")
    await doctor.page.get_by_role("button", name="本院状态").click()
    own = doctor.page.get_by_role("region", name="各院收治状态").get_by_role("listitem")
    await own.get_by_role("button", name="清点…").click()
    await own.get_by_role("combobox", name="空床").select_option("icu")
    await own.get_by_label("空", exact=True).fill("3")
    await own.get_by_label("共", exact=True).fill("20")
    await own.get_by_role("button", name="记下").click()
    await expect(own).to_contain_text("ICU 3/20")
    await own.get_by_role("button", name="分流或关闭…").click()
    await own.get_by_label("科目").select_option("ct")
    await own.get_by_label("原因").select_option("equipment")
    await own.get_by_role("button", name="分流 CT").click()
    # It is the only one that offers it: all divert, so none does.
    await expect(own).to_contain_text("各院都在分流")
    # What it says of a patient who is on the way.
    await doctor.page.goto(f"/er#{patient}")
    await doctor.page.get_by_role("button", name="答复", exact=True).click()
    box = doctor.page.get_by_role("region", name="医院答复")
    await expect(box).to_contain_text("只能建议")
    await expect(box.get_by_role("button", name="不能接收,改送")).to_be_disabled()
    await box.get_by_role("button", name="接收", exact=True).click()
    await expect(box).to_contain_text("接收")

    await desk.log_in("dispatcher")
    await desk.page.get_by_role("main").get_by_role("option").first.click()
    line = desk.page.get_by_role("region", name="送往")
    await expect(line.get_by_role("paragraph").filter(has_text="接收")).to_be_visible()
    await line.get_by_role("button", name="各院状态").click()
    house = desk.page.get_by_role("dialog").get_by_role("listitem")
    await expect(house).to_contain_text("医院")
    await house.get_by_role("button", name="ICU 预留 1 床").click()
    await expect(house).to_contain_text("ICU 2/20")
    await desk.page.keyboard.press("Escape")
    await line.get_by_role("button", name="选医院…").click()
    chosen = desk.page.get_by_role("group", name="送往")
    await chosen.get_by_role("button", name="送往").click()
    await expect(chosen).to_be_hidden()
    assert [seat.errors for seat in (doctor, desk)] == [[], []]
