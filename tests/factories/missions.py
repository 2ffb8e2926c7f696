"""Missions of two centres on a region with vehicles on duty, with kit and people on call; all invented."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from factories.dispatching import Centre, make_centre
from factories.receiving import hospitals
from sqlalchemy import select

from dispatch.accounts.tables import Person
from dispatch.ecmo.rules_figures import Times
from dispatch.ecmo.rules_kit import kit_needed, team_needed
from dispatch.ecmo.service_journey import ChosenPlan, choose_plan
from dispatch.ecmo.service_kit import NewKit, add_kit, check_kit
from dispatch.ecmo.service_missions import begin
from dispatch.ecmo.service_roster import enter_duty
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import EcmoKitKind, TeamRole
from dispatch.ecmo.states_offers import OfferState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.ecmo.states_requests import Origin, RequestState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_offers import EcmoOffer
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import Sex
from dispatch.kernel.actor import Actor, ActorKind
from dispatch.kernel.db import Database

T = TypeVar("T")
MARKS = {
    PlanMark.WHEELS: Times(1_800, 2_700), PlanMark.AT_PATIENT: Times(7_200, 9_000),
    PlanMark.ON_CIRCUIT: Times(10_800, 14_400), PlanMark.DEPARTED: Times(14_400, 18_900),
    PlanMark.ARRIVED: Times(19_800, 25_500), PlanMark.BED: Times(21_000, 27_600),
}  # fmt: skip
BY_ROAD = ChosenPlan(PlanKind.ROAD, MARKS)


@dataclass
class Missions:
    """The centre with its hospitals, people who are on call for every role, and kit by its code."""

    centre: Centre
    near: UUID
    far: UUID
    people: tuple[UUID, ...]
    kit: dict[str, UUID]

    @property
    def database(self) -> Database:
        return self.centre.database

    def later(self, minutes: float) -> None:
        self.centre.manual.advance(timedelta(minutes=minutes))

    async def done(self, work: Callable[[Act], Awaitable[T]], by: UUID | None = None) -> T:
        """Do something in a transaction of its own, as somebody or as a dispatcher."""
        async with self.database.write() as session:
            actor = None if by is None else Actor(ActorKind.PERSON, str(by))
            return await work(self.centre.act(session) if actor is None else self.centre.act(session, actor))

    async def mission(self, mode: Mode = Mode.VV, *, planned: bool = True) -> UUID:
        """A mission that has just begun, driven by road unless it has no plan."""

        made = await self.done(lambda act: begin_mission(act, self.far, self.near, mode))
        if planned:
            await self.done(lambda act: choose_plan(act, made, BY_ROAD))
        return made

    async def row(self, mission_id: UUID) -> EcmoMission:
        async with self.database.read() as session:
            found = await session.get(EcmoMission, mission_id)
            assert found is not None
            return found


async def begin_mission(act: Act, origin: UUID, centre: UUID, mode: Mode = Mode.VV) -> UUID:
    """A mission for a patient of one hospital, bound to an offer of another."""
    now = act.clock.now()
    request = EcmoRequest(
        id=act.new_id(), region=act.region, number=str(act.new_id()), origin=Origin.HOSPITAL, organisation="示例县医院",
        state=RequestState.BOUND, version=1, mode=mode, hospital_id=origin, sex=Sex.MALE, support=[], at_once=False,
        created_at=now, created_by=act.actor, saved_at=now, asked_at=now, asked_by=act.actor,
    )  # fmt: skip
    act.session.add(request)
    await act.session.flush()
    offer = EcmoOffer(
        id=act.new_id(), request_id=request.id, hospital_id=centre, place=1, state=OfferState.BOUND, version=1,
        asked_at=now, cannulation_at=now + timedelta(hours=3), bound_at=now, bound_by=act.actor,
    )  # fmt: skip
    act.session.add(offer)
    await act.session.flush()
    return (await begin(act, request, offer, ())).id


async def make_missions(database: Database) -> Missions:
    """All of it, committed: kit for one primary mission, and people for its team."""
    centre = await make_centre(database, units=2)
    near, far = await hospitals(centre)
    made = Missions(centre, near, far, (), {})
    async with database.read() as session:
        made.people = tuple(await session.scalars(select(Person.id).order_by(Person.id)))

    async def fill(act: Act) -> None:
        now = act.clock.now()
        for person in made.people:
            await enter_duty(act, near, person, frozenset(TeamRole), now, now + timedelta(hours=24))
        for kind, number in kit_needed(Mode.VV, primary=True).items():
            for place in range(number):
                code = f"{kind}-{place + 1}"
                size = {
                    EcmoKitKind.CYLINDER: {"water_l": 10.0}, EcmoKitKind.BATTERY: {"capacity_wh": 400.0}
                }.get(kind, {})  # fmt: skip
                row = await add_kit(act, NewKit(code, kind, near, **size))
                await check_kit(act, row.id, is_ready=True)
                made.kit[code] = row.id

    await made.done(fill)
    assert len(made.people) < sum(team_needed(primary=True).values())
    return made
