"""Headers matched to columns, cells to values, and a file compared with what is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.kernel.cells import Cells, Places
from dispatch.kernel.findings import Findings, RowError
from dispatch.kernel.sheets import Column, Sheet, SheetRow, rows_of, template
from dispatch.kernel.tabular import read_table
from dispatch.kernel.upsert import plan
from dispatch.kernel.workbooks import template_xlsx
from geo.datum import Datum, from_wgs84
from geo.points import GeoPoint

SHEET = Sheet(
    "things",
    "things, for tests",
    "id",
    (
        Column("id", "编号", "an id", "T-1", True),
        Column("name_zh", "中文名", "a name", "示例", True),
        Column("lat", "纬度", "degrees", "41.1"),
        Column("lon", "经度", "degrees", "80.2"),
        Column("datum", "坐标系", "datum"),
    ),
)
REGION = (79.0, 40.0, 84.0, 42.0)


def rows(text: str, findings: Findings) -> list[SheetRow]:
    return list(rows_of(SHEET, read_table(text.encode()), findings))


def codes(found: tuple[RowError, ...]) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in found]


def cells_of(**cells: str) -> tuple[Cells, Findings]:
    findings = Findings()
    return Cells(SheetRow(7, cells), findings), findings


def test_columns_in_any_order_width_case_language_and_with_a_star() -> None:
    findings = Findings()
    found = rows("  纬度;NAME-zh*;ＩＤ\n41;甲;A1\n", findings)
    assert found == [SheetRow(2, {"lat": "41", "name_zh": "甲", "id": "A1"})]
    assert not findings.error_count


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,lat", [(1, "name_zh", "column.missing")]),
        ("id,nmae_zh", [(1, "nmae_zh", "column.misspelt")]),
        ("id,name_zh,latt", [(1, "latt", "column.misspelt")]),
        ("id,name_zh,id", [(1, "id", "column.duplicate")]),
        ("id,name_zh,编号", [(1, "编号", "column.duplicate")]),
        ("foo,bar", [(1, "", "column.none")]),
    ],
)
def test_faults_of_the_header_are_named_and_no_row_is_given(header: str, expected: list[tuple[int, str, str]]) -> None:
    findings = Findings()
    assert rows(f"{header}\na,b,c\n", findings) == []
    assert codes(findings.errors) == expected


def test_a_misspelt_column_is_told_what_may_be_meant() -> None:
    findings = Findings()
    rows("id,nmae_zh\na,b\n", findings)
    assert "'name_zh' meant?" in findings.errors[0].message


def test_a_strange_column_is_told_but_does_not_forbid() -> None:
    findings = Findings()
    assert len(rows("id,name_zh,备注\na,b,c\n", findings)) == 1
    assert codes(findings.warnings) == [(1, "备注", "column.unknown")]


def test_missing_cells_long_rows_and_repeated_keys() -> None:
    findings = Findings()
    rows("id,name_zh\nA1,x\nA2\nA3,y,z\nＡ１,again\n,nameless\n", findings)
    assert codes(findings.errors) == [
        (3, "name_zh", "cell.missing"),
        (4, "", "row.too_many_cells"),
        (5, "id", "key.duplicate"),
        (6, "id", "cell.missing"),
    ]
    assert "row 2" in findings.errors[2].message


def test_only_the_first_faults_are_listed_and_the_rest_is_counted() -> None:
    findings = Findings(limit=3)
    rows("id,name_zh\n" + "".join(f"A{number},\n" for number in range(10)), findings)
    assert len(findings.errors) == 3
    assert findings.error_count == 10


@pytest.mark.parametrize("data", [template(SHEET).encode(), template_xlsx(SHEET)])
def test_a_template_can_be_read_as_it_is(data: bytes) -> None:
    findings = Findings()
    found = list(rows_of(SHEET, read_table(data), findings))
    assert not findings.error_count
    assert not findings.warning_count
    assert [row.cells for row in found] == [{column.name: column.example for column in SHEET.columns}]


@pytest.mark.parametrize(
    ("text", "value"),
    [("41.5", 41.5), ("４１．５", 41.5), ("−3", -3.0), ("\u300041", 41.0), ("", None), ("0", 0.0)],
)
def test_numbers(text: str, value: float | None) -> None:
    cells, findings = cells_of(lat=text)
    assert cells.number("lat") == value
    assert not findings.error_count


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "41,5", "41°10'", "1e5", "٤١", "9" * 5000, "--1", "1.", "x"])
def test_what_is_no_number_is_an_error(text: str) -> None:
    cells, findings = cells_of(lat=text)
    assert cells.number("lat") is None
    assert codes(findings.errors) == [(7, "lat", "cell.number")]
    assert len(findings.errors[0].message) < 200


def test_whole_numbers_have_bounds() -> None:
    cells, findings = cells_of(a="２８０", b="280.0", c="280.5", d="9", e="")
    assert [cells.whole(column, 10, 500) for column in "abcde"] == [280, 280, None, None, None]
    assert [error.code for error in findings.errors] == ["cell.number", "cell.range"]


def test_words_and_lists_of_words() -> None:
    words = {"地方": "civil", "兵团": "corps", "corps": "corps", "civil": "civil"}
    cells, findings = cells_of(a="地方", b=" CORPS ", c="军队", d="corps；地方;;corps")
    assert [cells.choice(column, words) for column in "abc"] == ["civil", "corps", ""]
    assert cells.choices("d", words) == ["civil", "corps"]
    assert codes(findings.errors) == [(7, "c", "cell.choice")]


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800", "a\x1bb", "x" * 201])
def test_text_that_cannot_be_stored(text: str) -> None:
    cells, findings = cells_of(name=text)
    assert cells.text("name") == ""
    assert findings.error_count == 1


def settle(bbox: tuple[float, float, float, float] | None = None, **cells: str) -> tuple[dict[str, Any], Findings]:
    row, findings = cells_of(**cells)
    places, values = Places(findings), {}
    places.add(row, values)
    places.settle(bbox)
    return values, findings


@pytest.mark.parametrize("datum", list(Datum))
def test_coordinates_of_every_datum_become_wgs84(datum: Datum) -> None:
    given_point = from_wgs84(GeoPoint(41.168, 80.258), datum)
    values, findings = settle(REGION, lat=str(given_point.lat), lon=str(given_point.lon), datum=f" {datum.upper()} ")
    assert (values["lat"], values["lon"]) == pytest.approx((41.168, 80.258), abs=2e-7)
    assert not findings.error_count
    assert not findings.warning_count


def test_swapped_coordinates_are_warned_of() -> None:
    values, findings = settle(REGION, lat="80.258", lon="41.168")
    assert values == {"lat": 80.258, "lon": 41.168}
    assert codes(findings.warnings) == [(7, "lat", "place.suspect")]
    assert "swapped" in findings.warnings[0].message


def test_a_shifted_place_beside_the_region_is_warned_of() -> None:
    inside = GeoPoint(41.168, 80.258)
    shifted = from_wgs84(inside, Datum.GCJ02)
    tight = (80.0, 41.0, (inside.lon + shifted.lon) / 2, 42.0)
    _, findings = settle(tight, lat=str(shifted.lat), lon=str(shifted.lon))
    assert codes(findings.warnings) == [(7, "lat", "place.suspect")]
    assert "GCJ-02" in findings.warnings[0].message


def test_a_far_place_is_told_and_an_impossible_one_refused() -> None:
    assert codes(settle(REGION, lat="31.2", lon="121.5")[1].warnings) == [(7, "lat", "place.outside")]
    refused = settle(REGION, lat="80.258", lon="141.168", datum="")[1]
    assert not refused.errors
    impossible = settle(REGION, lat="121.5", lon="31.2")[1]
    assert codes(impossible.errors) == [(7, "lat", "cell.coordinates")]
    assert "swap" in impossible.errors[0].message
    assert codes(settle(REGION, lat="0", lon="0")[1].errors) == [(7, "lat", "cell.coordinates")]
    assert codes(settle(REGION, lat="41", lon="80", datum="cgcs")[1].errors) == [(7, "datum", "cell.choice")]


KEYS = st.lists(st.sampled_from("abcdef"), unique=True)
IDS = {key: UUID(int=number) for number, key in enumerate("abcdef")}


@given(present=KEYS, wanted=KEYS, changed=KEYS, replace=st.booleans())
def test_a_plan_carried_out_gives_what_is_wanted(
    present: list[str], wanted: list[str], changed: list[str], replace: bool
) -> None:
    there = [{"id": IDS[key], "code": key, "beds": 1, "kept": key} for key in present]
    file = [{"code": key, "beds": 2 if key in changed else 1} for key in wanted]
    made = plan(there, file, key="code", replace=replace)

    after = {row["id"]: dict(row) for row in there if row["id"] not in made.removed}
    for row_id, values in made.updated:
        after[row_id] |= values
    for values in made.added:
        after[uuid4()] = {"kept": values["code"], **values}
    result = {row["code"]: (row["beds"], row["kept"]) for row in after.values()}

    expected = {key: (1, key) for key in present if not replace or key in wanted}
    expected |= {key: (2 if key in changed else 1, key) for key in wanted}
    assert result == expected
    counts = made.counts
    assert counts.added + counts.updated + counts.unchanged == len(wanted)
    assert counts.updated == len(set(present) & set(wanted) & set(changed))
