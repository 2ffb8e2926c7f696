"""Taking a call in a real browser: by keyboard alone, saved as it is typed, nothing sent by Enter or a bare digit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from factories.fleet import CONTEXT
from factories.people import CIVIL
from factories.service import REGION
from playwright.async_api import expect

from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind
from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
PLACE, CHEST_PAIN = "塔南路 中大街", "xt"
PLACE_SHOWN = "塔南路与中大街路口"


async def press(seat: Watched, *keys: str) -> int:
    for key in keys:
        await seat.page.keyboard.press(key)
    return len(keys)


async def ready(room: Room) -> Watched:
    seat = await room.seat()
    await seat.log_in()
    await expect(seat.page.locator("section.units")).to_contain_text("阿-01")
    return seat


async def opened(room: Room) -> dict[str, Any]:
    (row,) = (await room.duty.client.get("/api/incidents")).json()["incidents"]
    found: dict[str, Any] = row
    return found


async def test_from_f2_to_sent_takes_few_keys_beside_the_words(room: Room) -> None:
    seat = await ready(room)
    page = seat.page
    count = await press(seat, "F2")
    await expect(page.get_by_role("combobox", name="地点")).to_be_focused()
    await page.keyboard.type(PLACE)
    count += await press(seat, "Enter")
    await expect(page.get_by_role("combobox", name="主诉")).to_be_focused()
    await page.keyboard.type(CHEST_PAIN)
    count += await press(seat, "Enter")
    await expect(page.get_by_role("group", name="问题")).to_be_focused()
    count += await press(seat, "1", "1")
    await expect(page.locator(".draft")).to_contain_text("阿-01")
    assert await room.duty.lines("assignment.made") == [], "neither Enter nor a digit sends anybody"
    count += await press(seat, "Alt+1")
    await expect(page.locator(".draft")).to_contain_text("已派")
    assert len(await room.duty.lines("assignment.made")) == 1
    assert count <= 12

    row = await opened(room)
    assert (row["complaint"], row["priority"], row["state"], row["words"]) == ("K03", "P3", "dispatched", PLACE_SHOWN)
    await press(seat, "1")
    await expect(page.locator(".bar[role=status]")).to_contain_text("面色苍白")
    await page.get_by_label("来电人").first.fill("示例某")
    await page.get_by_label("人数").fill("3")
    await page.get_by_role("button", name="女", exact=True).click()
    await expect(page.locator(".caller footer")).to_contain_text("已全部记入事件")
    (patient,) = (await room.duty.client.get(f"/api/incidents/{row['id']}")).json()["patients"]
    assert ((await opened(room))["people"], patient["sex"]) == (3, "female"), "what is told later reaches the incident"
    (call,) = (await room.duty.client.get("/api/calls")).json()["calls"]
    known = (await room.duty.client.get(f"/api/calls/{call['id']}", params={"whole": True})).json()
    assert known["caller"] == "示例某", "what is told of the caller later is kept too"
    told = (await room.duty.client.get(f"/api/incidents/{row['id']}/answers")).json()
    assert {one["question"]: one["value"] for one in told["answers"]} == {"a": "yes", "b": "yes", "c": "yes"}
    assert (await opened(room))["priority"] == "P1"
    await press(seat, "Control+Enter")
    await expect(page.locator("main").get_by_role("option")).to_contain_text("3 人")
    await press(seat, "Alt+e")
    await expect(page.locator(".draft")).to_contain_text("3/8")
    await press(seat, "Alt+q", "1")
    await expect(page.locator(".caller footer")).to_contain_text("已全部记入事件")
    told = (await room.duty.client.get(f"/api/incidents/{row['id']}/answers")).json()
    assert told["answers"][-1]["question"] == "e", "asking goes on where it was left"
    assert seat.errors == []


async def test_an_arrest_at_a_point_of_the_map_opens_at_once_and_is_read_out(room: Room) -> None:
    seat = await ready(room)
    page = seat.page
    await expect(page.locator(".map .waiting")).to_have_count(0)
    await press(seat, "F2")
    await page.locator(".map .host").click()
    await expect(page.locator(".place dd")).to_contain_text("中大街")
    await press(seat, "Alt+q", "2", "2")
    await expect(page.get_by_role("group", name="到达前指导")).to_be_focused()
    await expect(page.locator(".draft")).to_contain_text("心脏骤停")
    row = await opened(room)
    assert (row["complaint"], row["priority"], row["capabilities"]) == ("K01", "P1", "BA")
    await expect(page.get_by_role("button", name="按压节拍")).to_be_visible()
    await press(seat, "Space")
    await expect(page.locator("[aria-current=step]", has_text="平躺在硬地上")).to_be_visible()
    assert seat.errors == []


async def test_what_is_typed_outlives_a_lost_link_and_goes_on_at_another_seat(room: Room) -> None:
    seat = await ready(room)
    page = seat.page
    await press(seat, "F2", "Alt+n")
    await page.keyboard.type("丈夫胸口压痛")
    await press(seat, "Enter")
    await expect(page.locator(".caller footer")).to_contain_text("已自动保存")
    await room.wire.cut()
    await page.keyboard.type("出冷汗")
    await expect(page.locator(".caller footer")).to_contain_text("没有保存")
    await room.wire.mend()
    await expect(page.locator(".caller footer")).to_contain_text("已自动保存")
    (draft,) = (await room.duty.client.get("/api/drafts")).json()["drafts"]
    supervisor = await room.duty.service.logged_in("supervisor")
    path = f"/api/calls/{draft['call_id']}/draft"
    taken = await supervisor.post(f"{path}/take-over", json={"seat": "02", "anyway": True})
    body = taken.json()["body"]
    assert (body["notes"], body["more"]) == ("丈夫胸口压痛", {"unfinished": "出冷汗"}), "unfinished, and kept"
    await page.keyboard.type("x")
    await press(seat, "Enter")
    await expect(page.locator(".caller footer")).to_contain_text("正在受理此来电")
    assert seat.errors == []


async def test_a_known_incident_is_offered_before_another_is_opened(room: Room) -> None:
    await room.duty.incident(priority=Priority.P2)
    seat = await ready(room)
    page = seat.page
    await press(seat, "F2")
    await page.keyboard.type(PLACE)
    await press(seat, "Enter")
    await expect(page.get_by_role("combobox", name="主诉")).to_be_focused()
    await page.keyboard.type(CHEST_PAIN)
    await press(seat, "Enter")
    await expect(page.get_by_role("heading", name="可能重复的呼叫")).to_be_visible()
    await press(seat, "1", "1")
    await expect(page.locator(".draft")).to_contain_text("先定是否重复")
    await press(seat, "Alt+m")
    await expect(page.locator(".incidents")).to_be_visible()
    row = await opened(room)
    assert row["calls"] == 1
    assert seat.errors == []


async def exchange_of(room: Room) -> Callable[..., Awaitable[None]]:
    """The telephone exchange: says what a call does, by the call's number and the signal."""
    service = room.duty.service
    async with service.parts.database.write() as session:
        _, token = await add_device(
            session,
            service.parts.clock,
            CONTEXT,
            kind=DeviceKind.EXCHANGE,
            organisation=CIVIL,
            region=REGION,
            call_sign="",
        )
    exchange = service.stranger()
    exchange.headers["authorization"] = f"Bearer {token}"

    async def reports(number: int, signal: str, **told: object) -> None:
        at = service.parts.clock.now().isoformat()
        body = {"event_id": f"X-{number}-{signal}", "call_ref": f"X-{number}", "signal": signal, "at": at, **told}
        assert (await exchange.post("/api/calls/events", json=body)).status_code == 200

    return reports


