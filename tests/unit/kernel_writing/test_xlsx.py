"""Workbooks: read back by openpyxl, which shares no code with the writer, and by LibreOffice where it is installed."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from dispatch.kernel.writing.sheets import Chart, Column, Page
from dispatch.kernel.writing.xlsx import _Book, write_workbook

MADE_AT = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
MOMENT = datetime(2026, 11, 26, 17, 59, 30, tzinfo=UTC)


def written(*pages: Page, zone: str = "Asia/Shanghai") -> bytes:
    target = io.BytesIO()
    write_workbook(target, pages, zone=zone, title="A report", made_at=MADE_AT)
    return target.getvalue()


def cells(data: bytes, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data))[sheet].iter_rows()]


def column(values: Sequence[object], dtype: type[pl.DataType] | pl.DataType) -> Page:
    return Page("One", pl.LazyFrame({"v": pl.Series(values, dtype=dtype)}))


def test_times_are_times_in_the_wall_clock_of_the_zone() -> None:
    rows = pl.LazyFrame(
        {
            "at": [MOMENT],
            "day": [date(2026, 11, 26)],
            "took": [timedelta(hours=25, minutes=1, seconds=2)],
            "n": [7],
            "share": [0.955],
            "late": [True],
            "who": ["阿克苏"],
            "none": pl.Series([None], dtype=pl.Int64),
        }
    )
    data = written(Page("Runs", rows, columns=[Column("at", "出车 (UTC+8)"), Column("share", percent=True)]))
    head, row = cells(data, "Runs")
    assert head == ["出车 (UTC+8)", "share", "day", "took", "n", "late", "who", "none"]
    took = timedelta(hours=25, minutes=1, seconds=2)
    assert row == [datetime(2026, 11, 27, 1, 59, 30), 0.955, datetime(2026, 11, 26), took, 7, True, "阿克苏", None]  # noqa: DTZ001 - a sheet knows no zones
    sheet = load_workbook(io.BytesIO(data))["Runs"]
    assert sheet.freeze_panes == "A2"
    formats = [sheet.cell(2, place).number_format for place in range(1, 5)]
    assert formats == ["yyyy\\-mm\\-dd\\ hh:mm:ss", "0.00%", "yyyy\\-mm\\-dd", "[h]:mm:ss"]
    assert cells(written(Page("Runs", rows), zone="Asia/Urumqi"), "Runs")[1][0] == datetime(2026, 11, 26, 23, 59, 30)  # noqa: DTZ001


def test_what_excel_has_no_number_for_stands_as_text() -> None:
    assert cells(written(column([datetime(1900, 1, 5, 3, 4, 5)], pl.Datetime)), "One")[1] == ["1900-01-05 03:04:05"]  # noqa: DTZ001
    assert cells(written(column([date(1899, 12, 31)], pl.Date)), "One")[1] == ["1899-12-31"]
    assert cells(written(column([timedelta(seconds=-90)], pl.Duration)), "One")[1] == ["-90 s"]
    assert cells(written(column([float("inf"), None, 2.5], pl.Float64)), "One")[1:] == [["inf"], [None], [2.5]]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_as_text_and_never_as_a_formula(texts: list[str]) -> None:
    safe = [text.encode("utf-8", "ignore").decode() for text in texts]
    sheet = load_workbook(io.BytesIO(written(column(safe, pl.String))))["One"]
    for place, text in enumerate(safe, start=2):
        cell = sheet.cell(place, 1)
        plain = "".join(
            "\N{REPLACEMENT CHARACTER}" if (sign < " " and sign not in "\t\n\r") or sign in "\x7f￾￿" else sign
            for sign in text
        )
        assert cell.data_type in "sn", "a formula"
        assert unescape(cell.value or "") == plain


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "_x0041_", "a & b < c > d \"e\" 'f'", " x "])
def test_texts_that_look_like_something_else_stay_what_they_are(text: str) -> None:
    cell = load_workbook(io.BytesIO(written(column([text], pl.String))))["One"]["A2"]
    assert (cell.data_type, unescape(cell.value)) == ("s", text)


def test_a_text_longer_than_a_cell_is_cut_to_it() -> None:
    assert cells(written(column(["汉" * 40_000], pl.String)), "One")[1] == ["汉" * 32_767]


def test_rows_beyond_a_sheet_go_on_in_the_next_with_their_head() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        book = _Book(packed, most_rows=11)
        book.add(Page("Runs: all/any [2026]", pl.LazyFrame({"n": range(25)})), "UTC")
        book.add(Page("runs  all any  2026", pl.LazyFrame({"n": [1]})), "UTC")
        names = book.names
    assert names == [
        "Runs  all any  2026",
        "Runs  all any  2026 (2)",
        "Runs  all any  2026 (3)",
        "runs  all any  2026 (4)",
    ]
    with zipfile.ZipFile(target) as packed:
        counts = [packed.read(f"xl/worksheets/sheet{n}.xml").count(b"<row ") for n in range(1, 5)]
    assert counts == [11, 11, 6, 2]


def test_an_empty_table_is_a_sheet_with_its_head() -> None:
    assert cells(written(column([], pl.String)), "One") == [["v"]]


def test_charts_point_at_their_cells() -> None:
    rows = pl.LazyFrame({"station": ["a", "b"], "p50": [1.0, 2.0], "p90": [3.0, 4.0]})
    charts = [Chart("p50 & p90", "station", ["p50", "p90"], unit="min"), Chart("Trend", "station", ["p90"], "line")]
    data = written(Page("It's", rows, charts=charts), Page("Other", rows, charts=charts[:1]))
    book = load_workbook(io.BytesIO(data))
    bar, line = book["It's"]._charts
    assert [series.val.numRef.f for series in bar.series] == ["'It''s'!$B$2:$B$3", "'It''s'!$C$2:$C$3"]
    assert bar.series[0].cat.strRef.f == "'It''s'!$A$2:$A$3"
    assert [series.val.numRef.f for series in line.series] == ["'It''s'!$C$2:$C$3"]
    assert len(book["Other"]._charts) == 1


def test_the_same_rows_make_the_same_bytes() -> None:
    page = Page("One", pl.LazyFrame({"at": [MOMENT] * 3, "x": ["a", None, "c"]}))
    assert written(page) == written(page)


def test_a_column_that_no_sheet_can_show_is_refused() -> None:
    with pytest.raises(ValueError, match="priorities"):
        written(Page("One", pl.LazyFrame({"priorities": [[1, 2]]})))


@pytest.mark.slow
def test_libreoffice_opens_it_with_right_dates(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    rows = pl.LazyFrame({"at": [MOMENT], "name": ["=1+1"], "share": [0.5]})
    source = tmp_path / "report.xlsx"
    source.write_bytes(written(Page("Runs", rows, charts=[Chart("Share", "name", ["share"])])))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, "--headless", profile, "--convert-to", "csv", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
        timeout=55,
    )
    with (tmp_path / "report.csv").open(encoding="utf-8") as stream:
        assert list(csv.reader(stream)) == [["at", "name", "share"], ["2026-11-27 01:59:30", "=1+1", "0.5"]]
