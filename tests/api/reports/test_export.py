"""Reports taken out: the same figures in every form, nothing of patients without right and reason, each with a line."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any, Final

import polars as pl
import pytest
from factories.desk import Desk
from factories.incidents import REGION
from factories.records import MONDAY, rows
from httpx import Response
from openpyxl import load_workbook

from dispatch.audit.queries import list_lines
from dispatch.reports.service_store import RecordStore

pytestmark = pytest.mark.database
WEEK: Final = {"from": MONDAY.isoformat(), "until": (MONDAY + timedelta(days=7)).isoformat()}
HOUR: Final = 3_600


def _import(desk: Desk) -> None:
    """Forty incidents, one an hour from 00:10: ST-1 takes 600 s, ST-2 1,800 s; each with a patient of 57."""
    incidents, runs, patients = [], [], []
    for hour in range(40):
        at, station, took = hour * HOUR + 600, f"ST-{1 + hour % 2}", 1_800 if hour % 2 else 600
        name = f"i-{hour:03}"
        incidents.append(
            {
                "incident_id": name, "number": f"2026-{hour:06}", "t0": at, "t1": at + 5, "t3": at + 60,
                "t6": at + took, "t6_capable": at + took, "first_station": station, "lat": 41.16841, "lon": 80.25812,
                "first_run_id": f"r-{hour:03}",
            }
        )  # fmt: skip
        runs.append(
            {
                "run_id": f"r-{hour:03}", "incident_id": name, "t3": at + 60, "t5": at + 160, "t6": at + took,
                "t11": at + 3_000, "station": station, "call_sign": "阿-07", "unit_id": "u-7",
            }
        )  # fmt: skip
        patients.append(
            {"patient_id": f"p-{hour:03}", "incident_id": name, "unit_id": "u-7", "age_years": 57, "sex": "female"}
        )
    store = RecordStore(desk.parts.settings.home, REGION)
    frames = {"incidents": incidents, "runs": runs, "patients": patients}
    store.keep_import("week", {name: rows(name, *told) for name, told in frames.items()})


async def _taken(desk: Desk, who: str = "supervisor", **asked: Any) -> Response:  # noqa: ANN401
    return await (await desk.as_(who)).get("/api/reports/export", params={**WEEK, **asked})


async def _lines(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    async with desk.parts.database.read() as session:
        lines = await list_lines(session, after_seq=0)
    return [(line.type, dict(line.payload)) for line in lines if line.type.startswith("report.")]


async def test_every_form_tells_the_figures_of_the_interface(desk: Desk) -> None:
    _import(desk)
    told = await (await desk.as_("supervisor")).get("/api/reports/figures", params={**WEEK, "by": "station"})
    wanted = {(one["kpi"], one["stratum"], one["key"]): one for kpi in told.json()["kpis"] for one in kpi["figures"]}
    given = await _taken(desk, format="csv", by="station", bom=True)
    assert given.status_code == 200, given.text
    assert given.headers["content-type"].startswith("text/csv")
    assert given.content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(given.content.decode("utf-8-sig"), newline="")))
    assert {(row["kpi"], row["stratum"], row["key"]) for row in table} == set(wanted)
    for row in table:
        one = wanted[row["kpi"], row["stratum"], row["key"]]
        assert (row["n"], row["p50"], row["p90"]) == (str(one["n"]), *(str(one[p] or "") for p in ("p50_s", "p90_s")))
        assert row["share"] == ("" if one["share"] is None else str(one["share"]))
    parquet = pl.read_parquet(io.BytesIO((await _taken(desk, format="parquet", by="station")).content))
    assert parquet.filter(kpi="response", stratum="station", key="ST-2")["p90"].to_list() == [timedelta(seconds=1_800)]
    listed = json.loads((await _taken(desk, format="json", by="station")).content)
    assert [row["p50"] for row in listed if (row["kpi"], row["stratum"]) == ("response", "all")] == [600]
    book = load_workbook(io.BytesIO((await _taken(desk, format="xlsx", by="station", language="en")).content))
    assert book.sheetnames[0] == "Figures"
    assert {"Definitions", "About", "Response Station"} <= set(book.sheetnames)
    assert len(book["Response Station"]._charts) == 1
    (target,) = (
        row for row in book["Targets"].iter_rows(values_only=True) if (row[0], row[3]) == ("departure", "share")
    )
    assert target[1:3] == ("Departure", 1)
    assert target[5:7] == (timedelta(seconds=180), "≥")
    assert (target[8], target[10], target[11]) == (0.95, 1.0, True)
    assert ("Target set", "National opinion, to 2025") in book["About"].iter_rows(values_only=True)
    heads, *body = ([cell.value for cell in row] for row in book["Figures"].iter_rows())
    assert len(set(heads)) == len(heads)
    found = [dict(zip(heads, row, strict=True)) for row in body]
    (second,) = (row for row in found if (row["Figure's code"], row["Key"]) == ("response", "ST-2"))
    assert (second["Figure"], second["n"], second["p90"]) == ("Response", 20, timedelta(seconds=1_800))
    assert [kind for kind, _ in await _lines(desk)] == ["report.exported"] * 4


async def test_records_leave_without_patient_data(desk: Desk) -> None:
    _import(desk)
    incidents = pl.read_parquet(io.BytesIO((await _taken(desk, format="parquet", view="incidents")).content))
    assert incidents.height == 40
    assert incidents["t0"].dt.minute().unique().to_list() == [0]
    assert set((incidents["t6"] - incidents["t0"]).dt.total_seconds()) == {600, 1_800}
    assert (incidents["lat"][0], incidents["lon"][0]) == (41.17, 80.26)
    assert not any("2026-0" in number for number in incidents["number"])
    runs = pl.read_parquet(io.BytesIO((await _taken(desk, format="parquet", view="runs")).content))
    assert set(runs["case"]) == set(incidents["case"])
    patients = pl.read_parquet(io.BytesIO((await _taken(desk, format="parquet", view="patients")).content))
    assert set(patients["age_years"]) == {50}
    text = (await _taken(desk, format="csv", view="nemsis")).text
    heads = text.splitlines()[0].split(",")
    assert {"eTimes.03", "eTimes.13", "eDispatch.05", "eResponse.14"} <= set(heads)
    first = dict(zip(heads, next(csv.reader(io.StringIO(text.split("\r\n", 1)[1]))), strict=True))
    assert first["eDispatch.05"] == "2305003"
    assert "i-0" not in text
    assert (first["eScene.01"], first["eResponse.13"]) == ("true", "u-7")
    (own, *_) = csv.DictReader(io.StringIO((await _taken(desk, format="csv", view="ws542")).text, newline=""))
    assert own["呼救受理.呼入T0"] == "2026-11-16T00:00:00+08:00"
    assert (own["患者.性别"], own["患者.年龄"], own["转运.目的医院"]) == ("female", "50", "")


async def test_patient_data_take_the_right_a_reason_a_watermark_and_a_line(desk: Desk) -> None:
    _import(desk)
    asked = {"format": "csv", "view": "incidents", "patient_data": True}
    assert (await _taken(desk, **asked)).json()["code"] == "report.reason"
    given = await _taken(desk, **asked, reason="law", zone="xinjiang")
    (first, *_) = csv.DictReader(io.StringIO(given.text, newline=""))
    assert (first["number"], first["t0"]) == ("2026-000000", "2026-11-15T22:10:00+06:00")
    assert first["lat"] == "41.16841"
    assert first["watermark"].endswith(" law")
    ((kind, payload),) = await _lines(desk)
    assert (kind, payload["reason"], payload["view"]) == ("report.exported", "law", "incidents")


@pytest.mark.parametrize("who", ["dispatcher", "crew"])
async def test_who_may_not_is_refused_and_the_journal_tells_it(desk: Desk, who: str) -> None:
    refused = await _taken(desk, who, format="csv", view="patients", patient_data=True, reason="law")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission.refused")
    ((kind, payload),) = await _lines(desk)
    assert (kind, payload["patient_data"]) == ("report.withheld", True)


async def test_an_empty_period_says_so_in_every_form(desk: Desk) -> None:
    for form in ("csv", "xlsx", "parquet", "json"):
        assert (await _taken(desk, format=form)).status_code == 200
    book = load_workbook(io.BytesIO((await _taken(desk, format="xlsx", view="runs")).content))
    # A workbook is in the words of its language; records keep the names of their fields.
    facts = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert facts["记录"] == "none in this period"
    assert book["runs"]["A1"].value == "case"


async def test_records_are_not_printed(desk: Desk) -> None:
    refused = await _taken(desk, format="pdf", view="runs")
    assert (refused.status_code, refused.json()["code"]) == (422, "report.form")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "ug"])
async def test_a_period_is_printed(desk: Desk, language: str) -> None:
    _import(desk)
    given = await _taken(desk, format="pdf", language=language)
    assert given.status_code == 200, given.text
    assert given.content.startswith(b"%PDF-1.7")
    assert (
        given.headers["content-disposition"] == 'attachment; filename="tarim-figures-20261116-0000-20261123-0000.pdf"'
    )
