"""San Francisco's week, reckoned twice: by import and engine, and in plain pandas, which shares no code with them.

Nothing here is imported from the engine but what is being tested. Percentiles are `sorted[ceil(p/100·n) − 1]`, written
out; figures must be equal to the second, shares to a hundredth of a percentage point.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pandas as pd
import pytest

from api.cli.records import mapping_of
from dispatch.reports.importing.service_import import import_file
from dispatch.reports.importing.states import Outcome
from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_definitions import Definitions, definitions_of, shipped_definitions
from dispatch.reports.rules_period import report
from dispatch.reports.rules_schema import FRAMES
from dispatch.reports.rules_views import views_of
from dispatch.reports.service_store import RecordStore
from dispatch.reports.states_figures import Figure

CALLS: Final = "sffd_calls_2016-12-31_2017-01-07.csv"
BEGINS, ENDS = datetime(2016, 12, 30, tzinfo=UTC), datetime(2017, 1, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 27, tzinfo=UTC)
WITHIN_S: Final = 480
STRATA: Final = {"complaint": "Call Type", "priority": "Final Priority", "organisation": "organisation"}
POINTS: Final = ("Received", "Entry", "Dispatch", "Response", "On Scene", "Transport", "Hospital", "Available")

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def table(real_data: Path) -> pd.DataFrame:
    read = pd.read_csv(real_data / "calls" / CALLS, dtype=str)
    for point in POINTS:
        read[point] = pd.to_datetime(read[f"{point} DtTm"], format="%m/%d/%Y %I:%M:%S %p")
    read["organisation"] = read["Unit Type"].map(lambda kind: "other" if kind == "PRIVATE" else "city")
    return read


@pytest.fixture(scope="module")
def first(table: pd.DataFrame) -> pd.DataFrame:
    """One row a call: its times, and whose unit was there first."""
    assert table.groupby("Call Number")["Final Priority"].nunique().max() == 1
    assert table.groupby("Call Number")["Call Type"].nunique().max() == 1
    arrived = table.dropna(subset=["On Scene"]).sort_values(["Call Number", "On Scene", "Dispatch", "Unit ID"])
    # A time that contradicts its unit's others is believed of no call either.
    later = arrived[["Transport", "Hospital", "Available"]].lt(arrived["On Scene"], axis=0).any(axis=1)
    arrived["wrong"] = later | arrived[["Dispatch", "Response"]].gt(arrived["On Scene"], axis=0).any(axis=1)
    there = arrived.groupby("Call Number").first()[["On Scene", "organisation", "wrong"]]
    calls = table.groupby("Call Number").agg(
        **{
            "Received": ("Received", "min"),
            "Dispatch": ("Dispatch", "min"),
            "Call Type": ("Call Type", "first"),
            "Final Priority": ("Final Priority", "first"),
            "cancelled": ("Call Final Disposition", lambda told: (told == "Cancelled").any()),
        }
    )
    calls = calls.join(there)
    sent = table.sort_values(["Call Number", "Dispatch", "Unit ID"]).groupby("Call Number").first()["organisation"]
    calls["organisation"] = calls["organisation"].fillna(sent)
    return calls[~(calls["cancelled"] & calls["On Scene"].isna())]


@pytest.fixture(scope="module")
def imported(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, RecordStore]:
    folder = tmp_path_factory.mktemp("records")
    store = RecordStore(folder, "sf")
    outcome = import_file(
        store, real_data / "calls" / CALLS, mapping_of("san-francisco-fire"),
        now=NOW, quarantine=folder / "aside.csv", step=lambda _what, _share: None,
    )  # fmt: skip
    return outcome, store


@pytest.fixture(scope="module")
def figures(imported: tuple[Outcome, RecordStore]) -> dict[tuple[str, str, str], Figure]:
    """The engine's figures by id, stratum and key; what it ships, and two more with a target."""
    given, sets = shipped_definitions()
    response = next(one for one in given["kpi"] if one["id"] == "response")
    more = [
        {**response, "id": "from_received", "within_s": WITHIN_S},
        {**response, "id": "from_dispatch", "start": "t3", "within_s": WITHIN_S},
    ]
    definitions: Definitions = definitions_of({**given, "kpi": [*given["kpi"], *more]}, sets, RULES, TIMES)
    views = views_of({name: imported[1].scan(name) for name in FRAMES})
    made = report(views, definitions, BEGINS, ENDS, NOW, strata=[*STRATA, "unit_type"])
    return {(one.kpi, one.stratum, one.key): one for _, found in made for one in found}


