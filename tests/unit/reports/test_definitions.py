"""Definitions are data: what ships holds together, and what does not is refused by name."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from factories.records import DEFINITIONS, MONDAY, record, rows

from dispatch.kernel.errors import Invalid
from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_definitions import Definitions, definitions_of, read_definitions, shipped_definitions
from dispatch.reports.rules_period import parts_of, report
from dispatch.reports.rules_views import views_of


def _changed(change: dict[str, Any], *, add: bool = False) -> Definitions:
    given, sets = shipped_definitions()
    given = copy.deepcopy(given)
    place = next(number for number, one in enumerate(given["kpi"]) if one["id"] == "response")
    made = {**given["kpi"][place], **change}
    if add:
        given["kpi"].insert(place + 1, made)
    else:
        given["kpi"][place] = made
    return definitions_of(given, sets, RULES, TIMES)


def test_every_figure_is_named_in_three_languages_and_says_where_it_is_from() -> None:
    assert len(DEFINITIONS.kpi) >= 28
    for one in DEFINITIONS.kpi:
        assert all((one.zh, one.en, one.ug, one.formula, one.source)), one.id
        assert all((one.formula_zh, one.formula_ug)), one.id
    response = DEFINITIONS.versions("response")[-1]
    assert [response.formula_in(one)[:2] for one in ("zh", "en", "ug")] == ["首次", "fi", "بى"]
    # One of a centre's own that is told in one language stands as it is told.
    assert msgspec.structs.replace(response, formula_ug="").formula_in("ug") == response.formula
    assert DEFINITIONS.sets.keys() == {"national_2025", "kunshan_plan", "aksu", "arp", "nfpa", "own"}
    assert "director" in DEFINITIONS.awaits


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"denominator": "whoever"}, "no rule whoever"),
        ({"end": "t99"}, "no time t99"),
        ({"start": "clock:mine"}, "no clock:mine"),
        ({"excludes": ["bad_ones"]}, "no rule bad_ones"),
        ({"kind": "share"}, "needs a rule of success"),
        ({"of": "cars"}, "Invalid enum value"),
        ({"target": 8}, "unknown field"),
        ({"late_counts": True}, "late_counts needs within_s"),
    ],
)
def test_a_definition_that_does_not_hold_together_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        _changed(change)


def test_a_later_version_says_from_when() -> None:
    with pytest.raises(Invalid, match="from which later day"):
        _changed({"version": 2}, add=True)


def test_a_period_is_split_where_the_definition_changes() -> None:
    changed = _changed({"version": 2, "from": "2026-11-18", "start": "t1"}, add=True)
    ends = datetime(2026, 11, 22, 16, tzinfo=UTC)
    parts = parts_of(changed, "response", MONDAY, ends)
    midnight = datetime(2026, 11, 17, 16, tzinfo=UTC)  # 18 November, 00:00 in Beijing
    assert [(of.version, first, last) for of, first, last in parts] == [(1, MONDAY, midnight), (2, midnight, ends)]
    day = 86_400
    told = record(
        incidents=rows(
            "incidents",
            *({"t0": at, "t1": at + 10, "t3": at + 60, "t6": at + 310} for at in range(0, 6 * day, day // 3)),
        )
    )
    made = report(views_of(told), changed, MONDAY, ends, ends, kpis=["response"], strata=[])
    assert [(part[0].version, figures[0].n, figures[0].mean_s) for part, figures in made] == [
        (1, 6, 310.0),
        (2, 12, 300.0),
    ]


OWN = """
[clocks.departure_from_call]
version = 1
event = "t0"
zh = "自呼入起"
en = "from the call"
ug = "چاقىرىقتىن باشلاپ"

[[kpi]]
id = "departure"
version = 2
from = 2026-11-18
of = "runs"
kind = "interval"
start = "clock:departure_from_call"
end = "t5"
within_s = 180
denominator = "orders"
excludes = ["excluded", "cancelled_at_once"]
late_counts = true
formula = "T5 − T0"
source = "the centre"
zh = "出车"
en = "Departure"
ug = "يولغا چىقىش"

[sets.own]
zh = "本中心"
en = "This centre"
ug = "مەركەز"
source = "the centre's order of 2026"
targets = [{ kpi = "departure", stat = "share", within_s = 180, at_least = 0.9 }]
"""


def test_a_centre_adds_versions_clocks_and_targets_of_its_own_and_the_old_ones_stay() -> None:
    made = read_definitions(OWN, RULES, TIMES)
    first, second = made.versions("departure")
    assert (made.event(first.start), made.event(second.start)) == ("t3", "t0")
    ends = MONDAY + timedelta(days=7)
    assert [of.version for of, _, _ in parts_of(made, "departure", MONDAY, ends)] == [1, 2]
    assert [one.at_least for one in made.sets["own"].targets] == [0.9]
    assert {name: made.sets[name] for name in made.sets if name != "own"} == {
        name: DEFINITIONS.sets[name] for name in DEFINITIONS.sets if name != "own"
    }
    assert [one.id for one in made.newest()] == [one.id for one in DEFINITIONS.newest()]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # What reports of the past were made by is not changed behind their back.
        ("departure_from_call", "departure_from_order", "clocks.departure_from_order ships"),
        ("sets.own", "sets.national_2025", "sets.national_2025 ships"),
        ("version = 2", "version = 1", "there twice"),
        ("from = 2026-11-18", "", "from which later day"),
        ("version = 2", 'version = "2"', "an id and a version"),
        ("[[kpi]]", "[kpi]", "an id and a version"),
        ("[sets.own]", "[colours]", "no section colours"),
    ],
)
def test_own_figures_that_cannot_be_are_refused_by_name(old: str, new: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read_definitions(OWN.replace(old, new), RULES, TIMES)


def test_an_empty_period_says_so() -> None:
    made = report(views_of(record()), DEFINITIONS, MONDAY, datetime(2026, 11, 22, tzinfo=UTC), MONDAY, strata=["hour"])
    assert len(made) == len(DEFINITIONS.newest())
    assert all(figures[0].eligible == 0 and len(figures) == 1 for _, figures in made)