async def test_a_call_that_rings_is_answered_by_f2_and_its_number_shown_only_when_asked_for(room: Room) -> None:
    service, reports = room.duty.service, await exchange_of(room)
    await reports(1, "ringing", phone="13812341234")
    await reports(1, "abandoned")
    seat = await ready(room)
    page = seat.page
    await reports(2, "ringing", phone="13812341234", language="ug", position={**service.at("F"), "accuracy_m": 420})
    await expect(page.get_by_role("button", name="响铃 1")).to_be_visible()
    await press(seat, "F2")
    pane = page.locator(".caller")
    await expect(pane).to_contain_text("通话中")
    await expect(pane).to_contain_text("138****1234")
    await expect(pane).to_contain_text("±420 m")
    await expect(pane).to_contain_text("1 次")
    await expect(page.get_by_role("button", name="ئۇيغۇرچە")).to_have_attribute("aria-pressed", "true")
    assert await room.duty.lines("call.viewed") == []
    await press(seat, "Alt+v")
    await expect(pane).to_contain_text("13812341234")
    assert len(await room.duty.lines("call.viewed")) == 1
    await page.get_by_role("button", name="用作地点").click()
    await expect(page.locator(".draft dl")).to_contain_text("✓")
    await reports(2, "ended")
    await expect(pane).to_contain_text("已挂断")
    await expect(pane).to_contain_text("13812341234")
    await press(seat, "Alt+g")
    await page.get_by_role("button", name="110 公安").first.click()
    await expect(page.locator(".draft")).to_contain_text("已联动 110")
    assert len(await room.duty.lines("call.transferred")) == 1
    await press(seat, "Alt+g")
    await page.get_by_role("button", name="无声").click()
    await expect(page.locator(".incidents")).to_be_visible()
    await press(seat, "Alt+y")
    await expect(page.get_by_role("dialog")).to_contain_text("138****1234")
    assert seat.errors == []


async def test_a_call_that_has_ended_keeps_its_number_on_the_screen(room: Room) -> None:
    reports = await exchange_of(room)
    seat = await ready(room)
    page, pane = seat.page, seat.page.locator(".caller")
    await reports(1, "ringing", phone="13812341234")
    await expect(page.get_by_role("button", name="响铃 1")).to_be_visible()
    await press(seat, "F2")
    await expect(pane).to_contain_text("138****1234")
    await expect(page.get_by_role("combobox", name="地点")).to_be_focused()
    # What was found of half of what was said is looked at before it is taken, and stays in doubt.
    await page.keyboard.type("塔南路 九十九团")
    await press(seat, "Enter")
    await expect(page.get_by_role("option").first).to_contain_text("只找到“塔南路”")
    await expect(page.get_by_role("combobox", name="地点")).to_be_focused()
    await press(seat, "Enter")
    await expect(page.locator(".place dd")).to_contain_text("只找到“塔南路”")
    await expect(page.get_by_role("combobox", name="主诉")).to_be_focused()
    await page.keyboard.type(CHEST_PAIN)
    await press(seat, "Enter")
    await expect(page.get_by_role("group", name="问题")).to_be_focused()
    await press(seat, "1", "1")
    await expect(page.locator(".draft")).to_contain_text("阿-01")
    await reports(1, "ended")
    await expect(pane).to_contain_text("已挂断")
    await expect(pane).to_contain_text("138****1234")
    await expect(pane.get_by_role("textbox", name="号码")).to_have_count(0)
    assert seat.errors == []


async def test_f2_pressed_by_mistake_leaves_no_trace(room: Room) -> None:
    seat = await ready(room)
    await press(seat, "F2", "Escape")
    await expect(seat.page.locator(".incidents")).to_be_visible()
    assert (await room.duty.client.get("/api/calls")).json()["calls"] == []
