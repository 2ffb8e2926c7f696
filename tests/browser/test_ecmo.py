"""ECMO: a county's doctor asks, a centre's physician accepts, and the acceptance is bound, in a real browser."""

from __future__ import annotations

import re

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.ecmo_seat import a_centre, a_mission, at_the_page, typed
from playwright.async_api import expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def test_a_request_is_typed_accepted_and_bound(room: Room) -> None:
    await a_centre(room)
    asker = await at_the_page(room, "emergency_doctor")
    page = asker.page
    await page.keyboard.press("Alt+n")
    form = page.get_by_role("form", name="一键申请 ECMO")
    await expect(form.get_by_role("button", name="发出请求")).to_be_disabled()
    await typed(page)
    await expect(form.get_by_role("status")).to_contain_text("已存")
    # A lost link is told at once, nothing goes out, and what is typed meanwhile is saved after it.
    room.wire.hush()
    await expect(page.get_by_role("alert").first).to_be_visible()
    await form.get_by_label("说明").fill("示例:俯卧 16 h 无改善")
    await expect(form.get_by_role("button", name="发出请求")).to_be_disabled()
    await room.wire.mend()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(form.get_by_role("status")).to_contain_text("已存")
    await expect(form.get_by_role("button", name="发出请求")).to_be_enabled()
    # What stands in the field in hand goes out too, though the field was never left.
    await form.get_by_label("PEEP", exact=True).fill("14")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("article", name="RESP")).to_contain_text("缺项")
    await expect(page.get_by_role("listitem").filter(has_text="PEEP").first).to_contain_text("14")
    centre = await at_the_page(room, "centre-doctor")
    row = centre.page.get_by_role("list", name="请求列表").get_by_role("button")
    await expect(row).to_contain_text("呼叫您")
    await row.click()
    decision = centre.page.get_by_role("region", name="决定")
    await expect(decision.get_by_role("button", name=re.compile("^接受"))).to_be_enabled()
    await centre.page.keyboard.press("Alt+a")
    await decision.get_by_label("几分钟后可置管").fill("90")
    await expect(decision.get_by_role("button", name=re.compile("^接受"))).to_be_enabled()
    await centre.page.keyboard.press("Control+Enter")
    await expect(decision).to_contain_text("centre-doctor")
    bind = page.get_by_role("button", name="确定此中心")
    await expect(bind).to_be_enabled()
    await bind.click()
    await expect(page.get_by_text(re.compile("于 .* 确定"))).to_be_visible()
    # The case goes on: the physician asks, both sides enter values, and what was so before stays to be read.
    await centre.page.get_by_label("消息种类").select_option("question")
    await centre.page.get_by_label("写给对方…").fill("示例:最近一次血气?")
    await centre.page.keyboard.press("Enter")
    await expect(page.get_by_role("list", name="双方消息")).to_contain_text("提问")
    await page.get_by_role("button", name="补填").click()
    await page.get_by_label("pH", exact=True).fill("7.31")
    await page.keyboard.press("Tab")
    await page.get_by_role("button", name="补填").click()
    await expect(page.get_by_role("listitem").filter(has_text="此前:7.19")).to_contain_text("7.31")
    await expect(centre.page.get_by_role("button", name="补填")).to_be_enabled()
    for seat in (asker, centre):
        assert seat.hosts() <= {"127.0.0.1", "data", "blob"}
        assert seat.errors == []


async def test_whose_page_it_is_not_is_told_so(room: Room) -> None:
    seat = await room.seat()
    await seat.page.goto("/ecmo")
    await seat.fill_in("administrator")
    await expect(seat.page.get_by_role("main")).to_contain_text("ECMO 团队")
    refused = await (await room.duty.service.logged_in("administrator")).get("/api/ecmo/requests")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission.refused")
    assert seat.errors == []


async def test_whom_a_request_calls_is_entered_and_taken_back(room: Room) -> None:
    await a_centre(room)
    seat = await at_the_page(room, "ecmo_coordinator")
    page = seat.page
    await page.keyboard.press("Alt+q")
    roster = page.get_by_role("region", name="请求值班医师").first
    await roster.get_by_role("button", name="登记医师").click()
    await expect(roster.get_by_label("次序")).to_have_value("2")
    await roster.get_by_role("button", name="登记", exact=True).click()
    rows = roster.get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await rows.last.get_by_role("button").click()
    await rows.last.get_by_role("button").click()
    await expect(rows).to_have_count(1)
    assert seat.errors == []


async def test_kit_and_a_duty_are_entered_by_keyboard_and_a_mission_keeps_what_it_has(room: Room) -> None:
    _, mission = await a_mission(room)
    client = await room.duty.service.logged_in("ecmo_coordinator")
    (console, _) = (await client.get("/api/ecmo/resources")).json()["kit"]
    booked = await client.post(f"/api/ecmo/missions/{mission}/bookings", json={"kit_id": console["id"]})
    assert booked.status_code == 200, booked.text
    seat = await at_the_page(room, "ecmo_coordinator")
    page, press = seat.page, seat.page.keyboard.press
    await press("Alt+q")
    assert page.url.endswith("/ecmo#stores")
    kit = page.get_by_role("region", name="器材", exact=True)
    await expect(kit).to_contain_text("C-1")
    await press("Alt+k")
    form = page.get_by_role("form", name="添加器材")
    await form.get_by_label("种类").press("ArrowDown")
    await expect(form.get_by_label("种类")).to_have_value("backup_drive")
    await press("Tab")
    # A code that another piece has is refused at its field, and stays as it was typed.
    await page.keyboard.type("C-1")
    await press("Enter")
    await expect(form.get_by_role("alert")).to_contain_text("已有这个编号")
    await expect(form.get_by_label("编号")).to_have_value("C-1")
    await form.get_by_label("编号").press("End")
    await page.keyboard.type("9")
    await press("Enter")
    await expect(form.get_by_role("status")).to_contain_text("C-19 已登记")
    await expect(form.get_by_label("编号")).to_have_value("C-20")
    await press("Escape")
    row = kit.get_by_role("listitem").filter(has_text="C-19")
    await row.get_by_role("button", name="C-19 就绪", exact=True).press("Enter")
    await expect(row).not_to_contain_text("从未检查")
    # What a mission has stays, and the refusal names the mission.
    held = kit.get_by_role("listitem").filter(has_text="C-1").first
    await held.get_by_role("button", name="C-1:移院或移除").press("Enter")
    for words in ("移出清单", "再按一次"):
        await held.get_by_role("button", name=words).press("Enter")
    (request,) = (await client.get("/api/ecmo/requests")).json()["requests"]
    await expect(held.get_by_role("alert")).to_contain_text(request["number"])
    await press("Alt+d")
    form = page.get_by_role("form", name="登记值班")
    await page.keyboard.type("crew-0-driver")
    await press("Enter")
    await expect(form.get_by_label("人员")).to_have_value("示例 crew-0-driver")
    await form.get_by_role("button", name="驾驶员").press("Space")
    await form.get_by_label("到(北京时间)").press("Enter")
    await expect(form.get_by_role("status")).to_contain_text("已登记")
    duties = page.get_by_role("region", name="值班", exact=True)
    entered = duties.get_by_role("listitem").filter(has_text="crew-0-driver")
    await expect(entered).to_contain_text("驾驶员")
    await press("Escape")
    for words in ("撤下", "再按"):
        await entered.get_by_role("button", name=words).press("Enter")
    await expect(entered).to_have_count(0)
    assert seat.errors == []
