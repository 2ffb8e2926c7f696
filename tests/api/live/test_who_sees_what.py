"""What crews, vehicles and doctors are told, and what happens when that changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.fleet import CONTEXT, table
from factories.live import Hall, Listener
from factories.people import CIVIL, make_person
from sqlalchemy import select, update

from dispatch.accounts import service_people
from dispatch.accounts.rules_permissions import Grant
from dispatch.accounts.service_devices import add_device
from dispatch.accounts.states import DeviceKind, Role
from dispatch.dispatching.service_calling_off import cancel
from dispatch.dispatching.service_times import project_clearing
from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.organisations import System
from dispatch.units.service_crew import Joining, sign_off, sign_on
from dispatch.units.states_crew import Skill
from dispatch.units.tables import Unit

pytestmark = pytest.mark.database


async def boards(listener: Listener) -> dict[str, list[str]]:
    """Subscribe to all that one may; the ids on each board."""
    topics = (await listener.next("welcome"))["topics"]
    await listener.subscribe(topics)
    snapshots = [await listener.next("snapshot") for _ in topics]
    return {board["topic"]: [row["id"] for row in board["items"]] for board in snapshots}


async def device(hall: Hall, unit: int) -> str:
    """The header of a vehicle's own device."""
    async with hall.centre.database.write() as session:
        act = hall.centre.act(session)
        vehicle = await session.get_one(Unit, hall.centre.units[unit])
        _, token = await add_device(
            session, act.clock, act.context, kind=DeviceKind.VEHICLE, organisation=CIVIL, region="aksu",
            call_sign=vehicle.call_sign,
        )  # fmt: skip
    return f"Bearer {token}"


async def test_a_vehicle_is_told_of_itself_and_of_its_run(hall: Hall) -> None:
    mine, other = [await hall.centre.incident() for _ in range(2)]
    async with hall.listener(authorization=await device(hall, 0)) as tablet:
        own = str(hall.centre.units[0])
        assert await boards(tablet) == {"assignments": [], "incidents": [], "units": [own]}
        await hall.centre.send(other, unit=1)
        made = await hall.centre.send(mine, unit=0)
        rows = await tablet.next("rows", topic="incidents")
        assert [row["id"] for row in rows["items"]] == [str(mine)]
        async with hall.centre.database.write() as session:
            await cancel(hall.centre.act(session), made.id)
        gone = await tablet.next("rows", topic="incidents")
        assert (gone["items"], gone["gone"]) == ([], [str(mine)])
        facts = [told for told in tablet.heard if told["kind"] == "fact"]
        assert {fact["type"] for fact in facts} >= {"assignment.made", "assignment.ended", "unit.status_changed"}
        assert {fact["payload"].get("unit_id", own) for fact in facts} == {own}
        assert str(hall.centre.units[1]) not in str(tablet.heard)


async def test_a_vehicle_of_another_region_or_without_a_unit_is_told_nothing(hall: Hall) -> None:
    async with hall.centre.database.write() as session:
        act = hall.centre.act(session)
        _, token = await add_device(
            session, act.clock, act.context, kind=DeviceKind.VEHICLE, organisation=CIVIL, region="aksu", call_sign="无",
        )  # fmt: skip
    async with hall.listener(authorization=f"Bearer {token}") as tablet:
        assert await boards(tablet) == {"assignments": [], "incidents": [], "units": []}


async def test_a_crew_sees_the_unit_on_which_it_is_signed_on(hall: Hall) -> None:
    person = hall.people["crew"]
    async with hall.listener("crew") as tablet:
        assert (await boards(tablet))["units"] == []
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            duty = await sign_on(
                session, act.clock, act.context, hall.centre.units[2], Joining(person, Skill.PHYSICIAN)
            )
        board = await tablet.next("snapshot", topic="units")
        assert [row["id"] for row in board["items"]] == [str(hall.centre.units[2])]
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            await sign_off(session, act.clock, act.context, duty.id)
        assert (await tablet.next("snapshot", topic="units"))["items"] == []


async def test_a_doctor_sees_incidents_of_the_own_organisation_and_no_calls(hall: Hall) -> None:
    """The second unit is the corps'; a doctor of it sees what it has, and what it had."""
    other, theirs = [await hall.centre.incident() for _ in range(2)]
    async with hall.centre.database.write() as session:
        unit = await session.get_one(Unit, hall.centre.units[1])
        await service_people.add_organisation(
            session, hall.centre.clock, hall.centre.act(session).context, code="corps-hospital", name_zh="示例",
            name_en="", system=System.CORPS,
        )  # fmt: skip
        await make_person(
            session, hall.centre.clock, "corps-doctor", Role.EMERGENCY_DOCTOR, organisation="corps-hospital"
        )
        await session.execute(update(Unit).where(Unit.id == unit.id).values(organisation="corps-hospital"))
    async with hall.listener("corps-doctor") as screen:
        seen = await boards(screen)
        assert set(seen) == {"assignments", "ecmo", "incidents", "units"}
        assert seen["incidents"] == []
        await hall.centre.send(other, unit=0)
        made = await hall.centre.send(theirs, unit=1)
        rows = await screen.next("rows", topic="incidents")
        assert [row["id"] for row in rows["items"]] == [str(theirs)]
        async with hall.centre.database.write() as session:
            await cancel(hall.centre.act(session), made.id)
        again = await screen.next("rows", topic="incidents")
        assert [row["state"] for row in again["items"]] == ["open"]
        incidents = {
            fact["payload"]["incident_id"]
            for fact in screen.heard
            if fact["kind"] == "fact" and fact["topic"] == "incidents"
        }
        assert incidents == {str(theirs)}


async def test_a_role_taken_away_closes_the_socket(hall: Hall) -> None:
    async with hall.listener("supervisor") as screen:
        await boards(screen)
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            person = hall.people["supervisor"]
            grants = [Grant(Role.ADMINISTRATOR, CIVIL)]
            await service_people.set_roles(session, act.clock, act.context, person, grants)
        assert await screen.closed() == 4401


async def test_a_doctor_sees_whom_the_own_hospital_will_get(hall: Hall) -> None:
    incident = await hall.centre.incident()
    made = await hall.centre.send(incident, unit=1)
    hospital = {
        "id": "h1", "name_zh": "示例医院", "organisation": CIVIL, "system": "地方", "lat": "41.17", "lon": "80.26",
    }  # fmt: skip
    async with hall.centre.database.write() as session:
        await import_hospitals(session, hall.centre.clock, CONTEXT, "aksu", table(hospital))
        to = (await session.scalars(select(Hospital.id))).one()
    async with hall.listener("emergency_doctor") as screen:
        assert (await boards(screen))["incidents"] == []
        async with hall.centre.database.write() as session:
            act = hall.centre.act(session)
            await project_clearing(act, made.id, act.clock.now() + timedelta(minutes=20), destination_id=to)
        rows = await screen.next("rows", topic="incidents")
        assert [row["id"] for row in rows["items"]] == [str(incident)]
