"""CSV, JSON and Parquet, read back with other means than they were written with."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.kernel.writing.files import guarded_text, write_csv, write_json, write_parquet
from dispatch.kernel.writing.sheets import Column, Page

ROWS = pl.LazyFrame(
    {
        "at": [datetime(2026, 11, 26, 17, 59, 30, tzinfo=UTC), None],
        "day": [date(2026, 11, 26), None],
        "took": [timedelta(minutes=3, seconds=5), None],
        "n": [-7, 0],
        "share": [0.25, None],
        "who": ['阿克苏, "一"\n二', "=cmd|' /C calc'!A0"],
    },
    schema_overrides={"at": pl.Datetime("us", "UTC")},
)


def as_csv(page: Page, *, bom: bool = False) -> str:
    target = io.BytesIO()
    write_csv(target, page, zone="Asia/Shanghai", bom=bom)
    return target.getvalue().decode("utf-8")


def test_csv_is_read_back_by_any_reader() -> None:
    text = as_csv(Page("Runs", ROWS, columns=[Column("who", "=name")]))
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["'=name", "at", "day", "took", "n", "share"],
        ['阿克苏, "一"\n二', "2026-11-27T01:59:30+08:00", "2026-11-26", "185", "-7", "0.25"],
        ["'=cmd|' /C calc'!A0", "", "", "", "0", ""],
    ]
    assert text.endswith("\r\n")


def test_the_mark_of_utf_8_stands_where_it_is_wished() -> None:
    assert as_csv(Page("Runs", ROWS), bom=True).startswith("\ufeffat,")
    assert as_csv(Page("Runs", ROWS)).startswith("at,")


@pytest.mark.parametrize("text", ["=1", "+1x", "-x", "-", "@a", "\t1", "\ra", "\n=1", " =1", "＝1", "＠a", "+86 139"])
def test_what_a_spreadsheet_would_reckon_is_guarded(text: str) -> None:
    assert guarded_text(text) == f"'{text}"
    read = list(csv.reader(io.StringIO(as_csv(Page("x", pl.LazyFrame({"v": [text]}))), newline="")))
    assert read[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["-5", "+5.25", "-1e-3", "a=b", "", "1-2", "阿", "'=1"])
def test_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    assert guarded_text(text) == text


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_cell_of_any_text_begins_a_formula(texts: list[str]) -> None:
    plain = [text.encode("utf-8", "ignore").decode().replace("\0", "") for text in texts]
    frame = pl.LazyFrame({"v": plain, "beside": ["x"] * len(plain)})
    read = list(csv.reader(io.StringIO(as_csv(Page("x", frame)), newline="")))[1:]
    assert [row[0] for row in read] == [guarded_text(text) for text in plain]
    for value, _ in read:
        number = (
            value.lstrip("+-").replace(".", "", 1).replace("e", "").replace("E", "").replace("+", "").replace("-", "")
        )
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r")) or number.isdigit()


def test_json_is_an_array_with_an_object_a_line() -> None:
    target = io.BytesIO()
    write_json(target, Page("Runs", ROWS), zone="Asia/Urumqi")
    first, second = json.loads(target.getvalue())
    assert len(target.getvalue().splitlines()) == 4
    assert first == {
        "at": "2026-11-26T23:59:30+06:00",
        "day": "2026-11-26",
        "took": 185,
        "n": -7,
        "share": 0.25,
        "who": '阿克苏, "一"\n二',
    }
    assert second["who"] == "=cmd|' /C calc'!A0"


def test_parquet_keeps_types_and_columns_in_order() -> None:
    target = io.BytesIO()
    write_parquet(target, Page("Runs", ROWS, columns=[Column("who")]))
    target.seek(0)
    read = pl.read_parquet(target)
    assert read.columns == ["who", "at", "day", "took", "n", "share"]
    assert read.schema["at"] == pl.Datetime("us", "UTC")
    assert read.equals(ROWS.collect().select(read.columns))
