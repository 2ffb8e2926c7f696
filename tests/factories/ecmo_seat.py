"""Seats at the page of ECMO transfers: a centre that can be asked, its physician on call, a request that is typed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from factories.browser import Room, Watched
from factories.fleet import CONTEXT
from factories.people import CORPS, make_person
from factories.service import REGION
from playwright.async_api import Page, expect
from sqlalchemy import select

from dispatch.accounts.states import Role
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.tabular import read_table

VALUES = {"fio2": 100, "pao2": 62, "paco2": 78, "ph": 7.19, "peep": 14, "plateau": 31, "tidal": 380, "optimised": True}


async def a_centre(room: Room) -> UUID:
    """An ECMO centre of the second organisation with one physician on call, `centre-doctor`."""
    parts, at = room.duty.service.parts, room.duty.service.map.points["L"]
    text = (
        "id,name_zh,organisation,system,lat,lon,capabilities\n"
        f"c1,示例 ECMO 中心,{CORPS},兵团,{at.lat},{at.lon},ecmo;icu\n"
    )
    async with parts.database.write() as session:
        report = await import_hospitals(session, parts.clock, CONTEXT, REGION, read_table(text.encode()))
        assert report.ok, report.errors
        centre = await session.scalar(select(Hospital.id).where(Hospital.code == "c1"))
        assert centre is not None
        doctor = await make_person(session, parts.clock, "centre-doctor", Role.ECMO_PHYSICIAN, organisation=CORPS)
    coordinator = await room.duty.service.logged_in("ecmo_coordinator")
    now = parts.clock.now()
    entered = await coordinator.post(
        f"/api/ecmo/centres/{centre}/on-call",
        json={
            "person_id": str(doctor),
            "place": 1,
            "from_at": (now - timedelta(hours=1)).isoformat(),
            "until_at": (now + timedelta(hours=8)).isoformat(),
        },
    )
    assert entered.status_code == 201, entered.text
    return centre


async def at_the_page(room: Room, name: str, **size: int) -> Watched:
    seat = await room.seat(**size)
    await seat.page.goto("/ecmo")
    await seat.fill_in(name)
    await expect(seat.page.get_by_role("heading", name="请求列表")).to_be_visible()
    return seat


async def typed(page: Page) -> None:
    """What decides of a lung that fails, by keyboard and by pointer."""
    form = page.get_by_role("form", name="一键申请 ECMO")
    await form.get_by_role("button", name="VV 肺支持").click()
    await form.get_by_label("年龄").fill("46")
    await form.get_by_role("button", name="男").click()
    await page.keyboard.press("ArrowRight")
    await expect(form.get_by_role("button", name="女")).to_be_focused()
    await form.get_by_label("医院").select_option(label="示例医院")
    await form.get_by_label("电话").fill("09970000000")
    await form.get_by_role("button", name="病毒性肺炎").click()
    for label, value in (("FiO₂", "1.0"), ("PaO₂", "62"), ("PaCO₂", "78"), ("pH", "7.19")):
        field = form.get_by_label(label, exact=True)
        await field.fill(value)
        await field.press("Tab")


async def a_request(room: Room, centre: UUID) -> UUID:
    """The same request as it is typed, put before the centre without a page."""
    asker = await room.duty.service.logged_in("emergency_doctor")
    where = f"/api/ecmo/requests/{uuid4()}"
    hospitals = (await asker.get("/api/hospitals")).json()["hospitals"]
    fields = {
        "mode": "vv", "hospital_id": next(one["key"] for one in hospitals if one["id"] == "h1"), "sex": "male",
        "age_years": 46, "weight_kg": 72, "height_cm": 172, "ward": "icu", "indication": "viral_pneumonia",
        "support": ["ventilated", "prone"], "name": "示例某", "contact": "示例医师", "contact_phone": "09970000000",
        "values": [{"item": item, "value": value} for item, value in VALUES.items()],
    }  # fmt: skip
    saved = await asker.put(where, json=fields)
    assert saved.status_code == 200, saved.text
    asked = await asker.post(f"{where}/ask", json={"hospital_ids": [str(centre)]})
    assert asked.status_code == 200, asked.text
    return UUID(asked.json()["request"]["id"])


async def a_mission(room: Room) -> tuple[UUID, str]:
    """That request accepted and bound, its kit counts, a nurse is on call: ids of request and mission."""
    centre = await a_centre(room)
    case = await a_request(room, centre)
    service = room.duty.service
    doctor, coordinator = await service.logged_in("centre-doctor"), await service.logged_in("ecmo_coordinator")
    now = service.parts.clock.now()
    soon, later = (now + timedelta(hours=1)).isoformat(), (now + timedelta(hours=20)).isoformat()
    accept = {"hospital_id": str(centre), "version": 2, "decision": "accept", "cannulation_at": soon}
    decided = await doctor.post(f"/api/ecmo/requests/{case}/decisions", json=accept)
    assert decided.status_code == 201, decided.text
    (offer,) = decided.json()["offers"]
    async with service.parts.database.write() as session:
        nurse = await make_person(session, service.parts.clock, "示例护士", Role.CREW, organisation=CORPS)
    duty = {"hospital_id": str(centre), "person_id": str(nurse), "roles": ["nurse"], "until_at": later}
    bound = await coordinator.post(
        f"/api/ecmo/requests/{case}/bind", json={"offer_id": offer["id"], "version": offer["version"]}
    )
    assert bound.status_code == 201, bound.text
    for to, body in (
        ("duties", {**duty, "from_at": now.isoformat()}),
        ("kit", {"code": "C-1", "kind": "console", "hospital_id": str(centre)}),
        ("kit", {"code": "O2-1", "kind": "cylinder", "hospital_id": str(centre), "water_l": 10}),
    ):
        made = await coordinator.post(f"/api/ecmo/{to}", json=body)
        assert made.status_code == 201, made.text
    for piece in made.json()["kit"]:
        looked = await coordinator.post(f"/api/ecmo/kit/{piece['id']}/check", json={"is_ready": True})
        assert looked.status_code == 200, looked.text
    return case, str(bound.json()["request"]["mission_id"])
