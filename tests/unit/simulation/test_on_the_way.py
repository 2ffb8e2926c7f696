"""Patients who change vehicles on the way, and timed runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from factories.simulation import ALAR, START, a_setting, crews_of
from fakes.world import FakeWorld

from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.states_patients import CareReason, PatientOutcome
from dispatch.simulation.rules_actions import (
    BeginTour,
    Close,
    EndTour,
    MovePlace,
    Order,
    Positions,
    Report,
    SettlePatient,
    TakeOver,
    TakePatient,
)
from dispatch.simulation.rules_day import Day, begin
from dispatch.simulation.rules_figures import INVENTED, Figures
from dispatch.simulation.rules_news import News, Ordered, Refused, StatusSet
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.rules_tours import Stop, Tour
from dispatch.simulation.service_playing import play
from dispatch.simulation.states import Mishap, Phase
from dispatch.units.states_crew import RunKind
from dispatch.units.states_duty import OutReason, UnitStatus
from geo.points import GeoPoint


def on_the_way(mishap: Mishap, share: float = 1.0) -> Figures:
    """Every patient is taken away, and on so many runs the same happens with the patient on board."""
    courses = {name: replace(one, outcome={PatientOutcome.TRANSPORTED: 1.0}) for name, one in INVENTED.courses.items()}
    return replace(INVENTED, courses=courses, crew=replace(INVENTED.crew, mishaps={mishap: share}))


async def played(setting: Setting, hours: float) -> tuple[FakeWorld, Day]:
    world = FakeWorld(setting, setting.start)
    day = await play(setting, begin(setting, crews_of(setting)), world, until=START + timedelta(hours=hours))
    return world, day


@pytest.mark.parametrize("mishap", [Mishap.FAILS_LOADED, Mishap.RELAYS])
async def test_another_unit_comes_to_where_the_patient_is_and_brings_them_to_hospital(mishap: Mishap) -> None:
    setting = a_setting(11, vehicles=24, per_day=60.0, figures=on_the_way(mishap, 0.3))
    world, _ = await played(setting, 10.0)
    taken = [(now, a) for now, a in world.log if isinstance(a, TakeOver)]
    assert len(taken) > 2
    for now, a in taken:
        moved = [b for at, b in world.log if isinstance(b, MovePlace) and b.incident_id == a.incident_id and at < now]
        arrivals = [path.points[-1] for at, call_sign, path in world.paths if call_sign == a.call_sign and at < now]
        assert moved[-1].point.distance_m(arrivals[-1]) < 1.0, "it went to where the other stands"
        first = next(b for _, b in world.log if isinstance(b, TakePatient) and b.incident_id == a.incident_id)
        assert first.call_sign != a.call_sign
        settled = [b for at, b in world.log if isinstance(b, SettlePatient) and b.incident_id == a.incident_id]
        assert all(b.hospital_id is not None for b in settled)
    changed = {(a.incident_id, a.place): a.call_sign for _, a in taken}
    for _, a in world.log:
        if isinstance(a, SettlePatient) and (a.incident_id, a.place) in changed:
            assert a.call_sign == changed[a.incident_id, a.place], "who has the patient hands them over"
    faults = [a for _, a in world.log if isinstance(a, Report) and a.reason is OutReason.FAULT]
    assert bool(faults) is (mishap is Mishap.FAILS_LOADED)


async def test_a_crew_with_more_skill_meets_a_vehicle_that_has_less() -> None:
    setting = a_setting(11, vehicles=24, per_day=60.0, figures=on_the_way(Mishap.RELAYS, 0.5))
    letters = {
        name: replace(one, letters="AB" if int(name[-2:]) % 3 else "B") for name, one in setting.vehicles.items()
    }
    world, _ = await played(replace(setting, vehicles=letters), 10.0)
    carrier = {(a.incident_id, a.place): a.call_sign for _, a in world.log if isinstance(a, TakePatient)}
    for _, a in world.log:
        if not isinstance(a, TakeOver):
            continue
        given, has = (letters[one].letters for one in (carrier[a.incident_id, a.place], a.call_sign))
        assert (a.reason is CareReason.RENDEZVOUS) is ("A" in has and "A" not in given)
        carrier[a.incident_id, a.place] = a.call_sign
    reasons = {a.reason for _, a in world.log if isinstance(a, TakeOver)}
    assert reasons == {CareReason.RENDEZVOUS, CareReason.RELAY}


async def test_a_crew_to_which_nobody_comes_drives_on_itself() -> None:
    setting = a_setting(5, vehicles=1, per_day=10.0, figures=on_the_way(Mishap.RELAYS))
    world, day = await played(setting, 12.0)
    assert any(isinstance(a, MovePlace) for _, a in world.log)
    assert not any(isinstance(a, TakeOver) for _, a in world.log)
    settled = [a for _, a in world.log if isinstance(a, SettlePatient)]
    assert settled
    assert all(a.hospital_id is not None for a in settled)
    assert any(isinstance(a, Close) for _, a in world.log)
    assert all(not scene.stranded for scene in day.scenes.values()) or day.crews["示例-00"].phase is Phase.STRANDED


def a_tour(minutes: float = 5.0) -> Tour:
    """A stand-by of an hour at the other town."""
    at = START + timedelta(minutes=minutes)
    return Tour("t", at, RunKind.STANDBY, "示例保障", (Stop(ALAR, 3600.0),), at + timedelta(hours=1))


async def toured(setting: Setting, *news: tuple[float, News], minutes: float = 240.0) -> tuple[FakeWorld, Day]:
    """A day without calls that has one timed run; news are heard at their minutes."""
    world = FakeWorld(setting, setting.start)
    day = replace(begin(setting, crews_of(setting)), tours=(a_tour(),))
    for after, one in news:
        day = await play(setting, day, world, begin_at=world.now, until=START + timedelta(minutes=after))
        world.news.append(one)
    return world, await play(setting, day, world, begin_at=world.now, until=START + timedelta(minutes=minutes))


def quiet(vehicles: int = 6) -> Setting:
    tours = replace(INVENTED.tours, standbys_per_day=0.0, transfers_per_day=0.0)
    return a_setting(3, vehicles=vehicles, per_day=0.0001, figures=replace(INVENTED, tours=tours))


async def test_a_timed_run_goes_to_its_places_stays_and_comes_home() -> None:
    world, day = await toured(quiet())
    (begun,) = [(now, a) for now, a in world.log if isinstance(a, BeginTour)]
    (ended,) = [(now, a) for now, a in world.log if isinstance(a, EndTour)]
    assert begun[1].call_sign == ended[1].call_sign
    assert ended[0] - begun[0] >= timedelta(hours=1)
    ways = [path.points[-1] for _, call_sign, path in world.paths if call_sign == begun[1].call_sign]
    assert ways == [ALAR, world.setting.vehicles[begun[1].call_sign].station]
    crew = day.crews[begun[1].call_sign]
    assert (crew.phase, crew.tour) == (Phase.IDLE, None)


async def test_the_last_unit_of_a_station_goes_on_no_timed_run() -> None:
    world, _ = await toured(quiet(vehicles=2))
    assert not any(isinstance(a, BeginTour) for _, a in world.log)


async def test_a_timed_run_that_is_refused_or_ended_by_a_person_is_broken_off() -> None:
    setting = quiet()
    world, _ = await toured(setting, minutes=6.0)
    action = next(a for _, a in world.log if isinstance(a, BeginTour))
    for news in (Refused(action, "run.overlap"), StatusSet(action.call_sign, UnitStatus.RETURNING_AVAILABLE)):
        world, day = await toured(setting, (30.0, news))
        assert not any(isinstance(a, EndTour) for _, a in world.log)
        assert (day.crews[action.call_sign].phase, day.crews[action.call_sign].tour) == (Phase.IDLE, None)


async def test_who_is_ordered_away_from_a_timed_run_forgets_it() -> None:
    setting = quiet()
    world, _ = await toured(setting, minutes=6.0)
    call_sign = next(a.call_sign for _, a in world.log if isinstance(a, BeginTour))
    world = FakeWorld(setting, setting.start)
    made = world.new_id()
    point = GeoPoint(lat=40.6, lon=81.2)
    order = Ordered(call_sign, made, made, "2026-1", "K03", Priority.P1, point)
    world, day = await toured(setting, (30.0, order), minutes=34.0)
    assert day.crews[call_sign].tour is None
    assert day.crews[call_sign].run is not None
    assert not any(isinstance(a, Order) for _, a in world.log)


@pytest.mark.parametrize("letters", ["A;B;E", "A;B"])
async def test_who_carries_circuits_on_a_mission_is_driven_by_whoever_rehearses_it(letters: str) -> None:
    setting = quiet()
    call_sign = min(setting.vehicles)
    vehicles = {**setting.vehicles, call_sign: replace(setting.vehicles[call_sign], letters=letters)}
    made = UUID(int=77)
    order = Ordered(call_sign, made, made, "2026-1", "K35", Priority.P1, ALAR, by_person=True)
    world, day = await toured(replace(setting, vehicles=vehicles), (6.0, order))
    fixes = [
        one
        for now, a in world.log
        if isinstance(a, Positions) and now > START + timedelta(minutes=6)
        for one in a.fixes
    ]
    plays = "E" not in letters
    assert (day.crews[call_sign].phase is not Phase.AWAY) is plays
    assert any(one.call_sign == call_sign for one in fixes) is plays
