"""Roads closed and opened on the map, by pointer and by keyboard, and what a vehicle reaches, in a real browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from factories.browser import PATIENCE_MS, Room, Watched
from factories.played_service import until
from playwright.async_api import Locator, expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)
BEIJING = timedelta(hours=8)


async def _ready(room: Room) -> tuple[Watched, Locator, Locator]:
    """A seat whose map is there; the map, and the panel that closes roads."""
    seat = await room.seat()
    await seat.log_in()
    page = seat.page
    await expect(page.locator(".map .waiting")).to_have_count(0)
    await page.wait_for_load_state("networkidle")
    await page.get_by_role("button", name="封闭道路").click()
    return seat, page.locator(".map .host"), page.get_by_role("form", name="封闭道路")


async def _closed(room: Room) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await room.duty.client.get("/api/closures")).json()["closures"]
    return found


async def test_a_street_is_closed_on_the_map_and_opened_again(room: Room) -> None:
    seat, ground, panel = await _ready(room)
    page = seat.page
    send = panel.get_by_role("button", name="封闭", exact=True)
    await expect(send).to_be_disabled()
    # The middle of the drawn region lies on this street.
    await ground.click()
    await expect(panel).to_contain_text("中大街")
    await panel.get_by_label("原因").fill("示例 塌方")
    await send.click()
    await expect(panel).to_have_count(0)
    card = page.locator(".card.closure")
    await expect(card).to_contain_text("示例 塌方")
    await expect(page.locator("fieldset.layers")).to_contain_text("封闭 1")
    (closure,) = await _closed(room)
    assert (closure["kind"], closure["active"], closure["active_until"]) == ("edges", True, None)

    await page.keyboard.press("Escape")
    await expect(card).to_have_count(0)
    await ground.click()
    await card.get_by_role("button", name="解除封闭").click()
    await expect(page.locator("fieldset.layers")).to_contain_text("封闭 0")
    assert await _closed(room) == []
    assert seat.errors == []


async def test_an_area_is_slowed_for_a_time_that_is_still_to_come(room: Room) -> None:
    seat, ground, panel = await _ready(room)
    await panel.get_by_role("radio", name="区域").click()
    for x, y in ((60, 90), (780, 90), (780, 180)):
        await ground.click(position={"x": x, "y": y})
    await panel.get_by_label("程度").select_option("缓行 30%")
    begins = (room.duty.service.parts.clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    await panel.get_by_label("开始").fill(f"{begins + BEIJING:%Y-%m-%dT%H:%M}")
    await panel.get_by_label("结束").fill(f"{begins + BEIJING - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    await panel.get_by_label("原因").fill("示例 施工")
    await expect(panel).to_contain_text("结束须晚于开始")
    await panel.get_by_role("button", name="12 小时").click()
    await panel.get_by_role("button", name="封闭", exact=True).click()
    await expect(panel).to_have_count(0)
    (closure,) = await _closed(room)
    assert (closure["kind"], closure["speed_factor"], closure["active"]) == ("polygon", 0.3, False)
    times = [datetime.fromisoformat(closure[name]) for name in ("active_from", "active_until")]
    assert times == [begins, begins + timedelta(hours=12)]
    assert seat.errors == []


async def test_a_circle_is_closed_by_keyboard_and_a_vehicle_tells_what_it_reaches_and_is_followed(room: Room) -> None:
    seat, ground, panel = await _ready(room)
    page = seat.page
    await panel.get_by_role("radio", name="圆形").press("Enter")
    await ground.locator("canvas.maplibregl-canvas").focus()
    await page.keyboard.press("Enter")
    await panel.get_by_label("半径").fill("40")
    await panel.get_by_label("原因").fill("示例 洪水")
    await page.keyboard.press("Enter")
    await expect(panel).to_have_count(0)
    (closure,) = await _closed(room)
    assert (closure["kind"], closure["radius_m"]) == ("circle", 40.0)

    await page.locator(".units").get_by_role("option", name="阿-01").click()
    await page.keyboard.press("Alt+i")
    await expect(page.locator(".map .card", has_text="可达范围")).to_contain_text("阿-01")
    await expect(page.locator(".map .card", has_text="可达范围")).to_contain_text("5 / 10 / 15 分")
    await page.keyboard.press("Escape")

    # The map goes where the vehicle goes: its middle lies on another street by then.
    layers = page.locator("fieldset.layers")
    for name in ("轨迹", "跟随"):
        await layers.get_by_label(name).press("Space")
    west, east = room.duty.service.at("J"), room.duty.service.at("K")
    there = {"lat": west["lat"], "lon": (west["lon"] + east["lon"]) / 2}
    device, path = room.duty.device("阿-01"), f"fleet/{room.duty.units['阿-01']}/position"
    moved = await room.duty.post(path, device, **there)
    assert moved.status_code == 200, moved.text
    await page.get_by_role("button", name="封闭道路").click()

    async def the_middle_is_on_the_street() -> bool:
        await ground.click()
        return "南大街" in await panel.inner_text()

    await until(the_middle_is_on_the_street)
    assert seat.errors == []
