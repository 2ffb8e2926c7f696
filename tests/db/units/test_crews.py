"""Crews and kit on a real PostgreSQL: history, constraints, races."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from factories.duty import Fleet, journal_types, make_fleet
from factories.fleet import START
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, Invalid, NotFound
from dispatch.kernel.ids import new_id
from dispatch.units.queries_crew import find_on_duty, list_duties, list_kit, list_on_board
from dispatch.units.rules_capability import standard_kit
from dispatch.units.service_crew import Joining, change_shift, change_vehicle, correct_duty, sign_off, sign_on
from dispatch.units.service_kit import set_kit
from dispatch.units.states_crew import Skill
from dispatch.units.tables_crew import CrewDuty

pytestmark = pytest.mark.database


@pytest.fixture
async def fleet(database: Database) -> Fleet:
    return await make_fleet(database, people=6)


async def board(database: Database, fleet: Fleet, unit: int, person: int, skill: Skill = Skill.NURSE,
                seat: int | None = None, at: datetime | None = None) -> CrewDuty:  # fmt: skip
    async with database.write() as session:
        joining = Joining(fleet.people[person], skill, seat)
        unit_id = (fleet.first, fleet.second)[unit]
        return await sign_on(session, fleet.clock, fleet.context(), unit_id, joining, at=at)


async def test_signing_on_and_off(database: Database, fleet: Fleet) -> None:
    driver = await board(database, fleet, 0, 0, Skill.DRIVER)
    nurse = await board(database, fleet, 0, 1)
    assert (driver.seat, nurse.seat) == (1, 2)
    assert (await board(database, fleet, 0, 1)).id == nurse.id, "said twice is said once"
    fleet.clock.advance(timedelta(hours=1))
    async with database.write() as session:
        await sign_off(session, fleet.clock, fleet.context(), nurse.id)
        again = await sign_off(session, fleet.clock, fleet.context(), nurse.id, at=fleet.at(60))
        assert again.until_at == fleet.at(3600)
    async with database.read() as session:
        assert [duty.id for duty in await list_on_board(session, fleet.first)] == [driver.id]
        before = await list_on_board(session, fleet.first, at=fleet.at(3599))
        assert [duty.id for duty in before] == [driver.id, nurse.id]
        assert await find_on_duty(session, fleet.people[1]) is None
        assert await journal_types(session) == ["crew.signed_on", "crew.signed_on", "crew.signed_off"]


async def test_nobody_is_on_two_units_and_no_seat_is_taken_twice(database: Database, fleet: Fleet) -> None:
    await board(database, fleet, 0, 0, Skill.DRIVER)
    with pytest.raises(Conflict) as refused:
        await board(database, fleet, 1, 0, Skill.DRIVER)
    assert refused.value.code == "crew.person_on_duty"
    with pytest.raises(Conflict) as refused:
        await board(database, fleet, 0, 1, Skill.DRIVER, seat=1)
    assert refused.value.code == "crew.seat_taken"
    # On the same unit as somebody else is twice on board, too.
    with pytest.raises(Conflict):
        await board(database, fleet, 0, 0, Skill.NURSE)
    with pytest.raises(Invalid):
        await board(database, fleet, 0, 1, seat=11)
    async with database.write() as session:
        with pytest.raises(Conflict) as refused:
            await sign_on(session, fleet.clock, fleet.context(), fleet.first, Joining(uuid4(), Skill.NURSE))
        assert refused.value.code == "crew.no_person"
        with pytest.raises(NotFound):
            await sign_on(session, fleet.clock, fleet.context(), uuid4(), Joining(fleet.people[1], Skill.NURSE))
    async with database.read() as session:
        assert len(await list_duties(session, from_at=START, until_at=fleet.at(1))) == 1


async def test_one_person_signed_on_two_units_at_once(database: Database, fleet: Fleet) -> None:
    for _ in range(15):
        results = await asyncio.gather(
            board(database, fleet, 0, 0), board(database, fleet, 1, 0), return_exceptions=True
        )
        refused = [result for result in results if isinstance(result, BaseException)]
        assert [getattr(error, "code", error) for error in refused] == ["crew.person_on_duty"]
        (won,) = (result for result in results if not isinstance(result, BaseException))
        fleet.clock.advance(timedelta(minutes=1))
        async with database.write() as session:
            await sign_off(session, fleet.clock, fleet.context(), won.id)
        fleet.clock.advance(timedelta(minutes=1))


async def test_two_take_one_seat_at_once(database: Database, fleet: Fleet) -> None:
    results = await asyncio.gather(
        *(board(database, fleet, 0, person, seat=3) for person in range(4)), return_exceptions=True
    )
    codes = [getattr(result, "code", "on board") for result in results]
    assert sorted(codes) == ["crew.seat_taken"] * 3 + ["on board"]
    # Without a seat named, everybody finds one.
    await asyncio.gather(*(board(database, fleet, 1, person) for person in range(4) if codes[person] != "on board"))


@pytest.mark.parametrize("clash", ["person", "seat", "backwards", "no seat", "two open"])
async def test_the_database_has_the_last_word(database: Database, fleet: Fleet, clash: str) -> None:
    row = {
        "unit_id": fleet.first, "person_id": fleet.people[0], "skill": "nurse", "seat": 2, "from_at": START,
        "until_at": fleet.at(100), "source": "crew", "actor": "person:x", "recorded_at": START,
    }  # fmt: skip
    other = {
        "person": row | {"unit_id": fleet.second, "from_at": fleet.at(99), "until_at": fleet.at(200)},
        "seat": row | {"person_id": fleet.people[1], "from_at": fleet.at(-50), "until_at": fleet.at(1)},
        "backwards": row | {"from_at": fleet.at(300), "until_at": fleet.at(300)},
        "no seat": row | {"from_at": fleet.at(300), "until_at": None, "seat": 0},
        "two open": row | {"from_at": fleet.at(-50), "until_at": None, "seat": 4},
    }[clash]
    async with database.write() as session:
        await session.execute(insert(CrewDuty).values(row | {"id": new_id(fleet.clock)}))
        # Right after it, and once it is void, there is room.
        after = row | {"id": new_id(fleet.clock), "from_at": fleet.at(100), "until_at": fleet.at(150)}
        void = row | {"id": new_id(fleet.clock), "voided_at": START}
        await session.execute(insert(CrewDuty).values(after))
        await session.execute(insert(CrewDuty).values(void))
    async with database.write() as session:
        with pytest.raises(IntegrityError):
            await session.execute(insert(CrewDuty).values(other | {"id": new_id(fleet.clock)}))
        await session.rollback()


async def test_a_shift_changes_at_one_moment(database: Database, fleet: Fleet) -> None:
    for person, skill in enumerate((Skill.DRIVER, Skill.NURSE, Skill.PHYSICIAN)):
        await board(database, fleet, 0, person, skill)
    fleet.clock.advance(timedelta(hours=8))
    coming = [
        Joining(fleet.people[3], Skill.DRIVER), Joining(fleet.people[1], Skill.NURSE),
        Joining(fleet.people[4], Skill.PHYSICIAN),
    ]  # fmt: skip
    async with database.write() as session:
        now = await change_shift(session, fleet.clock, fleet.context(), fleet.first, coming)
    assert [duty.person_id for duty in now] == [fleet.people[3], fleet.people[1], fleet.people[4]]
    async with database.read() as session:
        nurse = await list_duties(session, from_at=START, until_at=fleet.clock.now(), person_id=fleet.people[1])
        assert [(duty.from_at, duty.until_at) for duty in nurse] == [(START, None)], "who stays, stays"
        types = await journal_types(session)
        assert types[3:] == ["crew.signed_off"] * 2 + ["crew.signed_on"] * 2
        before = await list_on_board(session, fleet.first, at=fleet.at(8 * 3600 - 1))
        assert [duty.person_id for duty in before] == fleet.people[:3]


async def test_a_shift_change_is_all_or_nothing(database: Database, fleet: Fleet) -> None:
    await board(database, fleet, 0, 0, Skill.DRIVER)
    await board(database, fleet, 1, 1, Skill.DRIVER)
    fleet.clock.advance(timedelta(hours=1))
    coming = [Joining(fleet.people[2], Skill.DRIVER), Joining(fleet.people[1], Skill.NURSE)]
    with pytest.raises(Conflict):
        async with database.write() as session:
            await change_shift(session, fleet.clock, fleet.context(), fleet.first, coming)
    async with database.read() as session:
        assert [duty.person_id for duty in await list_on_board(session, fleet.first)] == [fleet.people[0]]


async def test_a_crew_changes_its_vehicle(database: Database, fleet: Fleet) -> None:
    await board(database, fleet, 0, 0, Skill.DRIVER)
    await board(database, fleet, 0, 1, Skill.PHYSICIAN)
    fleet.clock.advance(timedelta(hours=1))
    async with database.write() as session:
        moved = await change_vehicle(session, fleet.clock, fleet.context(), fleet.first, fleet.second)
    assert [(duty.person_id, duty.skill, duty.seat) for duty in moved] == [
        (fleet.people[0], "driver", 1), (fleet.people[1], "physician", 2),
    ]  # fmt: skip
    async with database.read() as session:
        assert await list_on_board(session, fleet.first) == []
        assert len(await list_on_board(session, fleet.first, at=START)) == 2
    async with database.write() as session:
        with pytest.raises(Invalid):
            await change_vehicle(session, fleet.clock, fleet.context(), fleet.first, fleet.first)


async def test_two_crews_exchange_their_vehicles_without_a_deadlock(database: Database, fleet: Fleet) -> None:
    await board(database, fleet, 0, 0, seat=2)
    await board(database, fleet, 1, 1, seat=3)
    fleet.clock.advance(timedelta(hours=1))

    async def move(start: int, end: int) -> None:
        units = (fleet.first, fleet.second)
        async with database.write() as session:
            await change_vehicle(session, fleet.clock, fleet.context(), units[start], units[end])

    # Whoever comes second takes along who just came: at the same instant they were on board for no time.
    results = await asyncio.gather(move(0, 1), move(1, 0), return_exceptions=True)
    assert {getattr(result, "code", None) for result in results} <= {None, "crew.times"}


async def test_a_duty_is_corrected_beside_what_was_written(database: Database, fleet: Fleet) -> None:
    duty = await board(database, fleet, 0, 0)
    await board(database, fleet, 0, 1, seat=5)
    fleet.clock.advance(timedelta(hours=2))
    async with database.write() as session:
        made = await correct_duty(session, fleet.clock, fleet.context(), duty.id, (fleet.at(-600), fleet.at(600)))
        assert made is not None
    async with database.write() as session:
        with pytest.raises(Conflict) as refused:
            await correct_duty(session, fleet.clock, fleet.context(), duty.id, None)
        assert refused.value.code == "crew.duty_corrected"
        with pytest.raises(Invalid):
            await correct_duty(session, fleet.clock, fleet.context(), made.id, (fleet.at(5), fleet.at(5)))
    async with database.write() as session:
        await sign_on(session, fleet.clock, fleet.context(), fleet.second, Joining(fleet.people[0], Skill.NURSE),
                      at=fleet.at(600))  # fmt: skip
        with pytest.raises(Conflict) as refused:
            await correct_duty(session, fleet.clock, fleet.context(), made.id, (START, fleet.at(601)))
        assert refused.value.code == "crew.person_on_duty"
    async with database.write() as session:
        assert await correct_duty(session, fleet.clock, fleet.context(), made.id, None) is None
    async with database.read() as session:
        span = {"from_at": fleet.at(-1000), "until_at": fleet.at(5000), "unit_id": fleet.first}
        assert [found.seat for found in await list_duties(session, **span)] == [5]
        assert len(await list_duties(session, **span, all_versions=True)) == 3
        assert (await journal_types(session)).count("crew.duty_corrected") == 2


async def test_kit_comes_and_goes(database: Database, fleet: Fleet) -> None:
    full = standard_kit("BA")
    async with database.write() as session:
        assert await set_kit(session, fleet.clock, fleet.context(), fleet.first, full) == full
        assert await set_kit(session, fleet.clock, fleet.context(), fleet.first, full) == frozenset()
        with pytest.raises(Invalid):
            await set_kit(session, fleet.clock, fleet.context(), fleet.first, {"teapot"})
        with pytest.raises(Invalid):
            await set_kit(session, fleet.clock, fleet.context(), fleet.first, set(), at=START)
    fleet.clock.advance(timedelta(hours=1))
    async with database.write() as session:
        assert await set_kit(session, fleet.clock, fleet.context(), fleet.first, full - {"ventilator"}) == {
            "ventilator"
        }
        with pytest.raises(Conflict):
            await set_kit(session, fleet.clock, fleet.context(), fleet.first, full, at=fleet.at(60))
        fleet.clock.advance(timedelta(minutes=1))
        await set_kit(session, fleet.clock, fleet.context(), fleet.first, full)
    async with database.read() as session:
        assert {item.kit for item in await list_kit(session, fleet.first)} == full
        assert await journal_types(session) == ["unit.kit_changed"] * 3
