"""CSV and XLSX become rows, or one clear refusal."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dispatch.kernel.errors import Invalid
from dispatch.kernel.rows import Row, Table, table_of
from dispatch.kernel.sheets import Column, Sheet
from dispatch.kernel.tabular import read_table, read_table_file
from dispatch.kernel.workbooks import template_xlsx

CSV = "id,name_zh\nA1,阿克苏\nA2,沙雅\n"
ROWS = (Row(2, ("A1", "阿克苏")), Row(3, ("A2", "沙雅")))


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(data: bytes, **limits: int) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_table(data, **limits)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, newline: str) -> None:
    table = read_table(CSV.replace("\n", newline).encode(encoding))
    assert table.header == Row(1, ("id", "name_zh"))
    assert table.rows == ROWS


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


@given(HAN)
@example("联通")
@example("一")
def test_a_chinese_name_in_gb18030_is_never_misread(name: str) -> None:
    # A file whose every sign looks like an accented Latin or an Arabic letter is taken for what it looks like.
    assume(not set(name.encode("gb18030")[::2]) <= set(b"\xc3\xc4\xc5\xd8\xd9\xda\xdb"))
    try:
        (row,) = read_table(f"id,name\nA1,{name}\n".encode("gb18030")).rows
    except Invalid as refused:
        code = refused.code
    else:
        assert row.cells[1] == name
        return
    assert code == "table.encoding"


@pytest.mark.parametrize("name", ["São João", "ئاقسۇ", "Ақсу 阿克苏", "plain"])
def test_other_scripts_in_utf8_are_read_as_they_are(name: str) -> None:
    (row,) = read_table(f"id,name\nA1,{name}\n".encode()).rows
    assert row.cells[1] == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    assert read_table(CSV.replace(",", delimiter).encode()).rows == ROWS


def test_excels_own_delimiter_line_and_notes_are_passed_over_but_counted() -> None:
    table = read_table(b'sep=;\n# a note, with commas\n"# another, ""quoted"""\n\nid;aliases\nA1;x,y,z,w\n')
    assert table.header == Row(5, ("id", "aliases"))
    assert table.rows == (Row(6, ("A1", "x,y,z,w")),)


def test_a_hash_below_the_header_is_data() -> None:
    assert read_table(b"id,name\n#7,seven\n").rows == (Row(2, ("#7", "seven")),)


def test_quoted_newlines_and_blank_rows_count_as_a_spreadsheet_counts() -> None:
    table = read_table(b'id,name\nA1,"two\nlines, ""quoted"""\n\n,,\nA2,x\n')
    assert table.rows == (Row(2, ("A1", 'two\nlines, "quoted"')), Row(5, ("A2", "x")))


def test_outer_white_space_of_every_kind_goes() -> None:
    assert read_table("id,name\n\u3000A1\u00a0 ,\u200b x y \n".encode()).rows[0].cells == ("A1", "x y")


def test_a_formula_in_csv_is_text() -> None:
    assert read_table(b"id,name\nA1,=1+1\n").rows[0].cells == ("A1", "=1+1")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"),
        (b"\xef\xbb\xbf", "table.empty"),
        (b"\n\n,,,\n", "table.empty"),
        (b"# only a note\n", "table.empty"),
        (b"id,name\n", "table.no_rows"),
        (b"id,name\n,\n", "table.no_rows"),
        (b"id\nA\x00B\n", "table.nul"),
        ("id\nA1\n".encode("utf-16-le"), "table.nul"),
        (b'id,name\nA1,"not closed\n', "table.broken"),
        (b'id,name\nA1,"x"y\n', "table.broken"),
        (b"id\nA1\xff\xff\n", "table.encoding"),
        ("id,name\nA1,阿克苏市人民医院\n".encode().replace("市".encode(), b"\xe5\xb8"), "table.encoding"),
        (b"\xff\xfea", "table.encoding"),
        (b"\xd0\xcf\x11\xe0 old excel", "table.format"),
        (b"PK\x03\x04 cut off", "table.broken"),
        (",".join("abc" for _ in range(65)).encode() + b"\n1\n", "table.too_many_columns"),
    ],
)
def test_refusals_are_told_apart(data: bytes, code: str) -> None:
    refused = refusal(data)
    assert refused.code == code
    assert refused.message.endswith(".")


