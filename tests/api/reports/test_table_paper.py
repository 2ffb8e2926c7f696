"""Tables on paper: what is printed of a page, in the words of its language."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from api.printing.press import TEMPLATES
from api.printing.render import Language
from api.reports.month import Paper, key_told, stratum_told
from api.reports.naming import Names, fault_told, words_of
from api.reports.schemas import AsOf, QualityOut
from api.reports.shown_pages import quality_pages
from api.reports.table_paper import MOST_ROWS, tables_of
from dispatch.kernel.writing.sheets import Column, Page
from dispatch.reports.rules_quality import CHECKS, OUT, Left
from dispatch.reports.rules_views import STRATA

ROOT: Final = Path(__file__).parents[3]
BEGINS = datetime(2026, 11, 21, 16, tzinfo=UTC)
PERIOD = BEGINS, BEGINS + timedelta(days=1)


def _paper(language: Language) -> Paper:
    return Paper(language, "Asia/Shanghai", "示例", "", "示例机构")


@pytest.mark.parametrize(
    ("language", "heads", "first"),
    [
        ("zh", ["组", "对象", "人口", "≤8 min", "车辆"], ["城乡", "农村", "100", "94.9%", ""]),
        ("en", ["Group", "Of", "People", "≤8 min", "Fleet"], ["Ground", "rural", "100", "94.9%", ""]),
    ],
)
def test_columns_are_named_in_the_language_and_shares_are_cut(
    language: Language, heads: list[str], first: list[str]
) -> None:
    rows = pl.LazyFrame(
        {
            "group": ["ground", "county"], "key": ["rural", "county-x"], "name": ["rural", "示例县"],
            "people": [100, 5], "people_8min": [94, 5], "vehicles": [None, 2], "people_8min_share": [0.94999, 1.0],
            "needed": pl.Series([None, None], dtype=pl.Int64),
        }
    )  # fmt: skip
    page = Page("Coverage", rows, [Column("people_8min_share", percent=True)])
    told = tables_of("coverage", [page], [("people", "100"), ("journal line", "7")], PERIOD, _paper(language), BEGINS)
    people, _ = told.tables
    assert (people.heads, people.rows[0]) == (heads, first)
    assert people.rows[1][1:3] == ["示例县", "5"]
    assert people.numbers == [False, False, True, True, True]
    assert [value for _, value in told.facts] == ["100"], "a line of the journal is for the workbook"
    assert told.head.number == "2026-11-22"


def test_strata_are_called_the_same_wherever_they_are_printed() -> None:
    assert {f"key.{one}" for one in STRATA} <= words_of("report").keys()
    own = [tomllib.loads((TEMPLATES / f"{one}.toml").read_text("utf-8")) for one in ("report", "tables")]
    shared = tomllib.loads((TEMPLATES / "strata.toml").read_text("utf-8"))
    assert [key for key in shared if any(key in words for words in own)] == []
    paper = _paper("zh")
    for stratum, key in (("ground", "rural"), ("same_area", "cross"), ("area_system", "corps")):
        page = Page("Comparison", pl.LazyFrame({"stratum": [stratum], "key": [key]}))
        (table,) = tables_of("compare", [page], [], PERIOD, paper, BEGINS).tables
        assert table.rows == [[stratum_told(stratum, "zh"), key_told(stratum, key, paper)]]


def test_a_long_table_says_what_it_leaves_to_the_workbook() -> None:
    rows = pl.LazyFrame(
        {
            "begins": [BEGINS] * (MOST_ROWS + 3), "value": [timedelta(seconds=95)] * (MOST_ROWS + 3),
            "value_share": pl.Series([None] * (MOST_ROWS + 3), dtype=pl.Float64), "signal": [""] * (MOST_ROWS + 3),
        }
    )  # fmt: skip
    (table,) = tables_of("trend", [Page("Trend", rows)], [], PERIOD, _paper("en"), BEGINS).tables
    assert (len(table.rows), table.left_out) == (MOST_ROWS, 3)
    assert (table.heads, table.rows[0]) == (["From", "Value", "Signal"], ["2026-11-22 00:00", "1:35", ""])


def test_who_left_something_out_stands_by_name_in_files() -> None:
    left = [
        Left(of="runs", station="ST-1", reason="undone", classed_by=who, rows=1, total=4, share=0.25)
        for who in ("person:1", "person:2", "")
    ]
    told = QualityOut(
        as_of=AsOf(at=BEGINS, seq=1, imports=[]), begins=BEGINS, until=PERIOD[1], findings=[], exclusions=left,
        people={"person:1": "示例甲"},
    )  # fmt: skip
    _, page = quality_pages(told)
    assert page.rows.collect()["classed_by"].to_list() == ["示例甲", "person:2", ""]


def test_places_checks_and_reasons_are_told_in_words_and_what_is_clean_is_left_to_the_workbook() -> None:
    faults = pl.LazyFrame({"code": ["runs.missing_t5"] * 2, "station": ["ST-1", "all"], "faults": [3, 0]})
    left = pl.LazyFrame({"station": ["ST-1", "ST-9"], "reason": ["called_off", "undone"], "rows": [2, 1]})
    names: Names = {"ST-1": {"zh": "示例站", "en": "", "ug": ""}}
    paper = Paper("en", "Asia/Shanghai", "示例", "", "示例机构", names)
    first, second = tables_of(
        "quality", [Page("Faults", faults), Page("Left out", left)], [], PERIOD, paper, BEGINS
    ).tables
    assert first.rows == [["Departure missing, T5", "示例站", "3"]]
    assert second.rows == [["示例站", "Called off after the order", "2"], ["ST-9", "Order undone", "1"]]


@pytest.mark.parametrize("language", ["zh", "en", "ug"])
def test_every_check_and_reason_has_its_words_on_paper_and_on_the_screen(language: Language) -> None:
    screen = (ROOT / "frontend" / "src" / "i18n" / language / "reports.ts").read_text("utf-8")
    for code in CHECKS:
        assert fault_told(code, language), code
        assert f'"{code}":' in screen, code
    for code in OUT:
        reason = code.partition(".out_")[2]
        assert fault_told(f"out.{reason}", language), code
        assert f"    {reason}:" in screen, code
