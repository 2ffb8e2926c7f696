"""What a crew measures, writes and photographs without a link comes through once it is back."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from factories.browser import PATIENCE_MS, Room
from factories.phones import emptied, phone, sent
from PIL import Image
from playwright.async_api import Page, expect

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # What a browser does depends on no version of the database.
    pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True),
]
expect.set_options(timeout=PATIENCE_MS)


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (2000, 1500), (120, 40, 40)).save(made, "JPEG")
    return made.getvalue()


async def measured(page: Page) -> None:
    """A blood pressure of 98/60."""
    sheet = page.get_by_role("dialog")
    await page.locator("button.tile").filter(has_text="血压").click()
    for key in "9860":
        await sheet.get_by_role("button", name=key, exact=True).click()
    await sheet.get_by_role("button", name="记录 98/60").click()


async def written(page: Page, words: str) -> None:
    """A message, which waits."""
    sheet = page.get_by_role("dialog")
    await page.get_by_role("button", name="消息", exact=True).click()
    await sheet.get_by_label("写消息").fill(words)
    await sheet.get_by_role("button", name="发送").click()
    await expect(sheet.get_by_role("listitem")).to_contain_text("待送")
    await sheet.get_by_role("button", name="关闭").click()


async def test_values_a_treatment_a_message_and_a_photo_without_a_link_come_through_once_it_is_back(
    room: Room,
) -> None:
    run = await sent(room, "阿-01")
    await room.duty.say("阿-01", "at_patient", room.duty.device("阿-01"))
    seat = await phone(room, "crew-0-nurse")
    page = seat.page
    sheet = page.get_by_role("dialog")
    tile = page.locator("button.tile")
    # The list of treatments is here before the link goes.
    await tile.filter(has_text="处置").click()
    await expect(sheet.get_by_role("button", name="肾上腺素 1 mg")).to_be_visible()
    await sheet.get_by_role("button", name="关闭").click()
    await room.wire.cut()
    banner = page.get_by_role("alert").filter(has_text="离线")
    await expect(banner).to_be_visible()
    before = room.duty.service.parts.clock.now()
    await measured(page)
    await expect(tile.filter(has_text="98/60")).to_contain_text("待送")
    await tile.filter(has_text="处置").click()
    await sheet.get_by_role("button", name="肾上腺素 1 mg").click()
    undo = page.get_by_role("status").filter(has_text="已记")
    await expect(undo).to_contain_text("肾上腺素")
    await tile.filter(has_text="处置").click()
    await sheet.get_by_role("button", name="静脉通路").click()
    await expect(undo).to_contain_text("静脉通路")
    await undo.get_by_role("button").click()
    await written(page, "家属要求送地区医院")
    await page.locator("input[name=photo]").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    await expect(page.locator(".strip progress")).to_have_count(1)
    # Somebody unknown was recorded for them, before all of it.
    await expect(banner.locator("li")).to_have_count(4)
    after = room.duty.service.parts.clock.now()
    await room.wire.mend()
    await expect(banner).to_have_count(0)
    await emptied(page)
    await expect(page.locator(".strip progress")).to_have_count(0)
    desk = room.duty.client
    incident = (await desk.get(f"/api/assignments/{run}")).json()["assignment"]["incident_id"]
    (patient,) = (await desk.get(f"/api/incidents/{incident}")).json()["patients"]
    entries = (await desk.get(f"/api/patients/{patient['id']}/chart")).json()["entries"]
    assert [(one["treatment"], one["amount"], len(one["values"])) for one in entries] == [
        (None, None, 2), ("adrenaline", 1.0, 0)
    ]  # fmt: skip
    # The clock of the phone was compared as it sent: a second lies within what is tolerated.
    second = timedelta(seconds=1)
    for one in entries:
        assert before - second <= datetime.fromisoformat(one["at"]) <= after + second
    (message,) = (await desk.get(f"/api/incidents/{incident}/messages")).json()["messages"]
    assert (message["words"], message["side"], message["patient_id"]) == ("家属要求送地区医院", "crew", patient["id"])
    (picture,) = (await desk.get(f"/api/patients/{patient['id']}/pictures")).json()["pictures"]
    kept = await desk.get(f"/api/patients/{patient['id']}/pictures/{picture['id']}")
    with Image.open(BytesIO(kept.content)) as opened:
        assert opened.size == (1600, 1200)
    assert seat.errors == []


async def test_an_order_is_shown_big_and_what_is_done_of_it_without_a_link_comes_through_with_its_time(
    room: Room,
) -> None:
    run = await sent(room, "阿-01")
    await room.duty.say("阿-01", "at_patient", room.duty.device("阿-01"))
    seat = await phone(room, "crew-0-nurse")
    page = seat.page
    desk = room.duty.client
    incident = (await desk.get(f"/api/assignments/{run}")).json()["assignment"]["incident_id"]
    patient = (await room.duty.post(f"incidents/{incident}/patients", sex="male", age_years=60)).json()["id"]
    ranking = (await room.duty.post(f"patients/{patient}/destinations/ranking")).json()
    hospital = ranking["ranked"][0]["hospital_id"]
    await room.duty.post(f"patients/{patient}/destinations", ranking_id=ranking["id"], hospital_id=hospital)
    doctor = await room.duty.service.logged_in("emergency_doctor")
    made = await room.duty.post(
        f"patients/{patient}/orders", doctor, id=str(uuid4()), treatment="aspirin", amount=300, route="po", words="嚼服"
    )
    assert made.status_code == 201, made.text
    order = page.get_by_role("alert", name="医嘱")
    await expect(order).to_contain_text("300 mg")
    await expect(order).to_contain_text("嚼服")
    if folder := os.environ.get("TARIM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / "unit-order.png")
    await room.wire.cut()
    banner = page.get_by_role("alert").filter(has_text="离线")
    await expect(banner).to_be_visible()
    before = room.duty.service.parts.clock.now()
    await order.get_by_role("button", name="复诵确认").click()
    await order.get_by_role("button", name="已执行").click()
    await expect(order).to_have_count(0)
    await expect(banner.locator("li")).to_have_count(2)
    after = room.duty.service.parts.clock.now()
    await room.wire.mend()
    await expect(banner).to_have_count(0)
    await emptied(page)
    told = (await desk.get(f"/api/incidents/{incident}/orders")).json()["orders"]
    assert [(one["state"], one["given_amount"], one["confirmed_at"] is not None) for one in told] == [
        ("done", 300.0, True)
    ]  # fmt: skip
    second = timedelta(seconds=1)
    assert before - second <= datetime.fromisoformat(told[0]["ended_at"]) <= after + second
    entries = (await desk.get(f"/api/patients/{patient}/chart")).json()["entries"]
    assert [(one["id"], one["treatment"]) for one in entries] == [(made.json()["id"], "aspirin")]
    assert seat.errors == []
