"""Who may be sent, what they can do, and from where they are reckoned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.units.rules_availability import Basis, LastPlace, Reason, availability, reckoning
from dispatch.units.rules_capability import (
    PROPOSED_CAPABILITIES,
    CrewNeed,
    Missing,
    Part,
    abilities,
    standard_kit,
    unfilled,
)
from dispatch.units.rules_duty import PROPOSED
from dispatch.units.rules_status import Standing
from dispatch.units.states import CAPABILITY_ORDER, Capability
from dispatch.units.states_crew import Skill
from dispatch.units.states_duty import FREE, ON_RUN, OutReason, Source, UnitStatus
from geo.points import GeoPoint

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HOME = GeoPoint(41.168, 80.258)
AWAY = GeoPoint(41.30, 80.40)
ALS_CREW = (Skill.DRIVER, Skill.PHYSICIAN, Skill.NURSE)
P = PROPOSED.position


@pytest.mark.parametrize("status", UnitStatus)
def test_availability_by_status(status: UnitStatus) -> None:
    found = availability(Standing(status, NOW), ALS_CREW, NOW)
    assert found.available == (status in FREE)
    if status in ON_RUN:
        assert [(why.reason, why.code) for why in found.hindrances] == [(Reason.ON_RUN, str(status))]
    elif not found.available:
        assert len(found.hindrances) == 1


@pytest.mark.parametrize("status", UnitStatus)
def test_no_crew_is_never_available(status: UnitStatus) -> None:
    reasons = [why.reason for why in availability(Standing(status, NOW), (), NOW).hindrances]
    assert Reason.NO_CREW in reasons
    assert Reason.NO_DRIVER in [
        why.reason for why in availability(Standing(status, NOW), (Skill.NURSE,), NOW).hindrances
    ]


def test_no_status_is_never_available() -> None:
    assert [why.reason for why in availability(Standing(), ALS_CREW, NOW).hindrances] == [Reason.NO_STATUS]


def test_out_of_service_tells_until_when_and_does_not_end_by_itself() -> None:
    end = NOW + timedelta(minutes=10)
    out = Standing(UnitStatus.OUT_OF_SERVICE, NOW, None, OutReason.FUEL, end)
    (before,) = availability(out, ALS_CREW, NOW).hindrances
    assert (before.reason, before.until, before.overdue, before.code) == (Reason.OUT_OF_SERVICE, end, False, "fuel")
    (after,) = availability(out, ALS_CREW, end).hindrances
    assert after.overdue


def reckon(status: UnitStatus, age_s: float | None, *, point: GeoPoint = AWAY, speed: float | None = None,
           since_s: float = -60) -> tuple[GeoPoint, Basis, float, bool]:  # fmt: skip
    last = None if age_s is None else LastPlace(point, NOW - timedelta(seconds=age_s), Source.AUTO, speed)
    made = reckoning(Standing(status, NOW + timedelta(seconds=since_s)), last, HOME, NOW, P)
    assert (made.label_zh == "位置过时·电台核实") == made.stale
    assert made.age_s == age_s
    return made.point, made.basis, made.widen_s, made.stale


@pytest.mark.parametrize(
    ("status", "age_s", "options", "expected"),
    [
        (UnitStatus.RETURNING_AVAILABLE, 120, {}, (AWAY, Basis.FIX, 0.0, False)),
        (UnitStatus.RETURNING_AVAILABLE, 121, {}, (AWAY, Basis.LAST_PLACE, 121.0, True)),
        (UnitStatus.RETURNING_AVAILABLE, 3000, {}, (AWAY, Basis.LAST_PLACE, 1800.0, True)),
        (UnitStatus.RETURNING_AVAILABLE, 3601, {}, (HOME, Basis.STATION, 1800.0, True)),
        (UnitStatus.RETURNING_AVAILABLE, None, {}, (HOME, Basis.STATION, 1800.0, True)),
        (UnitStatus.ON_SCENE, 800, {}, (AWAY, Basis.FIX, 0.0, False)),
        (UnitStatus.ON_SCENE, 800, {"speed": 10.0}, (AWAY, Basis.LAST_PLACE, 800.0, True)),
        (UnitStatus.ON_SCENE, 9000, {}, (AWAY, Basis.LAST_PLACE, 1800.0, True)),  # it is not at home, that is sure
        (UnitStatus.AT_STATION, None, {}, (HOME, Basis.STATION, 0.0, False)),  # a unit without any device
        (UnitStatus.AT_STATION, 50_000, {"point": HOME}, (HOME, Basis.STATION, 0.0, True)),  # its receiver is silent
        (UnitStatus.AT_STATION, 90, {}, (HOME, Basis.STATION, 0.0, False)),  # it came home after that fix
        (UnitStatus.AT_STATION, 30, {}, (AWAY, Basis.FIX, 0.0, False)),  # it says station, but it is not there
        (UnitStatus.AT_STATION, 2000, {"since_s": -4000}, (AWAY, Basis.LAST_PLACE, 1800.0, True)),
        (UnitStatus.UNKNOWN, 500, {}, (AWAY, Basis.FIX, 0.0, False)),
    ],
)
def test_from_where_a_unit_is_reckoned(status: UnitStatus, age_s: float, options: dict[str, object],
                                       expected: tuple[object, ...]) -> None:  # fmt: skip
    assert reckon(status, age_s, **options) == expected


@given(st.sampled_from(UnitStatus), st.none() | st.integers(0, 1_000_000), st.booleans())
def test_every_unit_is_reckoned_from_somewhere(status: UnitStatus, age_s: float | None, at_home: bool) -> None:
    point, basis, widen_s, stale = reckon(status, age_s, point=HOME if at_home else AWAY)
    assert point in (HOME, AWAY)
    assert 0 <= widen_s <= P.widen_max_s
    assert stale or widen_s == 0.0
    assert basis != Basis.LAST_PLACE or stale


def test_a_future_fix_has_no_negative_age() -> None:
    last = LastPlace(AWAY, NOW + timedelta(seconds=3), Source.AUTO)
    assert reckoning(Standing(UnitStatus.EN_ROUTE, NOW), last, HOME, NOW, P).age_s == 0.0


def test_a_full_als_unit() -> None:
    found = abilities("BA", standard_kit("BA"), ALS_CREW)
    assert (found.letters, found.missing) == ("BA", ())
    assert found.lacks({Capability.BLS, Capability.ALS}) == ()
    assert found.lacks({Capability.ECMO}) == (Missing(Capability.ECMO, Part.VEHICLE, "E"),)


def test_what_is_missing_is_named() -> None:
    kit = standard_kit("BA") - {"ventilator"}
    found = abilities("BA", kit, (Skill.DRIVER, Skill.NURSE))
    assert found.letters == "B"
    assert found.missing == (
        Missing(Capability.ALS, Part.KIT, "ventilator"),
        Missing(Capability.ALS, Part.CREW, "physician"),
    )
    nothing = abilities("BA", (), ())
    assert nothing.letters == ""
    assert {item.part for item in nothing.missing} == {Part.KIT, Part.CREW}


def test_an_ecmo_team_needs_two_physicians() -> None:
    team = (Skill.DRIVER, Skill.PHYSICIAN, Skill.PERFUSIONIST, Skill.NURSE)
    kit = standard_kit("AE")
    assert abilities("AE", kit, (*team, Skill.PHYSICIAN)).letters == "AE"
    short = abilities("AE", kit, team)
    assert (short.letters, short.missing) == ("A", (Missing(Capability.ECMO, Part.CREW, "physician", 1),))


def test_the_table_covers_every_letter_and_says_whose_it_is() -> None:
    assert set(PROPOSED_CAPABILITIES.needs) == set(Capability)
    assert "sign-off by a medical director" in PROPOSED_CAPABILITIES.source
    for need in PROPOSED_CAPABILITIES.needs.values():
        assert CrewNeed(frozenset({Skill.DRIVER}), 1) in need.crew
        assert need.kit <= set(PROPOSED_CAPABILITIES.kit)


crews = st.lists(st.sampled_from(Skill), max_size=7)
needs = st.lists(st.builds(CrewNeed, st.frozensets(st.sampled_from(Skill), min_size=1, max_size=3), st.integers(1, 2)),
                 max_size=4)  # fmt: skip


def best(places: list[CrewNeed], crew: list[Skill]) -> int:
    """The most places that can be filled, by trying all ways."""
    if not places:
        return 0
    rest = places[1:]
    ways = [1 + best(rest, crew[:i] + crew[i + 1 :]) for i, skill in enumerate(crew) if skill in places[0].skills]
    return max([best(rest, crew), *ways])


@given(needs, crews)
def test_as_many_places_are_filled_as_can_be(wanted: list[CrewNeed], crew: list[Skill]) -> None:
    places = [CrewNeed(need.skills, 1) for need in wanted for _ in range(need.count)]
    lacking = sum(count for _, count in unfilled(wanted, crew))
    assert lacking == len(places) - best(places, crew)


@given(st.sets(st.sampled_from(CAPABILITY_ORDER)), crews, st.sampled_from(Skill))
def test_one_more_on_board_never_takes_an_ability_away(letters: set[str], crew: list[Skill], more: Skill) -> None:
    vehicle = "".join(sign for sign in CAPABILITY_ORDER if sign in letters)
    kit = standard_kit(vehicle)
    assert set(abilities(vehicle, kit, crew).letters) <= set(abilities(vehicle, kit, [*crew, more]).letters)
