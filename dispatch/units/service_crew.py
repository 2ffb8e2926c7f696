"""Signing crews on and off, shift change, change of vehicle, and corrections. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.events import Event
from dispatch.kernel.ids import new_id
from dispatch.units.events_duty import CrewSignedOff, CrewSignedOn, DutyCorrected
from dispatch.units.queries_crew import find_on_duty, get_duty, list_on_board
from dispatch.units.queries_duty import lock_unit, lock_units
from dispatch.units.rules_duty import in_force
from dispatch.units.service_duty import clashes, lock_people, record, true_time
from dispatch.units.states_crew import DRIVER_SEAT, SEATS, Skill
from dispatch.units.states_duty import Source
from dispatch.units.tables import Unit
from dispatch.units.tables_crew import CrewDuty

_CLASHES = {
    "ex_crew_duties_person": Conflict(
        "crew.person_on_duty", "This person is on board of a unit at that time.", "Sign them off there first."
    ),
    "ex_crew_duties_seat": Conflict("crew.seat_taken", "This seat of the unit is taken at that time."),
    "fk_crew_duties_person_id_people": Conflict("crew.no_person", "There is no such person."),
}


@dataclass(frozen=True, slots=True)
class Joining:
    """Who comes on board, as what. seat: 1 is the driver's; None takes the first free one that fits."""

    person_id: UUID
    skill: Skill
    seat: int | None = None


async def sign_on(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit_id: UUID,
    joining: Joining,
    *,
    at: datetime | None = None,
    source: Source = Source.CREW,
) -> CrewDuty:
    """Take a person on board. Saying it again changes nothing.

    Raises:
        NotFound: `unit.not_found`.
        Conflict: `crew.person_on_duty`, `crew.seat_taken`, `crew.no_person`, `crew.no_seat`.
        Invalid: `crew.seat`, `time.no_zone`, `time.future`.
    """
    unit = await lock_unit(session, unit_id)
    await lock_people(session, (joining.person_id,))
    when = true_time(at, clock.now(), in_force(session.info).clock_tolerance_s)
    present = await find_on_duty(session, joining.person_id)
    if (
        present is not None
        and (present.unit_id, present.skill) == (unit.id, joining.skill)
        and joining.seat in (None, present.seat)
    ):
        return present
    duty = await _board(session, clock, context, unit, joining, when, source)
    await record(session, clock, context, [_on(unit, duty)], at=when, source=source)
    return duty


async def sign_off(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    duty_id: UUID,
    *,
    at: datetime | None = None,
    source: Source = Source.CREW,
) -> CrewDuty:
    """End a duty. Saying it again changes nothing; for another time, correct it.

    Raises NotFound (`crew.duty_not_found`), Conflict (`crew.duty_corrected`), Invalid (`crew.times`, `time.*`).
    """
    unit = await lock_unit(session, (await get_duty(session, duty_id)).unit_id)
    duty = await get_duty(session, duty_id)
    if duty.voided_at is not None:
        raise Conflict("crew.duty_corrected", "This duty was corrected; another line stands in its place.")
    if duty.until_at is not None:
        return duty
    when = true_time(at, clock.now(), in_force(session.info).clock_tolerance_s)
    _leave(duty, when, clock.now())
    await record(session, clock, context, [_off(unit, duty, when, source)], at=when, source=source)
    return duty


async def change_shift(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit_id: UUID,
    coming: Sequence[Joining],
    *,
    at: datetime | None = None,
    source: Source = Source.CREW,
) -> list[CrewDuty]:
    """All on board leave and `coming` take over, at one moment; who is in both stays, unless the skill or seat changes.

    Returns who is on board now. Raises as `sign_on` and `sign_off`; all or nothing.
    """
    unit = await lock_unit(session, unit_id)
    on_board = await list_on_board(session, unit.id)
    await lock_people(session, [*(duty.person_id for duty in on_board), *(joining.person_id for joining in coming)])
    when = true_time(at, clock.now(), in_force(session.info).clock_tolerance_s)
    stays = {
        duty.person_id
        for duty in on_board
        for joining in coming
        if (duty.person_id, duty.skill) == (joining.person_id, joining.skill) and joining.seat in (None, duty.seat)
    }
    events: list[Event] = []
    for duty in on_board:
        if duty.person_id not in stays:
            _leave(duty, when, clock.now())
            events.append(_off(unit, duty, when, source))
    async with clashes(session, _CLASHES):
        for joining in coming:
            if joining.person_id not in stays:
                duty = await _boarding(session, clock, context, unit, joining, when, source)
                session.add(duty)
                events.append(_on(unit, duty))
    await record(session, clock, context, events, at=when, source=source)
    return list(await list_on_board(session, unit.id))


