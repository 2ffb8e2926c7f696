"""The crew's page on a phone: signing on, a job step by step, and steps that were tapped without a link."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.phones import emptied, phone, sent
from factories.readable import unreadable_in
from playwright.async_api import Page, expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


async def told(room: Room, assignment: str) -> dict[str, dict[str, Any]]:
    """The times of a run as the dispatcher's console has them, by point."""
    found = (await room.duty.client.get(f"/api/assignments/{assignment}")).json()
    return {one["point"]: one for one in found["times"]}


async def test_a_crew_signs_on_and_what_it_taps_stands_at_the_dispatchers_at_once(room: Room) -> None:
    seat = await phone(room, "crew")
    page = seat.page
    await page.get_by_role("button", name="阿-02").click()
    await page.get_by_role("button", name="医师").click()
    await page.get_by_role("button", name="在 阿-02 上车").click()
    await expect(page.get_by_role("heading", name="没有任务")).to_be_visible()
    await _shot(page, "free")
    run = await sent(room, "阿-02")
    big = page.locator("button.act.next")
    await expect(big).to_contain_text("接单")
    await expect(page.get_by_role("main")).to_contain_text("示例路12号院内")
    await expect(page.get_by_role("main")).to_contain_text("1人被困已解救")
    await _shot(page, "new")
    assert await unreadable_in(page, "night", "day", shot="unit-new") == []
    await _looks(page)
    for now, then in (("接单", "出车"), ("出车", "到达现场"), ("到达现场", "接触患者")):
        await big.filter(has_text=now).click()
        await expect(big).to_contain_text(then)
    await emptied(page)
    assert {point: one["source"] for point, one in (await told(room, run)).items()} == {
        "T3": "dispatcher", "T4": "crew", "T5": "crew", "T6": "crew"
    }  # fmt: skip
    # A step that was passed over is told afterwards, with the time that it had.
    await page.get_by_role("button", name="到院").click()
    skipping = page.get_by_role("dialog")
    await expect(skipping).to_contain_text("接触患者、离开现场")
    await skipping.get_by_role("button", name="到达医院").click()
    await expect(big).to_contain_text("交接完成")
    await page.get_by_role("button", name="离场").click()
    await page.get_by_role("dialog").get_by_role("button", name="补记", exact=True).click()
    await expect(page.get_by_role("button", name="离场")).to_be_disabled()
    for now in ("交接完成", "恢复待命"):
        await big.filter(has_text=now).click()
    await expect(page.get_by_role("heading", name="没有任务")).to_be_visible()
    await emptied(page)
    times = await told(room, run)
    assert times.keys() == {"T3", "T4", "T5", "T6", "T8", "T9", "T10", "T11"}
    assert times["T6"]["at"] <= times["T8"]["at"] <= times["T9"]["at"]
    assert seat.hosts() == {"127.0.0.1"}
    assert seat.errors == []


async def test_what_is_tapped_without_a_link_is_kept_on_the_phone_and_sent_with_its_true_time(room: Room) -> None:
    run = await sent(room, "阿-01")
    device = room.duty.device("阿-01")
    await room.duty.post(f"assignments/{run}/times", device, point="T4")
    await room.duty.say("阿-01", "en_route", device)
    seat = await phone(room, "crew-0-nurse")
    page = seat.page
    big = page.locator("button.act.next")
    await expect(big).to_contain_text("到达现场")
    await expect(page.get_by_role("main")).to_contain_text("示例路12号院内")
    await _kept(page, run)
    await room.wire.cut()
    banner = page.get_by_role("alert").filter(has_text="离线")
    await expect(banner).to_contain_text("保存在本机")
    await expect(page.get_by_role("main")).to_contain_text("无到达估计")
    tapped, clock = [], room.duty.service.parts.clock
    for now, then in (("到达现场", "接触患者"), ("接触患者", "离开现场")):
        before = clock.now()
        await big.filter(has_text=now).click()
        await expect(big).to_contain_text(then)
        tapped.append((before, clock.now()))
    await expect(banner).to_contain_text("2 条排队")
    await _shot(page, "offline")
    # The page is closed and opened anew, still without a link: all is there, and is said to be of then.
    await page.reload()
    await expect(banner).to_contain_text("2 条排队")
    await expect(banner.locator("li")).to_have_count(2)
    await expect(banner).to_contain_text("以下为")
    await expect(big).to_contain_text("离开现场")
    await expect(page.get_by_role("main")).to_contain_text("示例路12号院内")
    assert (await told(room, run)).keys() == {"T3", "T4", "T5"}
    mended = clock.now()
    await room.wire.mend()
    await expect(banner).to_have_count(0)
    await expect(page.get_by_role("status").filter(has_text="正在送出")).to_have_count(0)
    await emptied(page)
    times = await told(room, run)
    for point, (before, after) in zip(("T6", "T7"), tapped, strict=True):
        # The clock of the phone was compared as it sent: a second lies within what is tolerated.
        at = datetime.fromisoformat(times[point]["at"])
        assert abs((at - before).total_seconds()) <= (after - before).total_seconds() + 1
        assert datetime.fromisoformat(times[point]["entered_at"]) >= mended
        assert (times[point]["source"], times[point]["corrected"]) == ("crew", False)
    unit = UUID((await room.duty.row("阿-01"))["id"])
    history = (await room.duty.client.get(f"/api/fleet/{unit}")).json()["statuses"]
    assert [one["status"] for one in history].count("on_scene") == 1
    assert [one["status"] for one in history].count("at_patient") == 1
    assert seat.errors == []


