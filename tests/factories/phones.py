"""A crew's phone, and a job on it."""

from __future__ import annotations

from factories.browser import Room, Watched
from playwright.async_api import Page

from dispatch.incidents.states_incidents import Priority

PHONE = {"width": 390, "height": 844}


async def phone(room: Room, name: str) -> Watched:
    """A phone on which somebody has logged in."""
    seat = await room.seat(**PHONE)
    await seat.page.goto("/unit")
    await seat.fill_in(name)
    await seat.page.get_by_role("main").wait_for()
    return seat


async def sent(room: Room, call_sign: str) -> str:
    """A job for a vehicle, with a place in words and a note."""
    incident = await room.duty.incident("F", Priority.P1)
    found = (await room.duty.client.get(f"/api/incidents/{incident}")).json()["incident"]
    words = {**room.duty.service.at("F"), "words": "示例路12号院内,货车侧翻"}
    changed = await room.duty.client.patch(
        f"/api/incidents/{incident}", json={"version": found["version"], "complaint": "K10", "place": words}
    )
    assert changed.status_code == 200, changed.text
    await room.duty.post(f"incidents/{incident}/notes", text="2人伤,1人被困已解救")
    made = await room.duty.post(f"incidents/{incident}/assignments", unit_id=str(room.duty.units[call_sign]))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def emptied(page: Page) -> None:
    """Wait until nothing is left on the phone."""
    await page.evaluate(
        """() => new Promise((done) => {
            const look = async () => {
                const asked = indexedDB.open('tarim-unit');
                const db = await new Promise((got) => { asked.onsuccess = () => got(asked.result); });
                const count = db.transaction('outbox').objectStore('outbox').count();
                const left = await new Promise((got) => { count.onsuccess = () => got(count.result); });
                db.close();
                if (left === 0) done();
                else setTimeout(look, 50);
            };
            void look();
        })"""
    )
