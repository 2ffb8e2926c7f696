"""Manning a fleet: people, shifts, kit and first statuses of the vehicles that simulated crews drive.

Nothing here commits. Saying it again adds what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.service_many import NewPerson, add_people
from dispatch.accounts.states import Role
from dispatch.dispatching.service_following import report_unit_status
from dispatch.incidents.service import Act
from dispatch.simulation.queries import people_by_login
from dispatch.simulation.rules_figures import Figures
from dispatch.simulation.rules_manning import TEAMS, Readiness, login_of, readiness
from dispatch.simulation.rules_people import crew_of, extra_kit, kit_of
from dispatch.simulation.rules_setting import Vehicle
from dispatch.simulation.service_cast import Member
from dispatch.units.queries_fleet import DutyUnit, list_duty_units
from dispatch.units.service_crew import Joining, change_shift
from dispatch.units.service_kit import set_kit
from dispatch.units.service_status import StatusReport
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import Source, UnitStatus

_OUT = timedelta(minutes=95)
_SKILLS = {
    Skill.DRIVER: "驾驶员",
    Skill.NURSE: "护士",
    Skill.PHYSICIAN: "医师",
    Skill.PERFUSIONIST: "灌注师",
    Skill.NEONATOLOGIST: "新生儿科医师",
}


async def man_fleet(act: Act, figures: Figures) -> int:
    """Put crews and kit on board and say where units stand, where nobody has; return how many units were manned.

    Raises NotFound (`organisation.not_found`), and as the services that it uses.
    """
    async with act.together():
        units = await list_duty_units(act.session, act.region, act.clock.now())
        people = await _people(act, units)
        ready = readiness([unit.call_sign for unit in units], figures.fleet)
        manned = 0
        for number, unit in enumerate(units):
            if unit.standing.status is not UnitStatus.UNKNOWN:
                continue
            await _man(act, unit, teams_of(number, unit, people)[0], ready[unit.call_sign])
            manned += 1
        return manned


async def list_members(
    session: AsyncSession, region: str, now: datetime, figures: Figures
) -> tuple[list[Member], list[DutyUnit]]:
    """The fleet as its crews know it, and as it stands now; both by call sign."""
    units = await list_duty_units(session, region, now)
    people = await people_by_login(session, _logins(units))
    ready = readiness([unit.call_sign for unit in units], figures.fleet)
    members = [
        Member(
            unit.id, unit.organisation,
            Vehicle(
                unit.call_sign, unit.system, unit.station_point, _built_for(unit), device=ready[unit.call_sign].device
            ),
            teams_of(number, unit, people),
        )
        for number, unit in enumerate(units)
    ]  # fmt: skip
    return members, units


def teams_of(number: int, unit: DutyUnit, people: dict[str, UUID]) -> tuple[tuple[Joining, ...], ...]:
    """The two teams of a unit; of those people who are there."""
    skills = crew_of(unit.type, unit.special)
    return tuple(
        tuple(
            Joining(people[login], skill, seat=place + 1)
            for place, skill in enumerate(skills)
            if (login := login_of(number, team, place)) in people
        )
        for team in range(TEAMS)
    )


async def _people(act: Act, units: Sequence[DutyUnit]) -> dict[str, UUID]:
    """The ids of all people of crews by login name; those who are missing are added."""
    people = await people_by_login(act.session, _logins(units))
    missing = [
        NewPerson(login, f"示例{_SKILLS[skill]}{number:02}{'甲乙'[team]}", unit.organisation, Role.CREW)
        for number, unit in enumerate(units)
        for team in range(TEAMS)
        for place, skill in enumerate(crew_of(unit.type, unit.special))
        if (login := login_of(number, team, place)) not in people
    ]
    return people | await add_people(act.session, act.clock, act.context, act.digester, missing)


def _logins(units: Sequence[DutyUnit]) -> list[str]:
    return [
        login_of(number, team, place)
        for number, unit in enumerate(units)
        for team in range(TEAMS)
        for place in range(len(crew_of(unit.type, unit.special)))
    ]


async def _man(act: Act, unit: DutyUnit, team: tuple[Joining, ...], ready: Readiness) -> None:
    session, clock, context = act.session, act.clock, act.context
    letters = _built_for(unit)
    await set_kit(
        session, clock, context, unit.id, kit_of(letters) | extra_kit(unit.call_sign, letters), source=Source.DISPATCHER
    )
    if ready.crewed:
        await change_shift(session, clock, context, unit.id, team, source=Source.DISPATCHER)
    report = StatusReport(UnitStatus.AT_STATION, Source.DISPATCHER)
    if ready.out is not None:
        until = clock.now() + _OUT
        report = StatusReport(UnitStatus.OUT_OF_SERVICE, Source.DISPATCHER, reason=ready.out, expected_end_at=until)
    await report_unit_status(act, unit.id, report)


def _built_for(unit: DutyUnit) -> str:
    return "".join(sorted({*unit.abilities.letters, *(one.letter for one in unit.abilities.missing)}))