def nearest_rank(values: list[int], percent: int) -> int:
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def strata(calls: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    yield "all", "", calls
    for name, column in STRATA.items():
        for key, part in calls.groupby(column):
            yield name, str(key), part


@pytest.mark.parametrize(("kpi", "start"), [("from_received", "Received"), ("from_dispatch", "Dispatch")])
def test_response_of_the_first_unit_is_that_of_plain_pandas(
    first: pd.DataFrame, figures: dict[tuple[str, str, str], Figure], kpi: str, start: str
) -> None:
    seen = 0
    for stratum, key, part in strata(first):
        told = figures[(kpi, stratum, key)]
        taken = (part["On Scene"] - part[start]).dt.total_seconds()
        believed = taken[taken.between(0, 86_400) & ~part["wrong"].fillna(value=False).astype(bool)]
        values = [int(value) for value in believed]
        counts = (len(part), len(values), int(taken.notna().sum()) - len(values))
        assert (told.eligible, told.n, told.impossible) == counts, (stratum, key)
        assert told.completeness == pytest.approx(len(values) / len(part), abs=5e-5)
        if len(values) < 5:
            assert told.suppressed or not values
            assert told.p50_s is None
            continue
        assert (told.p50_s, told.p90_s) == (nearest_rank(values, 50), nearest_rank(values, 90)), (stratum, key)
        assert told.mean_s == pytest.approx(sum(values) / len(values), abs=0.5)
        within = sum(value <= WITHIN_S for value in values)
        assert told.hits == within
        assert told.share == pytest.approx(within / len(values), abs=5e-5), (stratum, key)
        seen += 1
    assert seen > 10
    assert figures[kpi, "all", ""].impossible == 3
    assert len({key for one, stratum, key in figures if one == kpi and stratum == "organisation"}) == 2


def test_response_of_each_unit_is_that_of_plain_pandas(
    table: pd.DataFrame, first: pd.DataFrame, figures: dict[tuple[str, str, str], Figure]
) -> None:
    own = table[table["Call Number"].isin(first.index)]
    order = ["Dispatch", "Response", "On Scene", "Transport", "Hospital", "Available"]
    for kind in ("MEDIC", "PRIVATE", "ENGINE"):
        part = own[own["Unit Type"] == kind]
        values = []
        for row in part[order].itertuples(index=False):
            times = [time for time in row if not pd.isna(time)]
            sent, there = row[0], row[2]
            if pd.isna(there):
                continue
            # A time that contradicts the order of its run is kept out.
            before = [time for time in row[:2] if not pd.isna(time)]
            after = [time for time in row[3:] if not pd.isna(time)]
            if any(time > there for time in before) or any(time < there for time in after) or min(times) < sent:
                continue
            values.append(int((there - sent).total_seconds()))
        told = figures[("unit_response", "unit_type", kind)]
        assert told.n == len(values), kind
        assert (told.p50_s, told.p90_s) == (nearest_rank(values, 50), nearest_rank(values, 90))
        assert told.mean_s == pytest.approx(sum(values) / len(values), abs=0.5)


RUN: Final = POINTS[2:]
"""Times of a run, in the order in which they must not run backwards."""
LEFT_WITHIN_S: Final = 180


def run_values(part: pd.DataFrame, kpi: str) -> tuple[int, list[int], int, int]:
    """Rows that a unit's figure is of, seconds of those that count, those that are impossible, and those that never
    left though the time to leave was over when they were free again."""
    start, *ends = {
        "departure": ("Dispatch", "Response"),
        "travel": ("Response", "On Scene"),
        "scene": ("On Scene", "Transport", "Available"),
        "transport": ("Transport", "Hospital"),
        "turnaround": ("Hospital", "Available"),
    }[kpi]
    eligible = impossible = late = 0
    values = []
    for row in part[list(RUN)].to_dict("records"):
        told = {point: at for point, at in row.items() if not pd.isna(at)}
        there = told.keys() & {"On Scene", "Transport", "Hospital"}
        counts = {
            "departure": "Dispatch" in told,
            "travel": bool(there) or "Available" in told,
            "scene": bool(there),
            "transport": bool(told.keys() & {"Transport", "Hospital"}),
            "turnaround": "Hospital" in told,
        }[kpi]
        if not counts:
            continue
        eligible += 1
        wrong = {
            point
            for place, earlier in enumerate(RUN)
            for later in RUN[place + 1 :]
            if earlier in told and later in told and told[earlier] > told[later]
            for point in (earlier, later)
        }
        end = next((point for point in ends if point in told), None)
        if start not in told or end is None:
            gone = "Response" in told or there or "Available" not in told
            late += not gone and (told["Available"] - told["Dispatch"]).total_seconds() > LEFT_WITHIN_S
            continue
        seconds = int((told[end] - told[start]).total_seconds())
        if wrong & {start, *ends} or not 0 <= seconds <= 86_400:
            impossible += 1
        else:
            values.append(seconds)
    return eligible, values, impossible, late


@pytest.mark.parametrize("kpi", ["departure", "travel", "scene", "transport", "turnaround"])
def test_every_figure_of_units_is_that_of_plain_pandas(
    table: pd.DataFrame, figures: dict[tuple[str, str, str], Figure], kpi: str
) -> None:
    parts = {("all", ""): table}
    for stratum, column in (("organisation", "organisation"), ("unit_type", "Unit Type")):
        parts |= {(stratum, str(key)): part for key, part in table.groupby(column)}
    seen = 0
    for (stratum, key), part in parts.items():
        eligible, values, impossible, late = run_values(part, kpi)
        if not eligible:
            assert (kpi, stratum, key) not in figures or figures[kpi, stratum, key].eligible == 0
            continue
        told = figures[kpi, stratum, key]
        assert (told.eligible, told.n, told.impossible) == (eligible, len(values), impossible), (stratum, key)
        if len(values) < 5:
            continue
        seen += 1
        assert (told.p50_s, told.p90_s) == (nearest_rank(values, 50), nearest_rank(values, 90)), (stratum, key)
        assert told.mean_s == pytest.approx(sum(values) / len(values), abs=0.5)
        if kpi == "departure":
            within = sum(value <= LEFT_WITHIN_S for value in values)
            assert (told.hits, told.counted) == (within, len(values) + late), (stratum, key)
            assert told.share == pytest.approx(within / (len(values) + late), abs=5e-5)
    assert seen > 3


def test_what_the_file_does_not_tell_has_no_figure(
    first: pd.DataFrame, figures: dict[tuple[str, str, str], Figure]
) -> None:
    for kpi in ("answer", "handling", "patient_access", "handover", "task", "written", "rescue_success"):
        told = figures[kpi, "all", ""]
        assert (told.n, told.hits, told.share, told.mean_s) == (0, None, None, None), kpi
    sent = figures["fulfilment", "all", ""]
    assert (sent.eligible, sent.hits, sent.share) == (len(first), int(first["Dispatch"].notna().sum()), 1.0)


def test_every_row_is_accounted_for(table: pd.DataFrame, imported: tuple[Outcome, RecordStore]) -> None:
    outcome, store = imported
    assert (outcome.rows, outcome.imported, outcome.quarantined, outcome.repeated) == (len(table), 7_704, 0, 0)
    assert outcome.incidents == table["Call Number"].nunique() == 3_560
    assert store.scan("runs").collect().height == len(table)
    assert outcome.warnings == ()


def test_every_quirk_of_the_file_is_counted_and_shown(
    table: pd.DataFrame, imported: tuple[Outcome, RecordStore]
) -> None:
    found: dict[str, Any] = {one.code: one.count for one in imported[0].quirks}
    shares = {one.code: one.count / one.of for one in imported[0].quirks if one.of}
    days = table[list(POINTS)].apply(lambda column: column.dt.date)
    expected = {
        "several_units": int((table.groupby("Call Number").size() > 1).sum()),
        "missing.t6": int(table["On Scene"].isna().sum()),
        "missing.t5": int(table["Response"].isna().sum()),
        "missing.t9": int(table["Hospital"].isna().sum()),
        "order.t9_t8": int((table["Hospital"] < table["Transport"]).sum()),
        "order.t6_t5": int((table["On Scene"] < table["Response"]).sum()),
        "order.t8_t6": int((table["Transport"] < table["On Scene"]).sum()),
        "midnight": int((days.min(axis=1) != days.max(axis=1)).sum()),
        "other_day": int((table["Call Date"] != table["Watch Date"]).sum()),
        "priority_letters": int((~table["Original Priority"].isin(["2", "3"])).sum()),
        "organisation.other": int((table["Unit Type"] == "PRIVATE").sum()),
        "transports.other": int(((table["Unit Type"] == "PRIVATE") & table["Transport"].notna()).sum()),
    }
    assert {code: found[code] for code in expected} == expected
    # What the data's own description says of them.
    assert (found["order.t9_t8"], found["other_day"]) == (25, 1_663)
    # 165 rows cross midnight; 170, as described, counts the 5 rows without an end as well.
    assert found["midnight"] + found["missing.t11"] == 170
    assert 0.17 <= shares["missing.t6"] <= 0.21
    assert 0.02 <= shares["missing.t5"] <= 0.03
    assert shares["missing.t9"] == pytest.approx(0.71, abs=0.005)
    assert shares["transports.other"] == pytest.approx(0.24, abs=0.005)
    assert msgspec.json.encode(imported[0])
