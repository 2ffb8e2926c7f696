"""Figures: an incident changes its own strata only, and percentiles are of the rows whatever their order."""

from __future__ import annotations

import math
from typing import Any

from factories.records import figures, record, rows
from hypothesis import given, settings
from hypothesis import strategies as st

_INCIDENT = st.fixed_dictionaries(
    {
        "t0": st.integers(0, 600_000),
        "ground": st.sampled_from(["urban", "rural", None]),
        "judged_priority": st.sampled_from(["P1", "P2", "P3", "P4"]),
        "first_station": st.sampled_from(["ST-1", "ST-2"]),
        "took": st.none() | st.integers(-100, 100_000),
        "exclusion": st.sampled_from([None, None, None, "duplicate", "cancelled"]),
    }
)
_STRATA = ("ground", "priority", "station")


def _told(drawn: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a record table
    made = []
    for one in drawn:
        took = one["took"]
        rest = {name: value for name, value in one.items() if name != "took"}
        made.append({**rest, "t3": one["t0"] + 60, "t6": None if took is None else one["t0"] + took})
    return record(incidents=rows("incidents", *made))


@given(st.lists(_INCIDENT, max_size=40), _INCIDENT)
@settings(max_examples=25, deadline=None)
def test_adding_an_incident_changes_no_other_stratum(drawn: list[dict[str, Any]], added: dict[str, Any]) -> None:
    before = figures("response", _told(drawn), *_STRATA)
    after = figures("response", _told([*drawn, added]), *_STRATA)
    its = {
        ("all", ""), ("ground", added["ground"] or ""), ("priority", added["judged_priority"]),
        ("station", added["first_station"]),
    }  # fmt: skip
    assert {key: one for key, one in after.items() if key not in its} == {
        key: one for key, one in before.items() if key not in its
    }
    counts = added["exclusion"] is None
    assert after.get(("all", "")).eligible == before["all", ""].eligible + counts  # type: ignore[union-attr]


@given(st.lists(st.integers(0, 86_400), min_size=5, max_size=300), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_percentiles_are_nearest_rank_of_any_list(values: list[int], random: Any) -> None:  # noqa: ANN401 - hypothesis'
    random.shuffle(values)
    told = record(
        incidents=rows("incidents", *({"t0": 0, "t3": 1, "t6": value, "state": "closed"} for value in values))
    )
    made = figures("response", told, "ground")["all", ""]
    ordered = sorted(values)
    for percent, mine, low, high in (
        (50, made.p50_s, made.p50_low_s, made.p50_high_s), (90, made.p90_s, made.p90_low_s, made.p90_high_s),
    ):  # fmt: skip
        assert mine == ordered[math.ceil(percent * len(values) / 100) - 1]
        assert low is None or low <= mine
        assert high is None or mine <= high
    assert made.mean_s is not None
    assert math.isclose(made.mean_s, sum(values) / len(values), rel_tol=1e-9, abs_tol=1e-9)
