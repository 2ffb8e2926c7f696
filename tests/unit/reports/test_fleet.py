"""What vehicles were when they were ordered, whatever they are today."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from factories.records import MONDAY
from factories.tales import Tale, folded

from dispatch.reports.rules_fleet import EVER, Change, fleet_history, held_otherwise
from dispatch.units.events_imports import UnitDescribed

_OLD = UnitDescribed("示例-001", "als", "", "civil", "civil", "ST-1", "AB")
_NEW = replace(_OLD, type="basic", organisation="corps", system="corps", station="ST-2", capabilities="B")
_AT = MONDAY + timedelta(seconds=1_000)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # It joined: what it joined as is the earliest that is known, also for a run from paper before that.
        ([(None, _OLD, 500), (_OLD, _NEW, 1_000)], [(EVER, "ST-1"), (500, "ST-1"), (1_000, "ST-2")]),
        # A journal older than such lines: before its first change it was what that line says.
        ([(_OLD, _NEW, 1_000)], [(EVER, "ST-1"), (1_000, "ST-2")]),
        # Twice in one moment: the last counts.
        ([(_OLD, _NEW, 1_000), (_NEW, replace(_NEW, station="ST-3"), 1_000)], [(EVER, "ST-1"), (1_000, "ST-3")]),
        # No line at all: it is what it is, and the order says whose it was.
        ([], [(EVER, "ST-9")]),
        # It left: what it was holds for what it did.
        ([(None, _OLD, 500), (_OLD, None, 1_000)], [(EVER, "ST-1"), (500, "ST-1")]),
    ],
)
def test_the_earliest_that_is_known_holds_for_all_time_before(
    changes: list[tuple[UnitDescribed | None, UnitDescribed | None, int]], expected: list[tuple[object, str]]
) -> None:
    lines = [Change("u", MONDAY + timedelta(seconds=at), before, after) for before, after, at in changes]
    fleet = fleet_history({"u": replace(_OLD, station="ST-9")}, lines)
    told = [
        (EVER if at == EVER else int((at - MONDAY).total_seconds()), of)
        for at, of in fleet["from_at", "station"].rows()
    ]
    assert told == expected
    assert fleet["held_organisation"].null_count() == (0 if changes else 1)


def test_a_vehicle_that_moves_leaves_its_past_runs_where_they_were() -> None:
    tale = Tale()
    tale.incident("before", 0, 6)
    tale.ride("r-before", "before", "u-civil", {"t3": 60, "en_route": 100, "on_scene": 1_500, "free": 2_000})
    tale.incident("after", 5_000, 5_006, needs="A")
    tale.ride("r-after", "after", "u-civil", {"t3": 5_060, "en_route": 5_100, "on_scene": 5_500, "free": 6_000})
    unmoved = tale.record()["incidents"].collect()
    # Moved and refitted while it is on its way: the run stays of the station that it was ordered from.
    tale.refit("u-civil", 1_000, station="ST-7", type="basic", capabilities="B", system="corps")
    record = {name: rows.collect() for name, rows in tale.record().items()}
    runs = record["runs"].select("run_id", "station", "unit_type", "capabilities", "system").cast(pl.String)
    assert {row[0]: row[1:] for row in runs.rows()} == {
        "r-before": ("ST-1", "als", "AB", "civil"),
        "r-after": ("ST-7", "basic", "B", "corps"),
    }
    old = pl.col("incident_id") == "before"
    assert record["incidents"].filter(old).to_dicts() == unmoved.filter(old).to_dicts()
    capable = dict(record["incidents"].select("incident_id", pl.col("t6_capable").is_null()).rows())
    assert capable == {"before": False, "after": True}


def test_a_run_from_paper_is_of_whoever_had_the_vehicle_then() -> None:
    tale = Tale()
    tale.incident("i", 0, 6)
    at = {"at": MONDAY + timedelta(seconds=100), "ended_at": MONDAY + timedelta(seconds=900), "source": "paper"}
    told = {"run_id": "r", "incident_id": "i", "unit_id": "u-civil", "reason": "completed", "priority": "P2"}
    tale.tell("runs", "assignment.entered", 9_000, "u-civil", organisation="corps", **told, **at)
    alone = tale.record()["runs"].collect()
    assert alone["organisation"].cast(pl.String).to_list() == ["corps"]
    tale.refit("u-civil", 1_000, organisation="corps", system="corps")
    run = tale.record()["runs"].collect()
    assert run.select("organisation", "system").cast(pl.String).rows() == [("civil", "civil")]


def test_only_runs_of_which_a_new_line_tells_otherwise_are_folded_again() -> None:
    tale = Tale()
    for number, unit in enumerate(("u-civil", "u-corps")):
        for key, at in (("early", 0), ("late", 5_000)):
            tale.incident(f"{key}-{number}", at, at + 6)
            tale.send(f"r-{key}-{number}", f"{key}-{number}", at + 60, unit)
    beside = folded(tale.read(), tale.context())[1]
    before = tale.context().fleet
    tale.refit("u-civil", 1_000, station="ST-7")
    assert held_otherwise(beside.ends, before, before).to_list() == []
    # That its history is told now at all changes whose it was by no line: that is told with it.
    assert sorted(held_otherwise(beside.ends, before, tale.context().fleet)) == ["r-early-0", "r-late-0"]
    before = tale.context().fleet
    tale.refit("u-civil", 3_000, station="ST-8")
    assert held_otherwise(beside.ends, before, tale.context().fleet).to_list() == ["r-late-0"]
