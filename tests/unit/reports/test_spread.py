from __future__ import annotations

import itertools
from datetime import timedelta

import msgspec
import polars as pl
from factories.records import DEFINITIONS, MONDAY, record, rows
from hypothesis import given
from hypothesis import strategies as st

from api.reports.desk import Views
from api.reports.figures import spread_told
from dispatch.reports.rules_definitions import Definition
from dispatch.reports.rules_spread import MOST, WIDTHS, Bin, spread_of, width_of
from dispatch.reports.rules_views import views_of


def series(*values: int | None) -> pl.Series:
    return pl.Series(values, dtype=pl.Int32)


def test_a_worked_case() -> None:
    """Five values: one in the fifth minute, three in the sixth (a full minute begins the next), one later."""
    found = spread_of(series(299, 300, 310, 359, None, 420), 60)
    assert found == [
        Bin(from_s=240, until_s=300, rows=1),
        Bin(from_s=300, until_s=360, rows=3),
        Bin(from_s=360, until_s=420, rows=0),
        Bin(from_s=420, until_s=480, rows=1),
    ]


def test_what_lies_far_beyond_is_one_step_without_an_end() -> None:
    found = spread_of(series(0, *range(0, 3_600, 60), 86_000), 60)
    assert len(found) == MOST + 1
    assert found[-1].until_s is None
    assert found[-1].rows == 60 - MOST + 1


def test_nothing_has_no_steps_and_who_is_too_early_has_one() -> None:
    assert spread_of(series(None), 60) == []
    assert width_of(series()) == WIDTHS[0]
    assert spread_of(series(-30, 10), 60) == [
        Bin(from_s=-60, until_s=0, rows=1),
        Bin(from_s=0, until_s=60, rows=1),
    ]


@given(st.lists(st.one_of(st.none(), st.integers(-86_400, 86_400)), max_size=300))
def test_no_value_is_lost_and_each_lies_in_one_step(values: list[int | None]) -> None:
    given_values = series(*values)
    width = width_of(given_values)
    found = spread_of(given_values, width)
    known = [one for one in values if one is not None]
    assert sum(one.rows for one in found) == len(known)
    assert len(found) <= MOST + 1
    for one in found:
        end = 10**9 if one.until_s is None else one.until_s
        assert one.rows == sum(one.from_s <= value < end for value in known)
    for before, after in itertools.pairwise(found):
        assert before.until_s == after.from_s


def test_over_a_change_of_a_definition_the_later_part_is_told() -> None:
    answer = msgspec.to_builtins(DEFINITIONS.versions("answer")[0])
    later = msgspec.convert({**answer, "from": "2026-11-18", "version": 2}, Definition)
    known = msgspec.structs.replace(DEFINITIONS, kpi=(*DEFINITIONS.kpi, later))
    told = rows("calls", *({"t0": day * 86_400, "t1": day * 86_400 + 6} for day in range(5)))
    frames = {name: one.collect() for name, one in views_of(record(calls=told)).items()}
    views = Views(1, MONDAY + timedelta(days=9), (), frames)
    spread = spread_told(views, known, (MONDAY, MONDAY + timedelta(days=7)), "answer", {})
    # From Wednesday on: two of the five calls were before.
    assert (spread.begins, spread.until) == (MONDAY + timedelta(days=2), MONDAY + timedelta(days=7))
    assert sum(one.rows for one in spread.bins) == 3