async def change_vehicle(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    from_unit_id: UUID,
    to_unit_id: UUID,
    *,
    at: datetime | None = None,
    source: Source = Source.CREW,
) -> list[CrewDuty]:
    """The whole crew goes over to another unit, at one moment, each with skill and seat.

    Returns who is on board of the other unit now. Raises as `sign_on`; Invalid (`crew.same_unit`).
    """
    if from_unit_id == to_unit_id:
        raise Invalid("crew.same_unit", "The crew is on board of that unit already.")
    old, new = await lock_units(session, (from_unit_id, to_unit_id))
    going = await list_on_board(session, old.id)
    await lock_people(session, [duty.person_id for duty in going])
    when = true_time(at, clock.now(), in_force(session.info).clock_tolerance_s)
    events: list[Event] = []
    for duty in going:
        _leave(duty, when, clock.now())
        events.append(_off(old, duty, when, source))
    await session.flush()
    for duty in going:
        joining = Joining(duty.person_id, Skill(duty.skill), duty.seat)
        events.append(_on(new, await _board(session, clock, context, new, joining, when, source)))
    await record(session, clock, context, events, at=when, source=source)
    return list(await list_on_board(session, new.id))


async def correct_duty(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    duty_id: UUID,
    times: tuple[datetime, datetime | None] | None,
    *,
    source: Source = Source.DISPATCHER,
) -> CrewDuty | None:
    """Correct from when until when somebody was on board; None says that they never were. The former line stays.

    Raises NotFound (`crew.duty_not_found`), Conflict (`crew.duty_corrected`, `crew.person_on_duty`, `crew.seat_taken`),
    Invalid (`crew.times`, `time.*`).
    """
    unit = await lock_unit(session, (await get_duty(session, duty_id)).unit_id)
    former = await get_duty(session, duty_id)
    await lock_people(session, (former.person_id,))
    now = clock.now()
    if former.voided_at is not None:
        raise Conflict("crew.duty_corrected", "This duty was corrected already; correct the newer line.")
    made: CrewDuty | None = None
    from_at, until_at = times or (None, None)
    async with clashes(session, _CLASHES):
        former.voided_at = now
        await session.flush()
        if from_at is not None:
            from_at = true_time(from_at, now, in_force(session.info).clock_tolerance_s)
            until_at = None if until_at is None else true_time(until_at, now, in_force(session.info).clock_tolerance_s)
            if until_at is not None and until_at <= from_at:
                raise Invalid("crew.times", "A duty ends after it begins.")
            made = CrewDuty(
                id=new_id(clock), unit_id=unit.id, person_id=former.person_id, skill=former.skill, seat=former.seat,
                from_at=from_at, until_at=until_at, source=str(source), actor=str(context.actor), recorded_at=now,
                ended_recorded_at=None if until_at is None else now, corrects=former.id,
            )  # fmt: skip
            session.add(made)
    told = DutyCorrected(
        unit_id=unit.id, organisation=unit.organisation, duty_id=None if made is None else made.id, corrects=former.id,
        person_id=former.person_id, from_at=from_at, until_at=until_at, source=source,
    )  # fmt: skip
    await record(session, clock, context, [told], at=now, source=source)
    return made


async def _board(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit: Unit,
    joining: Joining,
    when: datetime,
    source: Source,
) -> CrewDuty:
    duty = await _boarding(session, clock, context, unit, joining, when, source)
    async with clashes(session, _CLASHES):
        session.add(duty)
    return duty


async def _boarding(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit: Unit,
    joining: Joining,
    when: datetime,
    source: Source,
) -> CrewDuty:
    """The duty of who comes on board, not written yet."""
    seat = joining.seat if joining.seat is not None else await _free_seat(session, unit, joining.skill, when)
    if seat not in SEATS:
        raise Invalid("crew.seat", f"There is no seat {seat}; seats count from {SEATS[0]} to {SEATS[-1]}.")
    return CrewDuty(
        id=new_id(clock), unit_id=unit.id, person_id=joining.person_id, skill=str(joining.skill), seat=seat,
        from_at=when, until_at=None, source=str(source), actor=str(context.actor), recorded_at=clock.now(),
    )  # fmt: skip


async def _free_seat(session: AsyncSession, unit: Unit, skill: Skill, when: datetime) -> int:
    # The seat must be free from then on, also where somebody is entered who came later than `when`.
    taken = {duty.seat for duty in await list_on_board(session, unit.id)}
    taken |= {duty.seat for duty in await list_on_board(session, unit.id, at=when)}
    others = [seat for seat in SEATS if seat != DRIVER_SEAT]
    for seat in [DRIVER_SEAT, *others] if skill == Skill.DRIVER else others:
        if seat not in taken:
            return seat
    raise Conflict("crew.no_seat", f"All seats of {unit.call_sign} are taken.")


def _leave(duty: CrewDuty, when: datetime, now: datetime) -> None:
    if when <= duty.from_at:
        raise Invalid("crew.times", "A duty ends after it begins.", "Correct the duty where it never was.")
    duty.until_at, duty.ended_recorded_at = when, now


def _on(unit: Unit, duty: CrewDuty) -> CrewSignedOn:
    return CrewSignedOn(
        unit_id=unit.id, organisation=unit.organisation, duty_id=duty.id, person_id=duty.person_id,
        skill=Skill(duty.skill), seat=duty.seat, at=duty.from_at, source=Source(duty.source),
    )  # fmt: skip


def _off(unit: Unit, duty: CrewDuty, when: datetime, source: Source) -> CrewSignedOff:
    return CrewSignedOff(
        unit_id=unit.id, organisation=unit.organisation, duty_id=duty.id, person_id=duty.person_id, at=when,
        source=source,
    )  # fmt: skip
