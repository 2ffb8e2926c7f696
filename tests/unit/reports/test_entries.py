"""Times of a run that its vehicle's receiver tells, beside those that people told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from dispatch.reports.rules_entries import points_of
from dispatch.reports.rules_lines import FAMILIES

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
Entry = tuple[int, str | None, str | None, str | None]
"""Seconds, the status that was told and its source, or the code of what was detected."""


def told(entries: list[Entry]) -> dict[str, object]:
    rows = [
        {
            "seq": seq, "run_id": "run", "at": START + timedelta(seconds=at_s), "status": status, "source": source,
            "code": code, "type": "unit.status_changed" if code is None else "detection.raised",
        }
        for seq, (at_s, status, source, code) in enumerate(entries)
    ]  # fmt: skip
    schema = FAMILIES["entries"].schema()
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    ends = pl.DataFrame({"run_id": ["run"], "ended_at": [None]}, schema={"run_id": pl.String, "ended_at": schema["at"]})
    return points_of(frame, ends).row(0, named=True)


@pytest.mark.parametrize(
    ("point", "status", "code"),
    [
        ("t5", "en_route", "vehicle.departed"),
        ("t6", "on_scene", "vehicle.at_scene"),
        ("t9", "at_hospital", "vehicle.at_hospital"),
    ],
)
def test_what_the_receiver_tells_counts_and_what_people_told_stands_beside_it(
    point: str, status: str, code: str
) -> None:
    early, at = START + timedelta(seconds=20), START + timedelta(seconds=90)
    both = told([(20, status, "crew", None), (90, None, None, code), (300, None, None, code)])
    assert (both[point], both[f"{point}_auto"], both[f"{point}_manual"]) == (at, at, early)
    assert both[f"{point}_told"] == "auto"
    alone = told([(90, None, None, code)])
    assert (alone[point], alone[f"{point}_manual"]) == (at, None)
    by_people = told([(20, status, "crew", None)])
    assert (by_people[point], by_people[f"{point}_auto"], by_people[f"{point}_told"]) == (early, None, "device")
