"""A day in a world in memory: it repeats itself, and nobody does what cannot be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from factories.simulation import START, a_setting, crews_of
from fakes.world import FakeWorld
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.incidents.states_calls import Attempt, Outcome, Signal
from dispatch.incidents.states_incidents import Priority
from dispatch.simulation.rules_actions import (
    Action,
    Answer,
    CallBack,
    CancelIncident,
    Close,
    FixTold,
    Link,
    Open,
    Order,
    Positions,
    Recommend,
    Report,
    Settle,
    SettleLeft,
    SettlePatient,
    Signals,
    TakePatient,
    TellTime,
)
from dispatch.simulation.rules_crew_handing import ON_THE_WAY
from dispatch.simulation.rules_day import Day, begin
from dispatch.simulation.rules_desk import Case, further, order_of, recommended
from dispatch.simulation.rules_figures import INVENTED, Figures
from dispatch.simulation.rules_news import CallTaken, Choice, IncidentTouched, Ordered, Recommended, Refused, RunOver
from dispatch.simulation.rules_path import Path
from dispatch.simulation.rules_setting import Habits, Setting
from dispatch.simulation.rules_step import step
from dispatch.simulation.service_playing import play
from dispatch.simulation.states import CallKind, CaseStep, Mishap, Phase
from dispatch.units.states_duty import FREE, OutReason, Source, UnitStatus, advance
from geo.points import GeoPoint


async def played(setting: Setting, hours: float) -> tuple[FakeWorld, Day]:
    world = FakeWorld(setting, setting.start)
    day = await play(setting, begin(setting, crews_of(setting)), world, until=START + timedelta(hours=hours))
    return world, day


def with_mishap(mishap: Mishap | None) -> Figures:
    """The same thing goes wrong on every run, or nothing does."""
    return replace(INVENTED, crew=replace(INVENTED.crew, mishaps={mishap: 1.0} if mishap else {}))


async def test_a_seed_repeats_its_day_and_another_seed_has_another() -> None:
    first, again, other = [await played(a_setting(seed), 3.0) for seed in (7, 7, 8)]
    assert len(first[0].log) > 300
    assert first[0].log == again[0].log
    assert first[1] == again[1]
    assert [one for one in first[0].log if isinstance(one[1], Signals)] != [
        one for one in other[0].log if isinstance(one[1], Signals)
    ]


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**9), vehicles=st.integers(2, 14))
async def test_positions_lie_on_the_way_and_times_run_forward(seed: int, vehicles: int) -> None:
    world, _ = await played(a_setting(seed, vehicles=vehicles, per_day=400.0), 2.5)
    ways: dict[str, list[Path]] = defaultdict(list)
    pending = list(world.paths)
    last: dict[str, FixTold] = {}
    for now, action in world.log:
        while pending and pending[0][0] < now:
            _, call_sign, path = pending.pop(0)
            ways[call_sign].append(path)
        if not isinstance(action, Positions):
            continue
        for fix in action.fixes:
            before = last.get(fix.call_sign)
            station = world.setting.vehicles[fix.call_sign].station
            # The way that is driven is one of the newest two: an order may have come meanwhile.
            assert any(_on(fix.point, path) for path in ways[fix.call_sign][-2:]) or fix.point == station
            assert fix.at <= now
            assert before is None or before.at <= fix.at
            if before is not None:
                gone_m = before.point.distance_m(fix.point)
                assert gone_m <= (fix.at - before.at).total_seconds() * 40.0 + 1.0, "a vehicle does not jump"
            last[fix.call_sign] = fix
    assert last


def _on(point: GeoPoint, path: Path) -> bool:
    """Straight ways: on the chord between two points, to a metre."""
    for begin_at, end_at in zip(path.points, path.points[1:], strict=False):
        detour = begin_at.distance_m(point) + point.distance_m(end_at) - begin_at.distance_m(end_at)
        # Degrees are not metres: between two places a straight line in degrees bends a little.
        if detour <= 1.0 + begin_at.distance_m(end_at) * 0.002:
            return True
    return any(point.distance_m(one) < 1.0 for one in path.points)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**9), vehicles=st.integers(1, 10))
async def test_a_unit_never_has_two_runs_and_its_statuses_follow_each_other(seed: int, vehicles: int) -> None:
    world, day = await played(a_setting(seed, vehicles=vehicles, per_day=500.0), 3.0)
    status = dict.fromkeys(world.setting.vehicles, UnitStatus.AT_STATION)
    busy: dict[str, UUID] = {}
    orders = 0
    for _, action in world.log:
        if isinstance(action, Order):
            orders += 1
        if not isinstance(action, Report):
            continue
        if action.run_id is not None and busy.get(action.call_sign) != action.run_id:
            # The order's own status is the dispatcher's.
            status[action.call_sign] = advance(status[action.call_sign], UnitStatus.ASSIGNED, Source.DISPATCHER)
            busy[action.call_sign] = action.run_id
        # Called off before it left, a crew says what is known: that it stands at its station.
        if action.status is not status[action.call_sign]:
            status[action.call_sign] = advance(status[action.call_sign], action.status, Source.CREW)
    assert orders
    having = [crew.run.assignment_id for crew in day.crews.values() if crew.run is not None]
    assert len(having) == len(set(having))


async def test_every_incident_comes_to_its_end_and_every_patient_to_an_outcome() -> None:
    setting = a_setting(3, vehicles=20, per_day=150.0)
    world, day = await played(setting, 12.0)
    taken = [(a.incident_id, a.place) for _, a in world.log if isinstance(a, TakePatient)]
    settled = [(a.incident_id, a.place) for _, a in world.log if isinstance(a, SettlePatient)]
    assert len(taken) == len(set(taken))
    assert len(settled) == len(set(settled))
    assert set(taken) - set(settled) <= {(key, place) for key, scene in day.scenes.items() for place in scene.taken}
    assert len(world.over) > 40
    assert set(world.incidents) - world.over == set(day.cases), "what is not over is still somebody's"


async def test_hands_off_nobody_answers_and_callers_give_up() -> None:
    world, day = await played(a_setting(habits=Habits(dispatcher=False)), 3.0)
    kinds = {type(action) for _, action in world.log}
    assert not kinds & {Answer, Open, Order, Recommend, Close, Link, CancelIncident}
    rung = [a.caller.key for _, a in world.log if isinstance(a, Signals) and a.signal is Signal.RINGING]
    gone = [a.caller.key for _, a in world.log if isinstance(a, Signals) and a.signal is Signal.ABANDONED]
    assert len(gone) > 5
    assert set(rung) - set(gone) == set(day.lines)


async def test_a_person_is_given_time_and_what_a_person_has_touched_is_left_alone() -> None:
    setting = a_setting(habits=Habits(patience_s=20.0, opening=True), per_day=0.001)
    world = FakeWorld(setting, START)
    day = await play(setting, begin(setting, crews_of(setting)), world, until=START + timedelta(seconds=21))
    assert {"o-0"} == world.ringing, "nobody picks up before a person could"
    world.news.append(CallTaken("o-0", by_person=True))
    late = replace(setting, start=world.now)
    day = await play(late, day, world, until=START + timedelta(minutes=4))
    answers = [action.caller.key for _, action in world.log if isinstance(action, Answer)]
    assert answers == ["o-1", "o-2"]
    opened = list(world.incidents)
    before = len(world.log)
    world.news.append(IncidentTouched(opened[0]))
    await play(replace(setting, start=world.now), day, world, until=START + timedelta(hours=2))
    theirs = [
        action
        for _, action in world.log[before:]
        if isinstance(action, Recommend | Order | Close | CancelIncident) and action.incident_id == opened[0]
    ]
    assert theirs == []
    assert opened[1] in world.over


async def test_crews_do_what_a_person_orders_and_go_home_when_called_off() -> None:
    setting = a_setting(habits=Habits(dispatcher=False), per_day=0.001, figures=with_mishap(None))
    world = FakeWorld(setting, START)
    call_sign = "示例-00"
    run, incident = world.new_id(), world.new_id()
    order = Ordered(
        call_sign, run, incident, "2026-000001", "K03", Priority.P2, GeoPoint(lat=41.3, lon=80.4), by_person=True
    )  # fmt: skip
    world.news.append(order)
    day = await play(setting, begin(setting, crews_of(setting)), world, until=START + timedelta(minutes=6))
    told = [a.status for _, a in world.log if isinstance(a, Report) and a.call_sign == call_sign]
    assert told == [UnitStatus.EN_ROUTE]
    assert any(isinstance(a, TellTime) for _, a in world.log)
    world.news.append(RunOver(call_sign, run))
    day = await play(replace(setting, start=world.now), day, world, until=START + timedelta(hours=1))
    assert day.crews[call_sign].phase is Phase.IDLE
    assert day.crews[call_sign].run is None
    assert UnitStatus.ON_SCENE not in [a.status for _, a in world.log if isinstance(a, Report)]


@pytest.mark.parametrize("mishap", sorted(set(Mishap) - ON_THE_WAY))
async def test_what_goes_wrong_goes_wrong(mishap: Mishap) -> None:
    setting = a_setting(5, vehicles=16, per_day=120.0, figures=with_mishap(mishap))
    world, _ = await played(setting, 6.0)
    reports = [(now, a) for now, a in world.log if isinstance(a, Report)]
    statuses = [a.status for _, a in reports]
    first_order = next(now for now, a in world.log if isinstance(a, Order))
    match mishap:
        case Mishap.BREAKS_DOWN:
            faults = [a for _, a in reports if a.reason is OutReason.FAULT]
            assert faults
            assert all(a.until is not None and a.run_id is not None for a in faults)
            assert UnitStatus.ON_SCENE not in statuses
        case Mishap.TURNS_BACK:
            assert UnitStatus.ON_SCENE not in statuses
            assert UnitStatus.RETURNING_AVAILABLE in statuses
        case Mishap.LOSES_LINK:
            late = [(now, a) for now, a in reports if a.at is not None]
            assert late
            assert all(a.at < now for now, a in late if a.at is not None)
            late_fixes = [fix for now, a in world.log if isinstance(a, Positions) for fix in a.fixes if fix.at < now]
            assert late_fixes
        case Mishap.FORGETS:
            runs = defaultdict(set)
            for _, a in reports:
                runs[a.run_id].add(a.status)
            whole = {UnitStatus.EN_ROUTE, UnitStatus.AT_PATIENT, UnitStatus.RETURNING_AVAILABLE}
            assert any(not whole <= seen for run, seen in runs.items() if run is not None and seen & set(FREE))
        case Mishap.NO_ANSWER:
            answered = next(now for now, a in world.log if isinstance(a, TellTime))
            assert answered - first_order >= timedelta(seconds=75)
        case Mishap.SLOW:
            rolled = next(now for now, a in reports if a.status is UnitStatus.EN_ROUTE)
            assert rolled - first_order >= timedelta(seconds=40 * 1.8)


@pytest.mark.parametrize("kind", [CallKind.SILENT, CallKind.CUT_OFF, CallKind.ABANDONS])
async def test_whoever_was_not_heard_is_called_back_until_reached_or_given_up(kind: CallKind) -> None:
    figures = replace(INVENTED, calls=replace(INVENTED.calls, kinds={kind: 1.0}))
    world, day = await played(a_setting(4, per_day=200.0, figures=figures), 3.0)
    tries: dict[str, list[Attempt | None]] = defaultdict(list)
    for _, action in world.log:
        if isinstance(action, CallBack):
            tries[action.caller.key].append(action.met)
    assert len(tries) > 2
    ended = [met for key, met in tries.items() if key not in day.owed]
    assert ended
    assert all(met[-1] in (Attempt.REACHED, None) for met in ended)
    assert all(one not in (Attempt.REACHED, None) for met in tries.values() for one in met[:-1])
    assert max(map(len, tries.values())) <= 5
    reached = {key for key, met in tries.items() if met[-1] is Attempt.REACHED}
    said = {action.key for _, action in world.log if isinstance(action, Settle) and action.outcome is Outcome.INQUIRY}
    opened = {action.caller.key for _, action in world.log if isinstance(action, Open)}
    assert reached <= said | opened
    assert bool(opened) is (kind is CallKind.CUT_OFF)


async def test_hands_off_nobody_calls_back() -> None:
    figures = replace(INVENTED, calls=replace(INVENTED.calls, kinds={CallKind.ABANDONS: 1.0}))
    world, day = await played(a_setting(4, habits=Habits(dispatcher=False), figures=figures), 2.0)
    assert not [action for _, action in world.log if isinstance(action, CallBack)]
    assert not day.owed


async def test_patients_of_whom_nobody_speaks_any_more_are_settled_at_last() -> None:
    setting = a_setting()
    incident_id = UUID(int=77)
    case = Case(incident_id, "2026-000009", "before-2026-000009", CaseStep.CLOSING, START, 0)
    day = begin(setting, crews_of(setting), cases={incident_id: case})
    done: list[Action] = []
    now, news = START, []
    for _ in range(20):
        made = step(setting, day, now, news)
        closes = [one for one in made.actions if isinstance(one, Close | SettleLeft)]
        done += closes
        day, now = made.day, now + timedelta(seconds=301)
        news = [Refused(one, "incident.open_patients") for one in closes if isinstance(one, Close)]
    assert [type(one) for one in done][:8] == [Close] * 7 + [SettleLeft]


def test_a_free_unit_goes_before_one_that_would_leave_somebody_else_if_it_is_nearly_as_soon() -> None:
    setting = a_setting()
    case = Case(UUID(int=1), "2026-000001", "0-9-001", CaseStep.RECOMMENDING, None, 2)
    diverted, free, far = Choice("a", 300.0, diverted=True), Choice("b", 420.0), Choice("c", 9_000.0)
    news = Recommended(case.incident_id, UUID(int=2), (diverted, free, far))
    seen = recommended(setting, case, news, START)
    assert [one.call_sign for one in seen.choices] == ["b", "a", "c"]
    order = order_of(setting, seen)
    assert (order.call_sign, order.divert) == ("b", False)
    assert order.reason is not None, "it is not the first choice"
    assert further(seen, "b") == (diverted,), "nobody is sent who would be there hours later"
    late = Recommended(case.incident_id, UUID(int=2), (diverted, replace(free, eta_s=600.0)))
    assert order_of(setting, recommended(setting, case, late, START)).divert
