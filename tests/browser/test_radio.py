"""The radio sheet without the service, and what was written on paper entered afterwards with its true times."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
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
BEIJING = timedelta(hours=8)
KEPT = "localStorage.getItem('tarim.radio.1')"


async def test_the_sheet_is_there_when_the_service_is_not_and_goes_with_the_person(room: Room) -> None:
    incident = await room.duty.incident(priority=Priority.P1)
    number = (await room.duty.client.get(f"/api/incidents/{incident}")).json()["incident"]["number"]
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator("main").get_by_role("option")).to_have_count(1)
    # Playwright's own waiting evaluates texts in the page, which the page's policy forbids.
    await page.evaluate(f"() => new Promise((d) => {{ const l = () => {KEPT} ? d() : setTimeout(l, 50); l(); }})")
    # The map says so itself of every tile that does not come.
    await page.wait_for_load_state("networkidle")
    await room.wire.cut()
    await page.get_by_role("alert").get_by_role("button", name="改用电台调度").click()
    sheet = page.get_by_role("dialog", name="电台派车单")
    for told in (number, "阿-01", "师-08", "示例站", "示例医院", "北京 UTC+8", "新疆 UTC+6", "T12"):
        await expect(sheet).to_contain_text(told)
    blanks = await sheet.locator(".blank .number").all_inner_texts()
    assert len(set(blanks)) == len(blanks) == 8
    await page.emulate_media(media="print")
    await expect(page.locator("#app")).to_be_hidden()
    printed = page.locator("body > .printed")
    await expect(printed).to_be_visible()
    await expect(printed).to_contain_text(blanks[7])
    await _shot(page, "print")
    await page.emulate_media(media="screen")
    await _shot(page, "sheet")
    await page.keyboard.press("Escape")
    await expect(printed).to_have_count(0)

    await room.wire.mend()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await page.keyboard.press("Alt+p")
    await expect(sheet).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("button", name="退出登录").click()
    await page.locator("input[name=name]").wait_for()
    assert await page.evaluate(KEPT) is None
    assert seat.errors == []


async def test_paper_is_entered_with_true_times_and_a_refused_step_takes_nothing_away(room: Room) -> None:
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator(".units")).to_contain_text("阿-01")
    # It was out since: what is on paper reaches into that run, as somebody has written down.
    sent = await room.duty.post(f"incidents/{await room.duty.incident()}/assignments", unit_id=_unit(room))
    assert (await room.duty.post(f"assignments/{sent.json()['id']}/stand-down")).status_code == 200
    now = room.duty.service.parts.clock.now().replace(microsecond=0) + timedelta(seconds=1)
    rang = now - timedelta(minutes=20)
    await page.keyboard.press("Alt+o")
    form = page.get_by_role("region", name="纸面补录")
    steps = form.get_by_role("list", name="纸面补录").get_by_role("listitem")
    enter = form.get_by_role("button", name="按次序补录")
    await expect(enter).to_be_disabled()

    await form.get_by_label("单号").fill("1122-0312-ABC-1")
    await form.get_by_label("日期").fill(f"{rang + BEIJING:%Y-%m-%d}")
    await form.get_by_label("来电号码").fill("13812341234")
    await form.get_by_label("地点(原话)").fill("10团5连东边棉田")
    await form.get_by_label("优先级").select_option("P1")
    await form.locator("select").nth(3).select_option(_unit(room))
    for point, at in {
        "T0": rang,
        "T1": rang + timedelta(seconds=9),
        "T2": rang + timedelta(minutes=2),
        "T3": rang + timedelta(minutes=3),
    }.items():
        await _write(page, point, at)
    arrived, free = rang + timedelta(minutes=9), now - timedelta(minutes=4)
    for point, at in {"T6": arrived, "T9": free, "T10": free, "T11": now}.items():
        await _write(page, point, at)
    await form.get_by_label("患者去向").select_option("transported")
    await form.locator("select").last.select_option(label="示例医院")
    await _shot(page, "late")
    await enter.click()
    refused = steps.filter(has_text="未接受")
    await expect(refused).to_contain_text("整趟任务")
    await expect(form.get_by_role("status")).to_contain_text("还有 2 步")
    await expect(form.get_by_label("地点(原话)")).to_have_value("10团5连东边棉田")
    await _shot(page, "refused")

    await _write(page, "T11", free)
    await form.get_by_role("button", name="从未完成处继续").click()
    await expect(form.get_by_role("status")).to_contain_text("全部已补录")
    await _shot(page, "entered")
    await form.get_by_role("button", name="下一张", exact=True).click()
    await expect(form.get_by_label("地点(原话)")).to_have_value("")
    await expect(steps.filter(has_text="已记")).to_have_count(0)
    times = {"T3": rang + timedelta(minutes=3), "T6": arrived, "T9": free, "T10": free, "T11": free}
    await _stands(room, rang, times)
    assert seat.errors == []


async def _stands(room: Room, rang: datetime, times: dict[str, datetime]) -> None:
    """What was typed is in the record, from paper."""
    opened = (await room.duty.lines("incident.opened"))[-1]
    (made,) = await room.duty.lines("assignment.entered")
    assert made["incident_id"] == opened["incident_id"]
    told = (await room.duty.client.get(f"/api/incidents/{opened['incident_id']}")).json()
    assert (_moment(told["incident"]["t0"]), told["source"]) == (rang, "paper")
    assert "1122-0312-ABC-1" in told["notes"][0]["text"]
    assert told["incident"]["words"] == "10团5连****", "it is over: to the street"
    run = (await room.duty.client.get(f"/api/assignments/{told['assignments'][0]['id']}")).json()
    found = {one["point"]: (_moment(one["at"]), one["source"]) for one in run["times"]}
    # It is said to be at its station since: that is its T12, as a dispatcher told it.
    assert found.pop("T12")[1] == "dispatcher"
    assert found == {point: (at, "paper") for point, at in times.items()}
    assert (told["incident"]["state"], told["patients"][0]["outcome"]) == ("closed", "transported")
    call = (await room.duty.client.get(f"/api/calls/{told['calls'][0]['call']['id']}")).json()["call"]
    assert _moment(call["answered_at"]) - _moment(call["t0"]) == timedelta(seconds=9)


def _unit(room: Room) -> str:
    return str(room.duty.units["阿-01"])


async def _write(page: Page, point: str, at: datetime) -> None:
    row = page.locator(".times label").filter(has=page.get_by_text(point, exact=True))
    await row.locator("input").fill(f"{at + BEIJING:%H:%M:%S}")


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


async def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"radio-{name}.png", full_page=name == "print")
