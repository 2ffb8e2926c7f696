"""Kit and people of missions: listed, looked at, booked, given back; what is read of cylinders and batteries.

Nothing and nobody is booked twice: the piece's or the person's row is locked first, and the database has the last word.
Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.accounts.tables import Person
from dispatch.ecmo.events_journey import KitChanged, KitRetired, Noted
from dispatch.ecmo.queries_missions import get_kit, list_duties, list_open_bookings, number_of
from dispatch.ecmo.rules_kit import Piece, problems
from dispatch.ecmo.rules_oxygen import Demand
from dispatch.ecmo.service_journey import lock_mission, note, untick
from dispatch.ecmo.states_kit import EcmoKitKind, TeamRole
from dispatch.ecmo.tables_journey import EcmoBatteryTest, EcmoDemand, EcmoPressure
from dispatch.ecmo.tables_kit import EcmoBooking, EcmoKit
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.service import Act
from dispatch.kernel.constraints import broken_by
from dispatch.kernel.errors import Conflict, Invalid, NotFound, Refused


@dataclass(frozen=True, slots=True)
class NewKit:
    """A piece of kit as it is put on the list."""

    code: str
    kind: EcmoKitKind
    hospital_id: UUID
    size: str = ""
    expires_at: datetime | None = None
    water_l: float | None = None
    capacity_wh: float | None = None


async def add_kit(act: Act, new: NewKit) -> EcmoKit:
    """Put a piece on the list; it counts once somebody has looked at it.

    Raises NotFound (`hospital.not_found`), Invalid (`ecmo_kit.size`), Conflict (`ecmo_kit.code`).
    """
    if (new.kind is EcmoKitKind.CYLINDER) is not (new.water_l is not None) or (
        (new.kind is EcmoKitKind.BATTERY) is not (new.capacity_wh is not None)
    ):
        raise Invalid("ecmo_kit.size", "A cylinder has its litres of water, a battery its Wh, and nothing else has.")
    async with act.together():
        await get_hospital(act.session, act.region, new.hospital_id)
        row = EcmoKit(
            id=act.new_id(), region=act.region, code=new.code, kind=new.kind, size=new.size,
            hospital_id=new.hospital_id, is_ready=False, expires_at=new.expires_at, checked_at=None, checked_by=None,
            water_l=new.water_l, capacity_wh=new.capacity_wh,
        )  # fmt: skip
        try:
            async with act.session.begin_nested():
                act.session.add(row)
        except IntegrityError as error:
            if broken_by(error) != "uq_ecmo_kit_region_code":
                raise
            raise Conflict("ecmo_kit.code", "There is a piece of that code already.") from None
        act.tell(KitChanged(kit_id=row.id, region=act.region, is_ready=False, at=act.clock.now()))
        return row


async def check_kit(act: Act, kit_id: UUID, *, is_ready: bool, hospital_id: UUID | None = None) -> EcmoKit:
    """Somebody looked at a piece: whether it is ready, and where it is. Raises NotFound.

    A piece that fails after a mission has taken it is missing there: its gate ahead is open again.
    """
    async with act.together():
        held = None if is_ready else await find_held(act, kit_id=kit_id)
        if held is not None:
            await untick(act, await lock_mission(act, held.mission_id), "kit")
        row = await get_kit(act.session, act.region, kit_id)
        if hospital_id is not None:
            row.hospital_id = (await get_hospital(act.session, act.region, hospital_id)).id
        row.is_ready, row.checked_at, row.checked_by = is_ready, act.clock.now(), act.actor
        await act.session.flush()
        act.tell(KitChanged(kit_id=row.id, region=act.region, is_ready=is_ready, at=row.checked_at))
        return row


async def retire_kit(act: Act, kit_id: UUID) -> EcmoKit:
    """Take a piece off the list; its code can be had again. What it did stays told.

    Raises NotFound (`ecmo_kit.not_found`), Conflict (`ecmo_kit.booked`: a mission has it, told by its number).
    """
    async with act.together():
        row = await get_kit(act.session, act.region, kit_id)
        held = await find_held(act, kit_id=kit_id)
        if held is not None:
            raise Conflict(
                "ecmo_kit.booked", "A mission has this piece.", "Have it given back first.",
                current=await holder_of(act, held),
            )  # fmt: skip
        row.retired_at, row.retired_by = act.clock.now(), act.actor
        await act.session.flush()
        act.tell(KitRetired(kit_id=row.id, region=act.region, at=row.retired_at))
        return row


async def book_kit(act: Act, mission_id: UUID, kit_id: UUID) -> EcmoBooking:
    """Book a piece for a mission until it is given back; booked twice for the same it is kept once.

    Raises as `lock_mission`, NotFound (`ecmo_kit.not_found`), Refused (`ecmo_kit.unfit`: not ready, expired or not
    looked at), Conflict (`ecmo_booking.taken`, with the mission that has it).
    """
    async with act.together():
        mission = await lock_mission(act, mission_id)
        row = await get_kit(act.session, act.region, kit_id)
        held = await find_held(act, kit_id=kit_id)
        if held is not None and held.mission_id == mission.id:
            return held
        piece = Piece(
            row.id, EcmoKitKind(row.kind), row.hospital_id, row.is_ready, row.expires_at, row.checked_at, None
        )
        if found := problems(piece, act.clock.now()):
            raise Refused(
                "ecmo_kit.unfit", f"This piece cannot be counted on: {', '.join(found)}.", "Look at it first."
            )
        return await _book(act, mission_id, held, Noted.BOOKED, kit_id=kit_id, person_id=None, role=None)


async def book_person(act: Act, mission_id: UUID, person_id: UUID, role: TeamRole) -> EcmoBooking:
    """Put somebody who is on call into a mission's team, in a role that he may fill.

    Raises as `lock_mission`, Refused (`ecmo_booking.not_on_call`), Conflict (`ecmo_booking.taken`).
    """
    async with act.together():
        await lock_mission(act, mission_id)
        await act.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
        duties = await list_duties(act.session, act.region, act.clock.now())
        if not any(one.person_id == person_id and role in one.roles for one in duties):
            raise Refused("ecmo_booking.not_on_call", "Nobody on call may fill this role so.", "Enter the duty first.")
        held = await find_held(act, person_id=person_id)
        if held is not None and held.mission_id == mission_id and held.role == role:
            return held
        return await _book(act, mission_id, held, Noted.BOOKED, kit_id=None, person_id=person_id, role=role)


async def give_back(act: Act, booking_id: UUID) -> EcmoBooking:
    """End a booking; told twice it is kept once. Team or kit are not complete any more: the gate ahead is open again.

    Raises NotFound (`ecmo_booking.not_found`), as `lock_mission`.
    """
    async with act.together():
        booking = await act.session.get(EcmoBooking, booking_id)
        if booking is None:
            raise NotFound("ecmo_booking.not_found", "There is no such booking.")
        mission = await lock_mission(act, booking.mission_id)
        await act.session.refresh(booking)
        if booking.until_at is None:
            booking.until_at = max(act.clock.now(), booking.from_at)
            await note(act, mission, Noted.GIVEN_BACK, booking.id)
            await untick(act, mission, "team" if booking.kit_id is None else "kit")
        return booking


async def find_held(act: Act, *, kit_id: UUID | None = None, person_id: UUID | None = None) -> EcmoBooking | None:
    """The booking by which a mission has this piece or this person now."""
    return next(
        (
            one
            for one in await list_open_bookings(act.session, act.region)
            if (kit_id is not None and one.kit_id == kit_id) or (person_id is not None and one.person_id == person_id)
        ),
        None,
    )


async def holder_of(act: Act, held: EcmoBooking) -> dict[str, str | None]:
    """Which mission has it: its id, and the number by which people know it."""
    return {"mission_id": str(held.mission_id), "number": await number_of(act.session, held.mission_id)}


async def _book(
    act: Act,
    mission_id: UUID,
    held: EcmoBooking | None,
    what: Noted,
    *,
    kit_id: UUID | None,
    person_id: UUID | None,
    role: TeamRole | None,
) -> EcmoBooking:
    if held is not None:
        raise _taken(held.mission_id)
    mission = await lock_mission(act, mission_id)
    row = EcmoBooking(
        id=act.new_id(), mission_id=mission_id, kit_id=kit_id, person_id=person_id, role=role,
        from_at=act.clock.now(), until_at=None, actor=act.actor,
    )  # fmt: skip
    try:
        async with act.session.begin_nested():
            act.session.add(row)
    except IntegrityError as error:
        if broken_by(error) not in ("ex_ecmo_bookings_kit", "ex_ecmo_bookings_person"):
            raise
        raise _taken(None) from None
    await note(act, mission, what, row.id)
    return row


def _taken(mission_id: UUID | None) -> Conflict:
    current = None if mission_id is None else {"mission_id": str(mission_id)}
    return Conflict(
        "ecmo_booking.taken", "Another mission has it.", "Choose another, or have it given back.", current=current
    )


async def read_pressure(act: Act, mission_id: UUID, kit_id: UUID, bar: float, *, is_open: bool) -> EcmoPressure:
    """Put down a cylinder's pressure as it was read now. Raises as `lock_mission`, Invalid (`ecmo_kit.not_booked`)."""
    async with act.together():
        mission = await lock_mission(act, mission_id)
        await _own(act, mission_id, kit_id)
        row = EcmoPressure(
            id=act.new_id(), mission_id=mission_id, kit_id=kit_id, bar=bar, is_open=is_open, at=act.clock.now(),
            actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await note(act, mission, Noted.PRESSURE, row.id)
        return row


async def tell_demand(act: Act, mission_id: UUID, demand: Demand) -> EcmoDemand:
    """Put down what is breathed now. Raises as `lock_mission`."""
    async with act.together():
        mission = await lock_mission(act, mission_id)
        row = EcmoDemand(
            id=act.new_id(), mission_id=mission_id, sweep=demand.sweep, minute_volume=demand.minute_volume,
            bias=demand.bias, fio2=demand.fio2, other=demand.other, at=act.clock.now(), actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await note(act, mission, Noted.DEMAND, row.id)
        return row


async def try_battery(
    act: Act, mission_id: UUID, kit_id: UUID, *, health: float, load_w: float, temperature_c: float, changeover: bool
) -> EcmoBatteryTest:
    """Put down how a battery was when it was tried. Raises as `read_pressure`."""
    async with act.together():
        mission = await lock_mission(act, mission_id)
        await _own(act, mission_id, kit_id)
        row = EcmoBatteryTest(
            id=act.new_id(), mission_id=mission_id, kit_id=kit_id, health=health, load_w=load_w,
            temperature_c=temperature_c, changeover=changeover, at=act.clock.now(), actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await note(act, mission, Noted.BATTERY, row.id)
        return row


async def _own(act: Act, mission_id: UUID, kit_id: UUID) -> None:
    held = await find_held(act, kit_id=kit_id)
    if held is None or held.mission_id != mission_id:
        raise Invalid("ecmo_kit.not_booked", "This piece is not booked for the mission.")
