"""What is left out of figures, by station and by whom, and the rows behind it. Seconds after Monday 00:00, Beijing."""

from __future__ import annotations

import polars as pl
from factories.records import DEFINITIONS, MONDAY, at, record, rows
from factories.tales import Tale

from dispatch.reports.rules_figures import rows_of
from dispatch.reports.rules_quality import OUT, Left, behind, exclusions_of, findings_of
from dispatch.reports.rules_views import views_of


def _ids(told: dict[str, pl.LazyFrame], code: str, station: str | None = None, who: str | None = None) -> list[str]:
    return behind(views_of(told), code, station, who).collect()["id"].to_list()


def _tale() -> dict[str, pl.LazyFrame]:
    """One incident is served; its first unit is called off on the way by a dispatcher, a second is undone at once."""
    tale = Tale()
    tale.incident("i-1", 0, 6)
    tale.send("r-off", "i-1", 60)
    tale.status("r-off", "en_route", 120)
    tale.end("r-off", 200, reason="diverted")
    tale.send("r-undone", "i-1", 210, "u-corps")
    tale.end("r-undone", 214, "u-corps", reason="undone")
    tale.ride(
        "r-there", "i-1", "u-corps",
        {"t3": 220, "en_route": 300, "on_scene": 900, "transporting": 1_500, "at_hospital": 2_000, "free": 2_600},
    )  # fmt: skip
    tale.close("i-1", 2_600)
    tale.tell("patients", "patient.added", 900, "p-1", incident_id="i-1", ordinal=1)
    tale.tell("patients", "patient.outcome_set", 1_000, "p-1", incident_id="i-1", outcome="transported", version=1)
    tale.tell(
        "patients", "patient.outcome_set", 1_100, "p-1", incident_id="i-1", outcome="refused", version=2,
        actor="person:p-2",
    )  # fmt: skip
    tale.incident("i-2", 5_000, 5_006)
    tale.tell("incidents", "incident.cancelled", 5_100, "i-2", reason="caller_cancelled", actor="person:p-3")
    return tale.record()


def test_each_exclusion_is_told_with_its_station_its_share_and_who_classed_it() -> None:
    told = {
        (one.of, one.reason, one.station): (one.classed_by, one.rows, one.total, one.share)
        for one in exclusions_of(views_of(_tale()))
    }
    assert told == {
        ("incidents", "cancelled", ""): ("person:p-3", 1, 1, 1.0),
        ("runs", "called_off", "ST-1"): ("person:p-1", 1, 1, 1.0),
        ("runs", "undone", "ST-2"): ("person:p-1", 1, 2, 0.5),
        ("patients", "refused", "ST-2"): ("person:p-2", 1, 1, 1.0),
    }


def test_every_count_opens_the_rows_that_it_counted() -> None:
    told = _tale()
    for one in exclusions_of(views_of(told)):
        code = f"{one.of}.out_{one.reason}"
        assert code in OUT
        assert len(_ids(told, code, one.station, one.classed_by)) == one.rows
        assert _ids(told, code, one.station, "person:somebody-else") == []
    assert _ids(told, "runs.out_called_off") == ["r-off"]
    assert _ids(told, "incidents.out_cancelled") == ["i-2"]


def test_what_the_rule_leaves_out_by_itself_is_nobody_s() -> None:
    told = record(
        incidents=rows(
            "incidents", {"t0": 0, "t3": 5, "t6": 20, "exclusion": "flag_down"}, {"t0": 0, "t3": 60, "t6": 600}
        )
    )
    assert exclusions_of(views_of(told)) == [
        Left(
            of="incidents", station="ST-1", reason="flag_down", classed_by="", rows=1, total=2, share=0.5
        )
    ]  # fmt: skip
    assert _ids(told, "incidents.out_flag_down", "ST-1", "") == ["incidents-0000"]


def test_times_told_two_ways_that_differ_are_counted_by_station() -> None:
    told = record(
        runs=rows(
            "runs",
            {"t3": 0, "t5": 100, "t5_auto": 100, "t5_manual": 161, "station": "ST-1", "t11": 900},
            {"t3": 0, "t5": 100, "t5_auto": 100, "t5_manual": 160, "station": "ST-2", "t11": 900},
            {"t3": 0, "t5": 100, "t5_manual": 100, "station": "ST-2", "t11": 900},
        )
    )
    found = {(one.code, one.station): (one.faults, one.eligible) for one in findings_of(views_of(told))}
    assert found["runs.t5_differs", "all"] == (1, 2)
    assert found["runs.t5_differs", "ST-1"] == (1, 1)
    assert found["runs.t5_by_people", "ST-2"] == (1, 2)


def test_a_re_dispatch_keeps_the_first_order() -> None:
    told = _tale()
    incident = told["incidents"].filter(pl.col("incident_id") == "i-1").collect().row(0, named=True)
    assert (incident["t3"], incident["t5"], incident["t6"], incident["runs"]) == (at(60), at(120), at(900), 3)
    of = DEFINITIONS.versions("handling")[-1]
    found = rows_of(views_of(told)["incidents"], of, DEFINITIONS, MONDAY).collect()
    assert found.select("id", "value").rows() == [("i-1", 54)], "to the first order, though another unit came"
