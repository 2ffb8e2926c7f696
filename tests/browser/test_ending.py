"""Ending an incident in a real browser: cancelled with a reason, closed with its patients, two who do it at once."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from playwright.async_api import Page, Route, expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def looking(room: Room, name: str = "dispatcher") -> Watched:
    """A seat with the first incident in hand."""
    seat = await room.seat()
    await seat.log_in(name)
    await expect(seat.page.locator("main").get_by_role("option").first).to_be_visible()
    await seat.page.keyboard.press("ArrowDown")
    await expect(seat.page.locator("aside article")).to_be_visible()
    return seat


async def confirm(page: Page) -> None:
    """Ctrl+Enter, once the form takes it: nothing is commanded while the link is lost."""
    await expect(page.locator("aside section[role=group] button", has_text="Ctrl").first).to_be_enabled()
    await page.keyboard.press("Control+Enter")


async def reached(room: Room, priority: Priority = Priority.P2) -> UUID:
    """An incident where a unit has arrived."""
    incident = await room.duty.incident("F", priority)
    sent = await room.duty.post(f"incidents/{incident}/assignments", unit_id=str(room.duty.units["阿-01"]))
    assert sent.status_code == 201, sent.text
    for status in ("en_route", "on_scene"):
        await room.duty.say("阿-01", status)
    return incident


async def test_an_incident_is_cancelled_with_a_reason_and_its_unit_called_off(room: Room) -> None:
    incident = await room.duty.incident("F", Priority.P2)
    await room.duty.post(f"incidents/{incident}/assignments", unit_id=str(room.duty.units["阿-01"]))
    seat = await looking(room)
    page, panel = seat.page, seat.page.locator("aside")
    await page.keyboard.press("Alt+x")
    box = panel.get_by_role("group", name="取消事件")
    await expect(box).to_contain_text("同时召回 阿-01")
    await expect(box.get_by_role("button", name="取消事件")).to_be_disabled()
    # A digit chooses; neither it nor Enter alone cancels anything.
    await page.keyboard.press("3")
    await expect(box.get_by_role("button", name="非急救")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Alt+x")
    await expect(box.get_by_role("button", name="非急救")).to_have_attribute("aria-pressed", "true")
    assert await room.duty.lines("incident.cancelled") == []
    await confirm(page)
    await expect(panel.locator("article")).to_contain_text("已取消")
    await expect(page.locator("main")).to_contain_text("没有进行中的事件")
    (line,) = await room.duty.lines("incident.cancelled")
    assert (line["incident_id"], line["reason"]) == (str(incident), "no_emergency")
    assert (await room.duty.row("阿-01"))["assignment"] is None
    assert seat.errors == []


async def test_closing_is_refused_until_every_patient_has_an_outcome(room: Room) -> None:
    incident = await reached(room)
    assert (await room.duty.post(f"incidents/{incident}/patients", sex="male", age_years=58)).status_code == 201
    seat = await looking(room)
    page, panel = seat.page, seat.page.locator("aside")
    await expect(panel.locator("dl")).to_contain_text("1 男 58 岁 · 未有结果")
    await page.keyboard.press("Alt+x")
    await expect(panel.get_by_role("group", name="结案")).to_contain_text("1 名患者中 1 名没有结果")
    await confirm(page)
    await expect(panel.get_by_role("alert")).to_contain_text("还有患者没有结果")
    assert (await room.duty.client.get(f"/api/incidents/{incident}")).json()["incident"]["state"] == "on_scene"

    await page.keyboard.press("Alt+b")
    box = panel.get_by_role("group", name="患者").first
    await page.keyboard.press("1")
    await expect(box).to_contain_text("送医须写送往何处")
    await box.get_by_role("combobox", name="送往").select_option("示例医院")
    await confirm(page)
    await expect(panel.locator("dl")).to_contain_text("送医")
    await page.keyboard.press("Alt+x")
    await expect(panel.get_by_role("group", name="结案")).to_contain_text("全部患者已有结果")
    await confirm(page)
    await expect(panel.locator("article")).to_contain_text("已结案")
    told = (await room.duty.client.get(f"/api/incidents/{incident}")).json()
    assert (told["incident"]["state"], told["patients"][0]["outcome"]) == ("closed", "transported")
    assert seat.errors == []


async def test_of_two_who_close_at_once_the_second_is_told_and_loses_nothing_typed(room: Room) -> None:
    incident = await reached(room)
    outcome = {"outcome": "not_found"}
    assert (await room.duty.post(f"incidents/{incident}/patients", outcome=outcome)).status_code == 201
    one, two = await looking(room), await looking(room, "supervisor")
    await one.page.keyboard.press("Alt+n")
    await one.page.keyboard.type("门口有狗")
    await one.page.keyboard.press("Escape")
    for seat in (one, two):
        await seat.page.keyboard.press("Alt+x")
        await expect(seat.page.locator("aside").get_by_role("group", name="结案")).to_contain_text("全部患者已有结果")

    async def two_is_quicker(route: Route) -> None:
        await confirm(two.page)
        await expect(two.page.locator("aside article")).to_contain_text("已结案")
        await route.continue_()

    await one.page.route("**/close", two_is_quicker)
    await confirm(one.page)
    panel = one.page.locator("aside")
    await expect(panel.get_by_role("alert")).to_contain_text("另一席位刚改过本事件")
    await expect(panel.get_by_role("alert")).to_contain_text("现在是 已结案")
    await expect(panel.locator("article header").first).to_contain_text("已结案")
    await one.page.keyboard.press("Alt+n")
    await expect(panel.get_by_role("textbox", name="备注")).to_have_value("门口有狗")
    await confirm(one.page)
    await expect(panel.locator("dl")).to_contain_text("门口有狗")
    assert len(await room.duty.lines("incident.state_changed")) == 3  # dispatched, on scene, closed once
    assert one.errors == two.errors == []


async def test_a_unit_is_stood_down_and_its_incident_waits_again(room: Room) -> None:
    incident = await room.duty.incident("F", Priority.P2)
    await room.duty.post(f"incidents/{incident}/assignments", unit_id=str(room.duty.units["阿-01"]))
    seat = await looking(room)
    page, panel = seat.page, seat.page.locator("aside")
    await page.keyboard.press("Alt+s")
    await expect(panel.get_by_role("group", name="召回").first).to_contain_text("阿-01")
    await page.keyboard.press("2")
    await confirm(page)
    await expect(page.locator("main").get_by_role("option")).to_contain_text("再待派")
    (line,) = await room.duty.lines("assignment.ended")
    assert line["reason"] == "stood_down"
    assert seat.errors == []


async def test_a_unit_is_diverted_unless_it_is_about_to_arrive_and_the_form_says_so(room: Room) -> None:
    first = await room.duty.incident("F", Priority.P3)
    await room.duty.post(f"incidents/{first}/assignments", unit_id=str(room.duty.units["阿-01"]))
    urgent = await room.duty.incident("C", Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page, panel, rows = seat.page, seat.page.locator("aside"), seat.page.locator("main").get_by_role("option")
    await expect(rows).to_have_count(2)
    await rows.last.click()
    await expect(panel.locator("article")).to_contain_text("阿-01")
    await page.keyboard.press("Alt+s")
    box = panel.get_by_role("group", name="召回").first
    await expect(box).to_contain_text("阿-01")
    await page.keyboard.press("3")
    await box.get_by_role("combobox", name="改派到").select_option(str(urgent))
    await expect(box.get_by_role("button", name="确认 Ctrl")).to_be_enabled()
    await page.keyboard.press("Control+Enter")
    await expect(panel.get_by_role("status").first).to_contain_text("该车不能改派")
    await expect(box.get_by_role("combobox", name="改派到")).to_have_value(str(urgent))
    assert await room.duty.lines("assignment.ended") == []
    # Flooded on both ways, it takes longer than three minutes: the same form, confirmed again, is taken.
    for letter in ("B", "E"):
        body = {"reason": "示例 积水", "centre": room.duty.service.at(letter), "radius_m": 30, "speed_factor": 0.01}
        assert (await room.duty.post("closures", **body)).status_code == 201
    await confirm(page)
    await expect(rows.filter(has_text="再待派")).to_have_count(1)
    await expect(rows.filter(has_text="阿-01")).to_contain_text("P1")
    await expect(panel.get_by_role("status").first).to_contain_text("02 已派出")
    (line,) = await room.duty.lines("assignment.ended")
    assert (line["incident_id"], line["reason"]) == (str(first), "diverted")
    assert (await room.duty.row("阿-01"))["assignment"]["incident_id"] == str(urgent)
    assert seat.errors == []
