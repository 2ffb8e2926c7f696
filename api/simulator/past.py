"""Days that have passed, played as fast as the services can: so that reports have something to tell."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from api.dispatching.choosing import choosing_of
from api.figures import carried, figures_of
from api.parts import Parts, Say
from api.regions.live import LiveRegion
from api.simulator.fast import FastWorld
from api.simulator.props import Props
from dispatch.accounts.queries import find_by_login_name, get_organisation
from dispatch.audit.queries import list_newest
from dispatch.dispatching.rules_sharing import Party
from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.kernel.actor import Actor, ActorKind
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database, Session, make_engine
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import NotFound, Refused
from dispatch.kernel.service_role import service_access
from dispatch.simulation.rules_day import Day
from dispatch.simulation.rules_figures import INVENTED
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.service_cast import Seat
from dispatch.simulation.service_casting import Actors, Script, load_day
from dispatch.simulation.service_playing import play
from dispatch.simulation.service_stage import Stage
from geo.demo.naming import document

PAST_PER_DAY: Final = 200.0
"""Calls of a past day: fewer than in a day that somebody watches."""
_COLLECTED: Final = (20_000, 20, 100)
"""How rarely garbage is looked for, by generation."""


async def must_be_new(parts: Parts) -> None:
    """Refuse to play a past that would have to be written in front of lines of the journal.

    Raises Refused (`simulation.has_past`).
    """
    async with parts.database.read() as session:
        newest = await list_newest(session, limit=1)
    if newest and newest[0].recorded_at > parts.clock.now():
        raise Refused(
            "simulation.has_past",
            "This demo has a record already; nothing is written into its past.",
            "Choose an empty folder: TARIM_HOME=/path/to/another tarim demo --days 30 --fast.",
        )


async def play_past(
    parts: Parts, props: Props, *, seed: int, days: int, say: Say, calls_per_day: float = PAST_PER_DAY
) -> FastWorld:
    """Play days from the clock's time on, which moves by hand; return the world that they were played in.

    parts: with a ManualClock. The same seed plays the same days. Raises as the services do.
    """
    clock = parts.clock
    if not isinstance(clock, ManualClock):
        raise TypeError("the past is played with a clock that is moved by hand")
    figures = replace(INVENTED, calls=replace(INVENTED.calls, per_day=calls_per_day))
    script = Script(seed, clock.now(), f"SIM-{clock.now():%y%m%dT%H%M%S}", figures)
    region, live = parts.settings.region, LiveRegion(parts)
    try:
        served = await live.ask()
        async with parts.database.read() as session:
            loaded = await load_day(session, region, document("towns.toml"), script, await _actors(session, props))
        digester = await asyncio.to_thread(Digester.of_home, parts.settings.home)
        stage = Stage(
            loaded.setting, loaded.cast, clock, digester, region, served.engine,
            choosing_of(served, figures_of(parts.settings)), patients=loaded.carried, openers=loaded.openers,
        )  # fmt: skip
        with rarely_collected():
            async with own_connection(parts) as database, FastWorld(stage, database, clock) as world:
                await _days(loaded.setting, loaded.day, world, days, say)
        return world
    finally:
        await live.close()


@asynccontextmanager
async def own_connection(parts: Parts) -> AsyncIterator[Database]:
    """The database by one connection of its own, which keeps all statements and does not wait for the disk.

    What is lost when the machine goes down is a day that can be played again.
    """
    access = await service_access(parts.url)
    engine = make_engine(access.url, role=access.role, pool_size=1, max_overflow=0, bulk=True)
    async with Database(engine, carried(parts.settings)) as database:
        yield database


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage more rarely while a day is played: almost nothing of it is in circles."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _days(setting: Setting, day: Day, world: FastWorld, days: int, say: Say) -> None:
    for number in range(1, days + 1):
        before = world.done
        until = setting.start + timedelta(days=number)
        day = await play(setting, day, world, until=until, begin_at=setting.start + timedelta(days=number - 1))
        say(f"Day {number} of {days}, to {until.astimezone(LEGAL_TIME):%Y-%m-%d %H:%M}: {world.done - before} acts.")


async def _actors(session: Session, props: Props) -> Actors:
    """In whose names it is played: the same people and devices as through the API."""
    seats: list[Seat] = []
    crews: dict[str, Actor] = {}
    for desk in props.desks:
        organisation = await get_organisation(session, desk.organisation)
        party = Party(organisation.code, organisation.system)
        seats.append(Seat(await _person(session, desk.dispatcher.name, party, "dispatcher"), party))
        crews[desk.organisation] = await _person(session, desk.doctor.name, party, "emergency_doctor")
    devices: Mapping[str, Actor] = {
        unit.vehicle.call_sign: _device(unit.device.id, unit.organisation)
        for unit in props.units
        if unit.device is not None
    }
    return Actors(tuple(seats), crews, _device(props.exchange.id, props.desks[0].organisation), devices)


async def _person(session: Session, login: str, party: Party, role: str) -> Actor:
    person = await find_by_login_name(session, login)
    if person is None:
        raise NotFound("simulation.no_person", f"{login} is not there.", "Start tarim demo once.")
    return Actor(ActorKind.PERSON, str(person.id), party.organisation, frozenset({role}))


def _device(device_id: UUID, organisation: str) -> Actor:
    return Actor(ActorKind.DEVICE, str(device_id), organisation)
