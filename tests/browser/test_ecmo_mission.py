"""ECMO: a bound transfer is planned, staffed, led through its gates, handed over and told of, in a real browser."""

from __future__ import annotations

import re

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.ecmo_seat import a_mission, at_the_page
from playwright.async_api import Page, expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
ON = ("去程", "到患者处", "置管", "已上机", "回程", "已到院", "已交接")
"""The states of a primary transfer by road, in their order."""


async def goes_on(page: Page, state: str) -> None:
    """Take the likely step, and see that the mission stands there."""
    bar = page.get_by_role("region", name="任务", exact=True)
    await bar.get_by_role("button", name=re.compile(f"^→ {state}$")).press("Enter")
    await expect(bar.locator(".state")).to_contain_text(state)


async def test_a_mission_is_planned_staffed_driven_and_handed_over(room: Room) -> None:
    case, mission = await a_mission(room)
    seat = await at_the_page(room, "ecmo_coordinator")
    page = seat.page
    doctor = await at_the_page(room, "centre-doctor")
    await doctor.page.goto(f"/ecmo#{case}/plan")

    await page.goto(f"/ecmo#{case}/plan")
    plans = page.get_by_role("region", name="方案比较")
    by_road = plans.get_by_role("article", name=re.compile("公路往返"))
    await expect(by_road.get_by_role("button")).to_have_text(re.compile(r"Alt\s*\d"))
    await page.keyboard.press(f"Alt+{(await by_road.get_by_role('button').inner_text())[-1]}")
    await expect(by_road).to_contain_text("已选定")
    await expect(page.get_by_role("region", name="时刻")).not_to_contain_text("还没有选定方案")
    # The physician's desk shows the same without being loaded anew.
    await expect(doctor.page.get_by_role("region", name="方案比较")).to_contain_text("已选定")

    await page.goto(f"/ecmo#{case}/team")
    team, kit = page.get_by_role("region", name="团队"), page.get_by_role("region", name="器材", exact=True)
    await team.get_by_role("listitem").filter(has_text="示例护士").get_by_role("button", name="派").press("Enter")
    await expect(team.get_by_role("button", name="撤回")).to_have_count(1)
    await kit.get_by_role("button", name="取用 C-1").press("Enter")
    await expect(kit.get_by_role("listitem").filter(has_text="主机").first).to_contain_text("×1")
    gate = page.get_by_role("region", name="核对单")
    await gate.get_by_role("checkbox", name=re.compile("团队")).first.press("Space")
    await expect(gate.get_by_role("checkbox", checked=True)).to_have_count(1)
    # Oxygen that is not enough cannot be ticked.
    await expect(gate.get_by_role("checkbox", name=re.compile("氧")).first).to_be_disabled()

    await page.goto(f"/ecmo#{case}/plan")
    bar = page.get_by_role("region", name="任务", exact=True)
    await expect(bar).to_contain_text(re.compile(r"出发门.*未核完:差 \d+ 项"))
    await goes_on(page, ON[0])
    # It is passed open, told at every desk, and its reason may follow.
    for desk in (page, doctor.page):
        warning = desk.get_by_role("region", name="任务", exact=True).get_by_role("alert")
        await expect(warning).to_contain_text("带缺项通过")
    await bar.get_by_role("alert").get_by_role("button").first.press("Enter")
    for desk in (page, doctor.page):
        await expect(desk.get_by_role("region", name="任务", exact=True).get_by_role("alert")).to_have_count(0)
    for state in ON[1:]:
        await goes_on(page, state)
    await expect(bar.get_by_role("button", name=re.compile("^→"))).to_have_count(0)
    # What cannot be chosen any more is not compared either.
    await expect(plans).to_have_count(0)
    await expect(doctor.page.get_by_role("region", name="任务", exact=True)).to_contain_text(ON[-1])

    # What was lent is given back, and the page of afterwards tells all of it.
    await page.goto(f"/ecmo#{case}/after")
    course = page.get_by_role("region", name="经过")
    for state in ON:
        await expect(course.get_by_role("listitem").filter(has_text=state).first).to_be_visible()
    await expect(page.get_by_role("region", name="团队与器材")).to_contain_text("示例护士")
    outcome = page.get_by_role("group", name="24 小时")
    await outcome.get_by_role("button", name="存活,仍在 ECMO").press("Enter")
    await expect(outcome.get_by_role("button", pressed=True)).to_have_text("存活,仍在 ECMO")
    async with page.expect_download() as taken:
        await page.get_by_role("button", name="任务报告 (PDF)").press("Enter")
    assert (await (await taken.value).path()).read_bytes().startswith(b"%PDF")
    client = await room.duty.service.logged_in("ecmo_coordinator")
    told = (await client.get(f"/api/ecmo/missions/{mission}")).json()
    assert told["mission"]["state"] == "handed_over"
    assert all(one["until_at"] is not None for one in told["bookings"])
    for one in (seat, doctor):
        assert one.errors == []
