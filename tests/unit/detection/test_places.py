"""Vehicles under way: arrivals offered, unexpected stops, ways that are left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Sign
from dispatch.telemetry.detection.rules_places import Watched, WatchRules, Way
from dispatch.telemetry.detection.states import Goal
from geo.matching.states import Match
from geo.points import METRES_PER_DEGREE, GeoPoint

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
HERE = GeoPoint(lat=41.0, lon=80.0)
EAST = METRES_PER_DEGREE * float(np.cos(np.radians(41.0)))
WATCHED = Watched(UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), Goal.SCENE, HERE, 150.0, 300.0, 120.0)


def drive(rules: WatchRules, places: Iterable[tuple[float, float, float, float]]) -> list[Sign]:
    """Second, metres east and north of the goal, and m/s."""
    return [
        sign
        for at_s, east_m, north_m, speed_mps in places
        for sign in rules.see(
            START + timedelta(seconds=at_s), 41.0 + north_m / METRES_PER_DEGREE, 80.0 + east_m / EAST, speed_mps
        )
    ]


def codes(signs: Iterable[Sign]) -> list[tuple[str, bool]]:
    return [(one.code, one.over) for one in signs]


def straight(begin_s: int, seconds: int, from_m: float, speed_mps: float) -> list[tuple[float, float, float, float]]:
    return [(begin_s + second, from_m + second * speed_mps, 0.0, abs(speed_mps)) for second in range(seconds)]


def test_who_comes_and_stays_is_offered_the_status_once() -> None:
    rules = WatchRules(WATCHED)
    assert drive(rules, straight(0, 99, -1_000.0, 10.0)) == []
    (offer,) = drive(rules, [(100.0 + second, -5.0, 0.0, 0.0) for second in range(600)])
    assert (offer.code, offer.priority, offer.bound) == ("vehicle.at_scene", None, 150.0)
    assert (offer.at - offer.began_at).total_seconds() == 5
    gone = replace(WATCHED, under_way=False)
    assert codes(rules.look_again(gone, START)) == [("vehicle.at_scene", True)]
    assert rules.look_again(gone, START) == []


def test_who_is_told_to_be_there_too_early_arrives_when_it_does_once() -> None:
    rules = WatchRules(WATCHED)
    told = replace(WATCHED, under_way=False, told_there=True)
    assert rules.look_again(told, START) == []
    assert drive(rules, straight(0, 99, -1_000.0, 10.0)) == []
    (came,) = drive(rules, [(100.0 + second, -5.0, 0.0, 0.0) for second in range(60)])
    assert (came.code, (came.began_at - START).total_seconds()) == ("vehicle.at_scene", 100.0)
    assert codes(drive(rules, straight(160, 60, 0.0, 20.0))) == [("vehicle.at_scene", True)]
    assert drive(rules, [(220.0 + second, -5.0, 0.0, 0.0) for second in range(60)]) == []
    # Found before this process knew of it, or by a fix that is known badly: not again, not at all.
    again = WatchRules(told, known=frozenset({"vehicle.at_scene"}))
    assert drive(again, [(float(second), -5.0, 0.0, 0.0) for second in range(60)]) == []
    bad = WatchRules(WATCHED)
    assert [
        sign for second in range(60) for sign in bad.see(START + timedelta(seconds=second), 41.0, 80.0, 0.0, 90.0)
    ] == []


def test_who_leaves_is_found_whatever_its_status_tells_and_over_at_once() -> None:
    ordered = replace(WATCHED, under_way=False, set_at=START)
    rules = WatchRules(ordered)
    assert rules.wants_track
    stands = [(float(second), -3_000.0, 0.0, 0.2) for second in range(30)]
    signs = drive(rules, [*stands, *straight(30, 40, -3_000.0, 12.0)])
    assert codes(signs) == [("vehicle.departed", False), ("vehicle.departed", True)]
    assert (signs[0].began_at - START).total_seconds() == 30
    assert WatchRules(ordered, known=frozenset({"vehicle.departed"})).departure is None
    assert WatchRules(replace(ordered, goal=Goal.HOSPITAL)).departure is None
    # The scene gets another place: who has left has left.
    elsewhere = rules.to(replace(ordered, point=GeoPoint(lat=41.1, lon=80.0)))
    assert drive(elsewhere, straight(70, 60, -2_520.0, 12.0)) == []


def test_who_passes_by_is_offered_nothing() -> None:
    assert drive(WatchRules(WATCHED), straight(0, 200, -1_000.0, 15.0)) == []


def test_who_stands_still_elsewhere_is_told_and_over_when_it_moves() -> None:
    rules = WatchRules(WATCHED)
    (stop,) = drive(rules, [(float(second), -3_000.0 + 10 * (second % 3), 0.0, 0.0) for second in range(180)])
    assert (stop.code, stop.priority, stop.value) == ("vehicle.stopped", AlarmPriority.MEDIUM, 120.0)
    assert stop.began_at == START
    assert codes(drive(rules, straight(180, 60, -2_990.0, 10.0))) == [("vehicle.stopped", True)]


def test_who_is_not_under_way_may_stand() -> None:
    rules = WatchRules(replace(WATCHED, under_way=False))
    assert drive(rules, [(float(second), -3_000.0, 0.0, 0.0) for second in range(600)]) == []


def test_who_leaves_the_way_is_told_once_and_another_way_is_wanted() -> None:
    rules = WatchRules(WATCHED)
    assert rules.wants_way
    rules.way, rules.wants_way = Way(np.array([[80.0 - 5_000 / EAST, 41.0], [80.0, 41.0]])), False
    # 250 m beside the way is within what is allowed.
    assert drive(rules, [(float(second), -4_000.0 + 20 * second, 250.0, 20.0) for second in range(60)]) == []
    strayed = drive(rules, [(60.0 + second, -2_800.0, 250.0 + 20 * second, 20.0) for second in range(60)])
    assert codes(strayed) == [("vehicle.off_route", False)]
    assert (strayed[0].priority, strayed[0].bound) == (AlarmPriority.LOW, 300.0)
    assert rules.wants_way
    assert rules.way is None
    rules.way, rules.wants_way = Way(np.array([[80.0 - 2_800 / EAST, 41.0], [80.0 - 2_800 / EAST, 41.1]])), False
    back = [(120.0 + second, -2_800.0, 1_450.0 + 10 * second, 10.0) for second in range(70)]
    assert codes(drive(rules, back)) == [("vehicle.off_route", True)]


def test_a_place_that_is_known_badly_proves_no_straying() -> None:
    rules = WatchRules(WATCHED)
    rules.way = Way(np.array([[80.0 - 5_000 / EAST, 41.0], [80.0, 41.0]]))
    for second in range(60):
        at, lat = START + timedelta(seconds=second), 41.0 + 400 / METRES_PER_DEGREE
        assert rules.see(at, lat, 80.0 - (4_000 - 20 * second) / EAST, 20.0, 150.0) == []


@given(st.floats(-5_000, 5_000), st.floats(-5_000, 5_000))
def test_the_distance_to_a_way_is_that_to_its_nearest_point(east_m: float, north_m: float) -> None:
    bent = np.array(
        [[80.0, 41.0], [80.0 + 1_000 / EAST, 41.0], [80.0 + 1_000 / EAST, 41.0 + 1_000 / METRES_PER_DEGREE]]
    )
    found = Way(bent).away_m(41.0 + north_m / METRES_PER_DEGREE, 80.0 + east_m / EAST)
    along = np.linspace(0.0, 1_000.0, 2_001)
    points = np.concatenate([np.stack([along, 0 * along], 1), np.stack([0 * along + 1_000, along], 1)])
    nearest = float(np.min(np.hypot(points[:, 0] - east_m, points[:, 1] - north_m)))
    assert abs(found - nearest) < 0.5


ON, ELSEWHERE = Match(7, 0.5, 20.0, 0.9, 0.0), Match(8, 0.5, 1.0, 0.9, 0.0)
"""On an edge of the way, and on one that is not."""


def matched(rules: WatchRules, places: Iterable[tuple[float, float, float]], match: Match | None) -> list[Sign]:
    """Second, metres east and north of the goal."""
    return [
        sign
        for at_s, east_m, north_m in places
        for sign in rules.see(
            START + timedelta(seconds=at_s), 41.0 + north_m / METRES_PER_DEGREE, 80.0 + east_m / EAST, 20.0, 5.0, match
        )
    ]


def expecting() -> WatchRules:
    rules = WatchRules(WATCHED)
    rules.expect(Way(np.array([[80.0 - 5_000 / EAST, 41.0], [80.0, 41.0]]), [6, 7]), "roads")
    return rules


def test_who_is_matched_to_the_way_is_on_it_whatever_the_fix_says() -> None:
    rules = expecting()
    assert matched(rules, [(float(second), -4_000.0 + 20 * second, 400.0) for second in range(60)], ON) == []
    assert codes(matched(rules, [(60.0 + second, -2_800.0, 400.0) for second in range(30)], None)) == [
        ("vehicle.off_route", False)
    ]


def test_on_the_other_carriageway_one_drives_away_beside_the_way() -> None:
    there = [(float(second), -3_000.0 + 20 * second, 25.0) for second in range(30)]
    back = [(30.0 + second, -2_400.0 - 20 * second, 25.0) for second in range(60)]
    rules = expecting()
    assert matched(rules, there, ON) == []
    strayed = matched(rules, back, ELSEWHERE)
    assert codes(strayed) == [("vehicle.off_route", False)]
    assert strayed[0].at == START + timedelta(seconds=30 + 16 + 20)
    # Towards the goal on a road beside it, or where the road is not known, it is no straying.
    assert matched(expecting(), [*there, *((at, -5_400.0 - east, north) for at, east, north in back)], ELSEWHERE) == []
    assert matched(expecting(), [*there, *back], None) == []


def test_a_way_is_asked_for_again_when_the_roads_have_changed() -> None:
    rules = expecting()
    assert not rules.wants_way_on("roads")
    assert rules.wants_way_on("roads with a closure")
    rules.expect(None, "roads with a closure")
    assert not rules.wants_way_on("roads with another")
