"""Boards with a thousand rows in a real browser: made as far as they are in sight, looked through, pinned."""

from __future__ import annotations

import json
from uuid import NAMESPACE_URL, uuid5

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from playwright.async_api import WebSocketRoute, expect

from dispatch.incidents.states_incidents import Priority

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
MANY = 1_000


def multiplied(told: str | bytes) -> str | bytes:
    """A frame as it came; with the board of incidents a thousand more of the kind that is there."""
    frame = json.loads(told)
    if frame["kind"] != "snapshot" or frame["topic"] != "incidents" or not frame["items"]:
        return told
    row = frame["items"][0]
    frame["items"] += [
        row
        | {
            "id": str(uuid5(NAMESPACE_URL, str(number))),
            "number": f"2026-{number:06}",
            "priority": f"P{2 + number % 3}",
            "words": f"示例路{number}号",
        }
        for number in range(1_001, 1_001 + MANY)
    ]
    return json.dumps(frame)


async def crowded(room: Room) -> Watched:
    """A seat whose board has a thousand rows more than the service has."""

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(lambda told: browser.send(multiplied(told)))

    await room.duty.incident("F", Priority.P1)
    seat = await room.seat()
    await seat.page.route_web_socket("**/api/live", between)
    await seat.log_in()
    await expect(seat.page.locator("main h2")).to_contain_text(str(MANY + 1))
    return seat


async def test_of_a_thousand_rows_those_in_sight_are_made_and_every_one_is_reached(room: Room) -> None:
    seat = await crowded(room)
    page, rows = seat.page, seat.page.locator("main").get_by_role("option")
    await expect(rows.first).to_contain_text("P1")
    assert await rows.count() < 60
    await page.locator("main").get_by_role("listbox").evaluate("box => { box.scrollTop = box.scrollHeight }")
    await expect(rows.first).to_contain_text("P4")
    assert 0 < await rows.count() < 60
    await page.keyboard.press("F6")
    await expect(rows.first).to_contain_text("01")
    assert seat.errors == []


async def test_a_board_is_looked_through_and_says_what_it_leaves_out(room: Room) -> None:
    seat = await crowded(room)
    page, board = seat.page, seat.page.locator("main")
    await page.keyboard.press("Alt+f")
    await page.keyboard.type("sll1777")
    await expect(board.get_by_role("option")).to_have_count(1)
    await expect(board.get_by_role("option")).to_contain_text("示例路1777号")
    await expect(board.get_by_role("status")).to_contain_text(f"另有 {MANY} 起待派没有显示")
    await page.keyboard.press("Enter")
    await expect(page.locator("aside article")).to_contain_text("示例路1777号")
    await page.keyboard.press("Alt+z")
    await page.keyboard.press("Alt+f")
    await page.keyboard.press("Escape")
    await expect(board.get_by_role("status")).to_have_count(0)
    first = board.get_by_role("option").first
    await expect(first).to_contain_text("示例路1777号")
    await page.reload()
    await expect(first).to_contain_text("示例路1777号")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Alt+z")
    await expect(first).not_to_contain_text("示例路1777号")
    assert seat.errors == []


async def test_units_are_looked_through(room: Room) -> None:
    seat = await room.seat()
    await seat.log_in()
    units = seat.page.locator(".units").get_by_role("option")
    await expect(units).to_have_count(4)
    await seat.page.keyboard.press("Alt+Shift+f")
    await seat.page.keyboard.type("兵 08")
    await expect(units).to_have_count(1)
    await expect(units).to_contain_text("师-08")
    await seat.page.keyboard.press("Escape")
    await expect(units).to_have_count(4)
    assert seat.errors == []


async def test_what_a_choice_takes_away_and_a_priority_in_doubt_are_told(room: Room) -> None:
    incident = await room.duty.incident("B", Priority.P3)
    await room.duty.say("阿-02", "out_of_service", reason="fuel")
    seat = await room.seat()
    await seat.log_in()
    page, panel = seat.page, seat.page.locator("aside")
    row = page.locator("main").get_by_role("option")
    await expect(row).to_contain_text("P3")
    await page.keyboard.press("F6")
    await expect(panel.locator("ol li").first).to_contain_text("示例站 1→0")

    answers = {"card": "K03", "answers": {"a": "yes", "b": "yes", "c": "unknown"}}
    assert (await room.duty.client.put(f"/api/incidents/{incident}/answers", json=answers)).status_code == 200
    await expect(row).to_contain_text("P1?")
    await expect(panel.locator("header").first).to_contain_text("只因答案未知才是 P1")
    await page.keyboard.press("Alt+e")
    await expect(page.get_by_role("group", name="问题")).to_be_visible()
    assert seat.errors == []


INSIDE = """row => {
    const box = row.getBoundingClientRect();
    return [...row.querySelectorAll("*")]
        .map(part => [part.className, part.getBoundingClientRect()])
        .filter(([, part]) => part.height > 0 && (part.top < box.top - 0.5 || part.bottom > box.bottom + 0.5))
        .map(([name]) => name);
}"""


async def test_what_a_row_tells_stands_within_it_and_who_has_gone_is_not_offered_again(room: Room) -> None:
    await room.duty.incident("F", Priority.P1)
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    row = page.locator("main.incidents").get_by_role("option")
    await expect(row).to_contain_text("P1")
    await page.evaluate("document.fonts.ready.then(() => true)")
    assert await row.evaluate(INSIDE) == []
    await page.keyboard.press("F6")
    send = page.locator("aside.selected footer button").first
    await expect(send).to_contain_text("阿-01")
    await expect(send).to_be_enabled()
    await page.keyboard.press("Alt+1")
    await expect(row).to_contain_text("阿-01")
    assert await row.evaluate(INSIDE) == []
    # The one sent is not offered once more: the next that can go is, by its own key.
    await expect(send).to_contain_text("加派")
    await expect(send).not_to_contain_text("阿-01")
    await expect(send).to_contain_text("Alt 2")
    assert seat.errors == []