def test_the_message_names_the_line() -> None:
    assert "Line 3" in refusal(b"id\nA1\nA\x002\n").message
    assert "line 2" in refusal("id,name\nA1,阿克苏市人民医院\n".encode().replace("市".encode(), b"\xe5\xb8")).message
    assert "Line 5" in refusal(b'# note\n\nid,name\nA1,x\nA2,"y"z\n').message


def test_limits() -> None:
    assert refusal(b"id\nA1\n", max_bytes=5).code == "table.too_large"
    assert refusal(b"id\nA1\nA2\n\nA3\n", max_rows=2).code == "table.too_large"
    assert len(read_table(b"id\nA1\nA2\n", max_rows=2).rows) == 2
    assert refusal(workbook(("id",), ("A1",), ("A2",), ("A3",)), max_rows=2).code == "table.too_large"


def test_files_are_sized_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    with pytest.raises(Invalid) as missing:
        read_table_file(path)
    assert missing.value.code == "table.unreadable"
    path.write_text(CSV, encoding="utf-8")
    assert read_table_file(path).rows == ROWS
    with path.open("r+b") as file:
        file.truncate(50_000_001)  # sparse: nothing is written
    with pytest.raises(Invalid) as large:
        read_table_file(path)
    assert large.value.code == "table.too_large"


def test_xlsx_numbers_formulas_and_gaps() -> None:
    data = workbook((), ("# note",), ("id", "lat", "beds"), (101, 41.168, 800.0), (), ("A2", "４１．２", None))
    table = read_table(data)
    assert table.header == Row(3, ("id", "lat", "beds"))
    assert table.rows == (Row(4, ("101", "41.168", "800")), Row(6, ("A2", "４１．２")))


def test_xlsx_takes_the_value_of_a_formula() -> None:
    data = workbook(("id", "beds"), ("A1", 5))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given_book, zipfile.ZipFile(out, "w") as changed:
        for part in given_book.namelist():
            content = given_book.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(b"<v>5</v>", b"<f>2+3</f><v>5</v>")
                assert b"<f>" in content
            changed.writestr(part, content)
    assert read_table(out.getvalue()).rows[0].cells == ("A1", "5")


def test_xlsx_dates_failed_formulas_and_formulas_without_value_are_named() -> None:
    table = read_table(workbook(("call_sign", "plate"), (date(2026, 1, 2), "#N/A"), ("A1", "=1+1")))
    assert [(found.row, found.column, found.code) for found in table.problems] == [
        (2, "call_sign", "cell.date"),
        (2, "plate", "cell.formula"),
        (3, "plate", "cell.formula"),
    ]


def test_a_packed_file_that_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(out.getvalue()).code == "table.format"


def test_a_packed_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "")
        with packed.open("xl/sharedStrings.xml", "w") as part:
            for _ in range(1001):
                part.write(bytes(1_000_000))
    assert refusal(out.getvalue()).code == "table.too_large"


def test_rows_at_hand_are_a_table_like_any_other() -> None:
    rows = [{"id": "A1", "name_zh": " 阿克苏 "}, {"id": "A2", "name_zh": "沙雅"}]
    assert table_of(rows) == read_table(CSV.encode())
    with pytest.raises(Invalid):
        table_of([])


def only_refuses(data: bytes) -> Table | None:
    try:
        return read_table(data)
    except Invalid as refused:
        code = refused.code
    assert code.startswith("table.")
    return None


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00\xd8")
@example(b"PK\x03\x04")
@example(b'sep=;\n"')
@example(b"\r")
@example(b"id\r\rA")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    only_refuses(data)


@given(
    st.lists(st.sampled_from([b"id", b",", b";", b'"', b"\n", b"\r", b"\x00", b"#", b"\xb0\xa2", "阿".encode(), b"="]))
)
def test_any_mixture_of_what_matters_is_read_or_refused(parts: list[bytes]) -> None:
    only_refuses(b"".join(parts))


WORKBOOK = template_xlsx(
    Sheet("x", "x", "id", (Column("id", "编号", "x", "A1", True), Column("lat", "纬度", "x", "41")))
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), max_size=6), st.integers(0, 200))
def test_any_damaged_workbook_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WORKBOOK)
    for place, value in changes:
        data[place] = value
    only_refuses(bytes(data[: len(data) - cut]))


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Cf", "Zl", "Zp")), min_size=1, max_size=8)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_what_is_written_is_read_again(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["id", "name", "kind"], *rows])
    table = read_table(out.getvalue().encode("utf-8-sig"))
    assert [list(row.cells) for row in table.rows] == rows