async def test_a_patient_is_recorded_and_taken_to_a_hospital_and_a_call_for_help_is_seen_by_name(room: Room) -> None:
    run = await sent(room, "阿-01")
    device = room.duty.device("阿-01")
    await room.duty.say("阿-01", "at_patient", device)
    seat = await phone(room, "crew-0-nurse")
    page = seat.page
    sheet = page.get_by_role("dialog")
    await page.get_by_role("button", name="患者", exact=True).click()
    await sheet.get_by_role("button", name="登记患者").click()
    await sheet.get_by_label("姓名").fill("示例甲")
    await sheet.get_by_label("身份证号").fill("110105194912310021")
    await expect(sheet).to_contain_text("校验位不对")
    await sheet.get_by_label("身份证号").fill("11010519491231002x")
    await expect(sheet.get_by_role("button", name="女")).to_have_attribute("aria-pressed", "true")
    await expect(sheet.get_by_label("年龄")).to_have_value("76")
    await _shot(page, "patient")
    await sheet.get_by_role("button", name="保存").click()
    await expect(sheet).to_contain_text("76 岁")
    await sheet.get_by_role("button", name="关闭").click()
    await page.get_by_role("button", name="送往").click()
    await expect(sheet.get_by_role("radio")).to_have_count(1)
    await _shot(page, "going")
    await sheet.get_by_role("button", name="送往 示例医院").click()
    await expect(sheet).to_have_count(0)
    await page.get_by_role("button", name="求援").click()
    await sheet.get_by_role("button", name="遇险").click()
    await expect(sheet).to_contain_text("等待调度确认")
    await _shot(page, "help")
    desk = await room.seat()
    await desk.log_in()
    alarm = desk.page.get_by_role("button").filter(has_text="车组遇险")
    await expect(alarm).to_contain_text("阿-01")
    await desk.page.keyboard.press("F8")
    await expect(alarm).to_have_count(0)
    await expect(sheet).to_contain_text("示例 dispatcher")
    await sheet.get_by_role("button", name="关闭").click()
    await _shot(page, "acted")
    await emptied(page)
    found = (await room.duty.client.get(f"/api/assignments/{run}")).json()["assignment"]
    assert found["destination"]["names"]["zh"] == "示例医院"
    incident = (await room.duty.client.get(f"/api/incidents/{found['incident_id']}")).json()
    (patient,) = incident["patients"]
    assert (patient["named"], patient["sex"], patient["age_years"]) == (True, "female", 76)
    assert patient["units"] == [{"unit_id": str(room.duty.units["阿-01"]), "care": "carries"}]
    assert seat.errors == []
    assert desk.errors == []


async def _kept(page: Page, assignment: str) -> None:
    """Wait until the page and this job are kept on the phone."""
    await page.evaluate(
        """(run) => new Promise((done) => {
            const look = async () => {
                const shells = (await caches.keys()).filter((name) => name.startsWith('tarim-unit-shell-'));
                const asked = indexedDB.open('tarim-unit');
                const db = await new Promise((got) => { asked.onsuccess = () => got(asked.result); });
                const get = db.transaction('seat').objectStore('seat').get('seat');
                const seat = await new Promise((got) => { get.onsuccess = () => got(get.result); });
                db.close();
                const here = seat?.job?.assignment.assignment.id === run && seat.live.boards.units.length === 1;
                if (here && shells.length === 1 && navigator.serviceWorker.controller !== null) done();
                else setTimeout(look, 50);
            };
            void look();
        })""",
        assignment,
    )


async def _looks(page: Page) -> None:
    """Draw the page in every language by every light, where pictures are asked for."""
    if not os.environ.get("TARIM_SCREENSHOTS"):
        return
    for language, light in (("English", 0), ("English", 1), ("ئۇيغۇرچە", 0), ("ئۇيغۇرچە", 1), ("中文", 1), ("中文", 2)):
        await page.locator("header button").first.click()
        await page.get_by_role("button", name=language).click()
        await page.locator("dialog fieldset").nth(1).get_by_role("button").nth(light).click()
        await _shot(page, f"menu-{language}-{light}")
        await page.locator("dialog header button").click()
        await _shot(page, f"new-{language}-{light}")
    await page.locator("header button").first.click()
    await page.locator("dialog fieldset").nth(1).get_by_role("button").nth(0).click()
    await page.locator("dialog header button").click()


async def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"unit-{name}.png")
