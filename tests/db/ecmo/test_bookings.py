"""Kit and people of missions on a real PostgreSQL: booked once, raced, what is missing told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import product

import pytest
from factories.missions import Missions, make_missions
from sqlalchemy import text

from dispatch.ecmo.queries_missions import (
    get_kit,
    list_duties,
    list_kit,
    list_open_bookings,
)
from dispatch.ecmo.rules_kit import (
    OnCall,
    Piece,
    kit_lacking,
    kit_needed,
    problems,
    team_lacking,
    team_needed,
)
from dispatch.ecmo.service_kit import (
    book_kit,
    book_person,
    check_kit,
    give_back,
)
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import (
    CheckList,
    EcmoKitKind,
    KitProblem,
    TeamRole,
)
from dispatch.ecmo.tables_kit import EcmoBooking
from dispatch.kernel.db import Database
from dispatch.kernel.errors import Conflict, NotFound, Refused

pytestmark = pytest.mark.database
BASE, PATIENT = CheckList.LEAVING_BASE, CheckList.LEAVING_WITH_PATIENT
TWICE = text("""
    SELECT count(*) FROM ecmo_bookings a JOIN ecmo_bookings b ON a.id < b.id
        AND (a.kit_id = b.kit_id OR a.person_id = b.person_id)
        AND tstzrange(a.from_at, a.until_at) && tstzrange(b.from_at, b.until_at)
""")
"""How often a piece or a person was in two missions at once."""


@pytest.fixture
async def missions(database: Database) -> Missions:
    return await make_missions(database)


async def test_of_two_who_book_one_console_at_once_one_gets_it_and_the_other_is_told_who(missions: Missions) -> None:
    first, second = await missions.mission(), await missions.mission()
    console = missions.kit["console-1"]
    for _ in range(3):
        taken = await asyncio.gather(
            *(missions.done(lambda act, one=one: book_kit(act, one, console)) for one in (first, second) * 2),
            return_exceptions=True,
        )
        won = {one.mission_id for one in taken if isinstance(one, EcmoBooking)}
        lost = [one for one in taken if isinstance(one, BaseException)]
        assert len(won) == 1
        assert [(type(one), one.code) for one in lost] == [(Conflict, "ecmo_booking.taken")] * 2  # type: ignore[attr-defined]
        assert {one.current["mission_id"] for one in lost} == {str(one) for one in won}  # type: ignore[attr-defined]
        (held,) = {one.id for one in taken if isinstance(one, EcmoBooking)}
        await missions.done(lambda act, one=held: give_back(act, one))
        missions.later(1)
    async with missions.database.read() as session:
        assert await session.scalar(TWICE) == 0


async def test_nobody_is_in_two_missions_and_the_database_has_the_last_word(missions: Missions) -> None:
    first, second = await missions.mission(), await missions.mission()
    lead = missions.people[0]
    held = await missions.done(lambda act: book_person(act, first, lead, TeamRole.LEAD))
    again = await missions.done(lambda act: book_person(act, first, lead, TeamRole.LEAD))
    assert again.id == held.id
    with pytest.raises(Conflict, match="Another mission has it") as refused:
        await missions.done(lambda act: book_person(act, second, lead, TeamRole.NURSE))
    assert refused.value.current == {"mission_id": str(first)}
    async with missions.database.write() as session:
        nested = await session.begin_nested()
        session.add(
            EcmoBooking(
                id=second, mission_id=second, person_id=lead, role=TeamRole.NURSE, from_at=held.from_at,
                until_at=None, actor="nobody",
            )
        )  # fmt: skip
        with pytest.raises(Exception, match="ex_ecmo_bookings_person"):
            await session.flush()
        await nested.rollback()
    missions.later(25 * 60)
    with pytest.raises(Refused) as late:
        await missions.done(lambda act: book_person(act, second, missions.people[1], TeamRole.NURSE))
    assert late.value.code == "ecmo_booking.not_on_call"


async def test_what_is_missing_is_told_with_who_could_bring_it(missions: Missions) -> None:
    made = await missions.mission()
    lead, nurse = missions.people[0], missions.people[1]
    console = missions.kit["console-1"]
    await missions.done(lambda act: check_kit(act, console, is_ready=False))
    with pytest.raises(Refused, match="not_ready"):
        await missions.done(lambda act: book_kit(act, made, console))
    await missions.done(lambda act: check_kit(act, console, is_ready=True, hospital_id=missions.far))
    await missions.done(lambda act: book_person(act, made, lead, TeamRole.LEAD))
    await missions.done(lambda act: book_kit(act, made, missions.kit["circuit-1"]))
    async with missions.database.read() as session:
        now = missions.centre.clock.now()
        taken = {one.kit_id or one.person_id: one.mission_id for one in await list_open_bookings(session, "aksu")}
        pieces = [
            Piece(
                one.id, EcmoKitKind(one.kind), one.hospital_id, one.is_ready, one.expires_at, one.checked_at,
                taken.get(one.id),
            )
            for one in await list_kit(session, "aksu")
        ]  # fmt: skip
        on_call = [
            OnCall(one.person_id, one.hospital_id, frozenset(map(TeamRole, one.roles)), one.until_at,
                   taken.get(one.person_id))
            for one in await list_duties(session, "aksu", now)
        ]  # fmt: skip
    kit = {one.what: one for one in kit_lacking(kit_needed(Mode.VV, primary=True), pieces, made, now)}
    assert (kit["console"].number, kit["console"].could) == (1, (missions.far,))
    assert (kit["circuit"].number, kit["circuit"].could) == (1, (missions.near,))
    team = {one.what: one for one in team_lacking(team_needed(primary=True), [TeamRole.LEAD], on_call, now, now)}
    assert "lead" not in team
    assert nurse in team["nurse"].could
    assert lead not in team["nurse"].could
    old = Piece(made, EcmoKitKind.BLOOD, missions.near, True, now, now - timedelta(hours=25), made)
    assert problems(old, now) == (KitProblem.EXPIRED, KitProblem.UNCHECKED, KitProblem.BOOKED)
    with pytest.raises(NotFound):
        async with missions.database.write() as session:
            await get_kit(session, "aksu", made)


def test_what_is_needed_is_by_mode_and_by_who_cannulates() -> None:
    for mode, primary in product(Mode, (True, False)):
        assert set(kit_needed(mode, primary=primary)) <= set(EcmoKitKind)
        assert team_needed(primary=primary, drivers=2)[TeamRole.DRIVER] == 2
    assert EcmoKitKind.BLOOD in kit_needed(Mode.VA, primary=True)
