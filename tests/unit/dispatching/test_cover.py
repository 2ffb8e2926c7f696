"""What cover a choice takes away."""

from __future__ import annotations

from uuid import UUID

import pytest

from dispatch.dispatching.rules_cover import Coming, Cover, cover_without, taken_away

STATION, OTHER, FAR = (UUID(int=number) for number in (100, 200, 300))
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def test_the_last_unit_of_a_station_leaves_it_to_the_next_best() -> None:
    coming = [Coming(B, 700.0), Coming(A, 90.0), Coming(C, 402.5)]
    told = cover_without(A, STATION, [A], coming)
    assert told == Cover(STATION, 1, 0, 0, 90.0, 402.5, C)
    assert (told.thin, told.longer_s) == (True, 312.5)


def test_a_station_may_keep_more_than_one() -> None:
    coming = [Coming(A, 90.0), Coming(B, 90.0)]
    assert not cover_without(A, STATION, [A, B], coming, kept=1).thin
    assert cover_without(A, STATION, [A, B], coming, kept=2).thin
    assert not cover_without(C, STATION, [A], coming, kept=2).thin, "who is not free here takes nothing away"


def test_where_nobody_is_left_the_way_has_no_end() -> None:
    told = cover_without(A, STATION, [A], [Coming(A, 90.0)])
    assert (told.after_s, told.by, told.longer_s) == (None, None, float("inf"))
    empty = cover_without(A, STATION, [], [])
    assert (empty.before_s, empty.longer_s, empty.thin) == (None, 0.0, False)


@pytest.mark.parametrize("least_s", [0.0, 60.0, 1e9])
def test_its_own_station_comes_first_and_then_what_loses_most(least_s: float) -> None:
    home = cover_without(A, STATION, [A, B], [Coming(A, 90.0), Coming(B, 90.0)])
    little = cover_without(A, OTHER, [B], [Coming(A, 300.0), Coming(B, 330.0)])
    much = cover_without(A, FAR, [], [Coming(A, 300.0), Coming(B, 900.0)])
    found = [one.station_id for one in taken_away(home, [little, much], least_s=least_s)]
    assert found == {0.0: [STATION, FAR, OTHER], 60.0: [STATION, FAR], 1e9: [STATION]}[least_s]
