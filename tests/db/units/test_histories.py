"""Crews and statuses driven at random against a real PostgreSQL, beside a model that keeps the history in lists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from factories.duty import journal_types, make_fleet
from factories.fleet import START
from factories.patience import times
from factories.postgres import TestServer
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import TarimError
from dispatch.units.queries_crew import list_duties, list_on_board
from dispatch.units.queries_duty import find_status, list_entries
from dispatch.units.service_crew import Joining, change_shift, change_vehicle, sign_off, sign_on
from dispatch.units.service_status import StatusReport, report_status
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import BUSY, TRANSITIONS, Effect, OutReason, Source, UnitStatus

pytestmark = pytest.mark.database

RUNS = (UUID(int=1), UUID(int=2))
UNITS, PEOPLE = st.integers(0, 2), st.integers(0, 4)
SEATS = st.none() | st.integers(1, 3)


@dataclass(frozen=True)
class Stay:
    person: int
    unit: int
    seat: int
    from_at: datetime
    until_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)

    def meets(self, other: Stay) -> bool:
        return (self.until_at is None or other.from_at < self.until_at) and (
            other.until_at is None or self.from_at < other.until_at
        )


class Duty(RuleBasedStateMachine):
    server: TestServer

    def __init__(self) -> None:
        super().__init__()
        self.url = self.server.create()
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.database = Database(make_engine(self.url, pool_size=2))
        self.fleet = self.runner.run(make_fleet(self.database, units=3, people=5))
        self.units = list(self.fleet.units.values())
        self.stays: list[Stay] = []
        self.reports: list[list[tuple[UnitStatus, Effect, datetime]]] = [[], [], []]

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.server.drop(self.url)

    def act(self, work: Callable[[AsyncSession], Coroutine[Any, Any, Any]]) -> TarimError | None:
        """Do it in a transaction; a refusal leaves nothing."""

        async def once() -> None:
            async with self.database.write() as session:
                await work(session)

        try:
            self.runner.run(once())
        except TarimError as error:
            return error
        return None

    def is_free(self, stay: Stay, without: tuple[Stay, ...] = ()) -> bool:
        others = [other for other in self.stays if other not in without and other.meets(stay)]
        return not any(
            other.person == stay.person or (other.unit, other.seat) == (stay.unit, stay.seat) for other in others
        )

    def on_board(self, unit: int) -> list[Stay]:
        return [stay for stay in self.stays if stay.unit == unit and stay.until_at is None]

    @rule(seconds=st.integers(1, 4000))
    def time_passes(self, seconds: int) -> None:
        self.fleet.clock.advance(timedelta(seconds=seconds))

    @rule(unit=UNITS, person=PEOPLE, seat=st.integers(1, 3), ago_s=st.just(0) | st.integers(0, 6000))
    def somebody_signs_on(self, unit: int, person: int, seat: int, ago_s: int) -> None:
        at = self.fleet.clock.now() - timedelta(seconds=ago_s)
        joining = Joining(self.fleet.people[person], Skill.NURSE, seat)
        error = self.act(
            lambda session: sign_on(session, self.fleet.clock, self.fleet.context(), self.units[unit], joining, at=at)
        )
        if any((stay.person, stay.seat) == (person, seat) for stay in self.on_board(unit)):
            assert error is None, "said again"
            return
        stay = Stay(person, unit, seat, at)
        assert (error is None) == self.is_free(stay)
        if error is None:
            self.stays.append(stay)

    @rule(person=PEOPLE, ago_s=st.just(0) | st.integers(0, 6000))
    def somebody_signs_off(self, person: int, ago_s: int) -> None:
        for stay in [stay for stay in self.stays if stay.person == person and stay.until_at is None]:
            at = self.fleet.clock.now() - timedelta(seconds=ago_s)

            async def leave(session: AsyncSession, stay: Stay = stay, at: datetime = at) -> None:
                duties = await list_on_board(session, self.units[stay.unit])
                (duty,) = (duty for duty in duties if duty.person_id == self.fleet.people[stay.person])
                await sign_off(session, self.fleet.clock, self.fleet.context(), duty.id, at=at)

            error = self.act(leave)
            assert (error is None) == (at > stay.from_at)
            if error is None:
                self.end(stay, at)

    def end(self, stay: Stay, at: datetime) -> None:
        self.stays[self.stays.index(stay)] = replace(stay, until_at=at)

    @rule(unit=UNITS, people=st.lists(PEOPLE, unique=True, max_size=3))
    def the_shift_changes(self, unit: int, people: list[int]) -> None:
        now = self.fleet.clock.now()
        coming = [Joining(self.fleet.people[person], Skill.NURSE, seat) for seat, person in enumerate(people, 1)]
        error = self.act(
            lambda session: change_shift(session, self.fleet.clock, self.fleet.context(), self.units[unit], coming)
        )
        new = [Stay(person, unit, seat, now) for seat, person in enumerate(people, 1)]
        present = self.on_board(unit)
        going = tuple(stay for stay in present if (stay.person, stay.seat) not in [(a.person, a.seat) for a in new])
        joining = [a for a in new if (a.person, a.seat) not in [(stay.person, stay.seat) for stay in present]]
        fits = all(stay.from_at < now for stay in going) and all(self.is_free(a, going) for a in joining)
        assert (error is None) == fits
        if fits:
            for stay in going:
                self.end(stay, now)
            self.stays += joining

    @rule(start=UNITS, end=UNITS)
    def a_crew_changes_its_vehicle(self, start: int, end: int) -> None:
        now = self.fleet.clock.now()
        units = self.units
        error = self.act(
            lambda session: change_vehicle(session, self.fleet.clock, self.fleet.context(), units[start], units[end])
        )
        going = tuple(self.on_board(start))
        new = [Stay(stay.person, end, stay.seat, now) for stay in going]
        fits = start != end and all(stay.from_at < now for stay in going) and all(self.is_free(a, going) for a in new)
        assert (error is None) == fits
        if fits:
            for stay in going:
                self.end(stay, now)
            self.stays += new

    @rule(
        unit=UNITS,
        status=st.sampled_from(UnitStatus),
        source=st.sampled_from(Source),
        ago_s=st.just(0) | st.integers(0, 3000),
        run=st.none() | st.sampled_from(RUNS),
    )
    def a_status_is_told(self, unit: int, status: UnitStatus, source: Source, ago_s: int, run: UUID | None) -> None:
        now = self.fleet.clock.now()
        out = OutReason.MEAL if status == UnitStatus.OUT_OF_SERVICE else None
        report = StatusReport(status, source, now - timedelta(seconds=ago_s), run_id=run, reason=out)

        async def tell(session: AsyncSession) -> None:
            before = await find_status(session, self.units[unit])
            was = UnitStatus.UNKNOWN if before is None else UnitStatus(before.status)
            since = None if before is None else before.since
            made = await report_status(session, self.fleet.clock, self.fleet.context(), self.units[unit], report)
            if made.effect == Effect.APPLIED:
                assert status in TRANSITIONS[was]
                assert since is None or (made.standing.since or START) >= since
            if made.effect == Effect.REFUSED:
                assert source in (Source.CREW, Source.AUTO)
            if made.effect != Effect.REPEATED:
                self.reports[unit].append((status, made.effect, made.at))

        self.act(tell)

    @invariant()
    def the_history_is_the_models(self) -> None:
        async def look() -> None:
            async with self.database.read() as session:
                far = {"from_at": START - timedelta(days=9), "until_at": START + timedelta(days=999)}
                duties = await list_duties(session, **far)
                people = {person_id: index for index, person_id in enumerate(self.fleet.people)}
                found = {
                    Stay(people[duty.person_id], self.units.index(duty.unit_id), duty.seat, duty.from_at, duty.until_at)
                    for duty in duties
                }
                assert found == set(self.stays)
                assert len(duties) == len(self.stays)
                for one, other in combinations(self.stays, 2):
                    if one.meets(other):
                        assert one.person != other.person
                        assert (one.unit, one.seat) != (other.unit, other.seat)
                for unit, told in zip(self.units, self.reports, strict=True):
                    entries = await list_entries(session, unit)
                    made = [(UnitStatus(entry.status), Effect(entry.effect), entry.at) for entry in entries]
                    assert sorted(made) == sorted(told)
                    applied = [row for row in told if row[1] == Effect.APPLIED]
                    status = await find_status(session, unit)
                    assert (status is None) == (not applied)
                    if status is not None:
                        assert (status.status, status.since) == (applied[-1][0], applied[-1][2])
                        assert status.version == len(applied)
                        assert status.run_id is None or status.status in BUSY
                types = await journal_types(session)
                kept = sum(len(told) for told in self.reports)
                assert sum(name.startswith("unit.status") for name in types) == kept
                assert types.count("crew.signed_on") == len(self.stays)

        self.runner.run(look())


@pytest.mark.soak
def test_histories(postgres_server: TestServer) -> None:
    class Here(Duty):
        server = postgres_server

    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Here, settings=settings(max_examples=times(10, 500), stateful_step_count=20, suppress_health_check=quiet)
    )
