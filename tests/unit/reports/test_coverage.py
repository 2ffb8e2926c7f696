"""Coverage by hand: shares, vehicles for people, crewed hours, and where one more station helps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

import numpy as np
import pytest

from dispatch.kernel.errors import Invalid
from dispatch.reports.rules_coverage import (
    Places,
    Reached,
    Vehicle,
    covered,
    crewed_at,
    groups_of,
    moments_of,
    read_coverage,
    sited,
)
from dispatch.reports.states_coverage import CoverageGroup

NOW = datetime(2026, 11, 27, 4, 10, tzinfo=UTC)
"""12:10 in Beijing."""
USUAL = read_coverage()
ONE, OTHER = UUID(int=1), UUID(int=2)


def _places(weight: list[float], county: list[str | None], ground: list[str | None] | None = None) -> Places:
    count = len(weight)
    nowhere = np.full(count, None, dtype=np.object_)
    return Places(
        np.zeros(count), np.zeros(count), np.array(weight), np.array(county, dtype=np.object_), nowhere,
        nowhere if ground is None else np.array(ground, dtype=np.object_),
    )  # fmt: skip


def _of(groups: list[CoverageGroup], group: str, key: str = "") -> CoverageGroup:
    return next(one for one in groups if (one.group, one.key) == (group, key))


def test_groups_are_what_one_counts_by_hand() -> None:
    people = _places([60_000.0, 30_000.0, 10_000.0], ["c1", "c1", "c2"])
    reached = Reached(np.array([300.0, 901.0, np.inf]), np.array([4_999.9, 12_000.0, np.inf]))
    incidents = _places([1.0, 1.0], ["c1", "c2"])
    sooner = Reached(np.array([480.0, 2_000.0]), np.array([6_000.0, 20_000.0]))
    fleet = [Vehicle("c1", "a", crewed=True, free=True), Vehicle("c2", "b", crewed=True, free=False)]
    figures = read_coverage("people_per_vehicle = 50000\n[counties]\nc2 = 5000")
    groups = groups_of(figures, (people, reached), (incidents, sooner), fleet, {"c1": ("一", "One", "")})
    everything, first, second = _of(groups, "all"), _of(groups, "county", "c1"), _of(groups, "county", "c2")
    assert [(one.id, one.count, one.share) for one in everything.people_within] == [
        ("8min", 60_000, 0.6), ("15min", 60_000, 0.6), ("30min", 90_000, 0.9),
        ("5km", 60_000, 0.6), ("10km", 60_000, 0.6), ("20km", 90_000, 0.9),
    ]  # fmt: skip
    assert [one.count for one in everything.incidents_within] == [1, 1, 1, 0, 1, 2]
    assert (first.name_zh, first.people, first.incidents, first.people_within[0].share) == ("一", 90_000, 1, 2 / 3)
    # 90,000 people at 50,000 for each vehicle need two; one is there. 10,000 at their own 5,000 need two as well.
    assert [(one.base, one.needed, one.missing) for one in (first, second)] == [(50_000, 2, 1), (5_000, 2, 1)]
    # Together 90,000 ÷ 50,000 + 10,000 ÷ 5,000 = 3.8 vehicles.
    assert (everything.base, everything.needed, everything.vehicles) == (pytest.approx(100_000 / 3.8), 4, 2)
    assert (everything.per_30000, everything.per_50000) == (pytest.approx(0.6), pytest.approx(1.0))
    assert (_of(groups, "organisation", "b").crewed, _of(groups, "organisation", "b").free) == (1, 0)
    assert _of(groups, "organisation", "b").per_30000 is None, "nobody is known to live on its ground"
    assert _of(groups, "ground").vehicles is None


def test_nobody_and_nothing_is_no_division_by_zero() -> None:
    empty = _places([], [])
    nothing = Reached(np.zeros(0), np.zeros(0))
    (everything,) = (one for one in groups_of(USUAL, (empty, nothing), (empty, nothing), [], {}) if one.group == "all")
    assert {one.share for one in (*everything.people_within, *everything.incidents_within)} == {None}
    assert (everything.people, everything.vehicles, everything.needed, everything.per_30000) == (0, 0, None, None)


def test_more_is_covered_by_a_wider_limit() -> None:
    random = np.random.default_rng(1)
    reached = Reached(random.uniform(0, 4_000, 200), random.uniform(0, 30_000, 200))
    people = _places(random.uniform(0, 9, 200).tolist(), [None] * 200)
    found = covered(people, reached, USUAL.limits(), np.ones(200, dtype=bool))
    for some in (found[:3], found[3:]):
        assert [one.count for one in some] == sorted(one.count for one in some)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("people_per_vehicle = 0", "more than 0"),
        ("people_per_vehicle = '30000'", "number"),
        ("within_min = [8, -1]", "0 or more"),
        ("within_min = [601]", "at most 600"),
        ("crewed_share = 1.5", "crewed_share"),
        ("negative_pressure_share = 40", "negative_pressure_share"),
        ("crewed_days = 40", "crewed_days"),
        ("urban_km = [7]", "among within_km"),
        ("[counties]\nc1 = 0", "counties"),
        ("[counties]\nc1 = true", "counties"),
        ("radius = 3", "no figure radius"),
        ("within_min = [", "no TOML"),
    ],
)
def test_own_figures_that_cannot_be_are_refused(text: str, word: str) -> None:
    with pytest.raises(Invalid, match=word) as caught:
        read_coverage(text)
    assert caught.value.code == "figures.invalid"


def test_a_station_counts_as_crewed_where_it_was_so_on_half_of_the_days_that_are_known() -> None:
    assert moments_of(13, NOW, 2)[0] == datetime(2026, 11, 26, 5, 30, tzinfo=UTC), "13:30 today is still to come"
    assert moments_of(11, NOW, 1) == [datetime(2026, 11, 27, 3, 30, tzinfo=UTC)]
    first = NOW - timedelta(days=4)
    duties = [(ONE, first, None)]
    duties += [(OTHER, moments_of(3, NOW, 4)[day] - timedelta(hours=1), moments_of(3, NOW, 4)[day] + timedelta(hours=1))
               for day in (0, 2)]  # fmt: skip
    assert crewed_at(3, NOW, USUAL, duties) == ({ONE, OTHER}, 4)
    assert crewed_at(3, NOW, USUAL, duties[:-1]) == ({ONE}, 4)
    assert crewed_at(5, NOW, USUAL, duties) == ({ONE}, 4)
    assert crewed_at(5, NOW, USUAL, []) == (frozenset(), 0)


def test_each_further_station_is_the_one_that_reaches_most_who_are_not_reached() -> None:
    weight = np.array([10.0, 20.0, 30.0, 40.0, 5.0])
    already = np.array([False, False, False, True, False])
    reach = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0]], dtype=bool)
    steps = sited(weight, already, reach, 5)
    # The second reaches 50 people, then the first still 10; the rest adds nobody.
    assert [(one.candidate, one.gained, one.people) for one in steps] == [(1, 50.0, 90.0), (0, 10.0, 100.0)]
    assert sited(weight, already, np.zeros((0, 5), dtype=bool), 3) == []


def test_the_first_step_is_the_best_and_two_are_no_worse_than_the_known_bound() -> None:
    random = np.random.default_rng(7)
    for _ in range(20):
        weight, already = random.uniform(1, 9, 30), random.uniform(size=30) < 0.2
        reach = random.uniform(size=(9, 30)) < 0.3
        steps = sited(weight, already, reach, 2)
        left = np.where(already, 0.0, weight)
        assert steps[0].gained == pytest.approx(max(float(left[row].sum()) for row in reach))
        best = max(float(left[reach[a] | reach[b]].sum()) for a, b in combinations(range(9), 2))
        assert sum(one.gained for one in steps) >= 0.75 * best - 1e-9
