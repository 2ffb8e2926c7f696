from __future__ import annotations

from typing import Any

import polars as pl
from factories.records import record, rows

from dispatch.reports.rules_stretches import cuts_of, stretches_of
from dispatch.reports.rules_views import views_of


def _made(*told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Incidents: T0 at 0, first order `t3`, and the times of the run that arrived first."""
    incidents = [
        {"incident_id": one["id"], "t0": 0, "t3": one["t3"], "t6": one["run"][2], "first_run_id": f"r-{one['id']}"}
        for one in told
    ]
    runs = [
        {"run_id": f"r-{one['id']}", "incident_id": one["id"], **dict(zip(("t3", "t5", "t6"), one["run"], strict=True))}
        for one in told
    ]
    frames = views_of(record(incidents=rows("incidents", *incidents), runs=rows("runs", *runs)))
    found = stretches_of(cuts_of(frames["incidents"], frames["runs"]).collect())
    return {row["incident_id"]: row for row in found.iter_rows(named=True)}


def test_what_is_furthest_over_its_median_is_the_cause() -> None:
    usual = [{"id": f"u{n}", "t3": 60, "run": (60, 160, 600)} for n in range(5)]
    found = _made(
        *usual,
        {"id": "late call", "t3": 700, "run": (700, 800, 1_240)},
        {"id": "given again", "t3": 60, "run": (900, 1_000, 1_440)},
        {"id": "slow to leave", "t3": 60, "run": (60, 560, 1_000)},
        {"id": "far", "t3": 60, "run": (60, 160, 3_000)},
    )
    assert {key: row["cause"] for key, row in found.items() if not key.startswith("u")} == {
        "late call": "taking", "given again": "again", "slow to leave": "leaving", "far": "way",
    }  # fmt: skip
    assert {found[f"u{n}"]["cause"] for n in range(5)} == {None}
    far = found["far"]
    assert [far[name] for name in ("taking", "again", "leaving", "way")] == [60, 0, 100, 2_840]


def test_times_that_contradict_or_lack_each_other_make_no_stretch() -> None:
    found = _made({"id": "a", "t3": 60, "run": (60, None, 600)}, {"id": "b", "t3": 60, "run": (60, 700, 600)})
    assert [found["a"][name] for name in ("taking", "again", "leaving", "way")] == [60, 0, None, None]
    assert found["b"]["way"] is None
    assert pl.Series([found["a"]["cause"], found["b"]["cause"]]).null_count() == 2
