"""CSV and XLSX files as rows of text.

What a file is, is told by its content, never by its name. Rows are counted as a spreadsheet counts them. Every
refusal of a file as a whole is `Invalid` with a code `table.*`; nothing else is ever raised for any bytes.
Reading a large file takes seconds of pure work: call it in a thread.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, repeat
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from dispatch.kernel.errors import Invalid
from dispatch.kernel.findings import RowError
from dispatch.kernel.rows import Row, Table, trimmed

MAX_BYTES: Final = 50_000_000
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 64
_MAX_UNPACKED_BYTES: Final = 1_000_000_000
_MAX_SHEET_ROWS: Final = 1_048_576
"""What Excel itself can hold; a row number beyond it is not from a spreadsheet."""
_DELIMITERS: Final = ",;\t"
_SAVE_AS: Final = "Save it as CSV (UTF-8) or as XLSX and try again."
_ASCII: Final = frozenset(map(chr, range(128)))
_TWO_BYTE_SIGNS: Final = re.compile("(?=.*[^\u00c0-\u017f])(?=.*[^\u0600-\u06ff])[\u0080-\u07ff]+", re.DOTALL)
"""Signs of two bytes in UTF-8 that are neither all Latin nor all Arabic: the bytes of 一 in GB18030 are those of һ."""
_EXCEL_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def read_table_file(path: Path, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> Table:
    """Read a file as `read_table` does; its size is looked at before its content.

    Raises:
        Invalid: `table.unreadable`, or as `read_table`.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise _too_large(max_bytes)
        data = path.read_bytes()
    except OSError as error:
        raise Invalid("table.unreadable", f"The file {path} cannot be read: {error.strerror}.") from error
    return read_table(data, max_bytes=max_bytes, max_rows=max_rows)


def read_table(data: bytes, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> Table:
    """Read a CSV (UTF-8 with or without BOM, GB18030, UTF-16 with BOM; `,` `;` or tab) or the first sheet of an XLSX.

    Blank rows, a leading `sep=;` and leading rows that begin with `#` are passed over. Of a formula the value counts.

    Raises:
        Invalid: `table.too_large`, `table.empty`, `table.no_rows`, `table.encoding`, `table.nul`, `table.broken`,
            `table.format`, `table.too_many_columns`.
    """
    if len(data) > max_bytes:
        raise _too_large(max_bytes)
    problems: list[RowError] = []
    if data.startswith(b"PK\x03\x04"):
        numbered = _xlsx_rows(data, problems)
    elif data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Invalid("table.format", "This is an old Excel or other office file, not CSV or XLSX.", _SAVE_AS)
    else:
        numbered = _csv_rows(_decoded(data))
    filled = (row for row in numbered if any(row.cells))
    header = next(filled, None)
    if header is None:
        raise Invalid("table.empty", "The file is empty.", "Begin with the template.")
    if len(header.cells) > MAX_COLUMNS:
        raise Invalid("table.too_many_columns", f"The file has more than {MAX_COLUMNS} columns.", _SAVE_AS)
    rows = tuple(islice(filled, max_rows + 1))
    if not rows:
        raise Invalid("table.no_rows", "The file has a header but no rows.", "Write one row for each record below it.")
    if len(rows) > max_rows:
        raise Invalid(
            "table.too_large", f"The file has more than {max_rows:,} rows.", "Split it and import the parts one by one."
        )
    return Table(header, rows, tuple(problems))


def _too_large(max_bytes: int) -> Invalid:
    return Invalid(
        "table.too_large",
        f"The file is larger than {max_bytes / 1e6:g} MB.",
        "Split it and import the parts one by one.",
    )


def _decoded(data: bytes) -> str:
    """Decode, or refuse; never guess a text into being."""
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = data.decode("utf-16") if wide else _utf8_or_gb18030(data)
    except UnicodeDecodeError as error:
        raise Invalid(
            "table.encoding", f"The file is not UTF-8, GB18030 or UTF-16 text (byte {error.start + 1}).", _SAVE_AS
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Invalid("table.nul", f"Line {line} holds a NUL byte; this is not a text file.", _SAVE_AS)
    return text


def _utf8_or_gb18030(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Almost any bytes can be read as GB18030. A UTF-8 file with one broken byte would become nonsense, unnoticed.
        # GB18030 read as UTF-8 is mostly broken, and what is not gives few signs of the scripts in use here.
        loose = data.decode("utf-8", errors="replace")
        broken = loose.count("\ufffd")
        good = sum(1 for sign in loose if sign >= "\u0800" or "\u0600" <= sign <= "\u06ff") - broken
        if data.startswith(b"\xef\xbb\xbf") or good > 2 * broken:
            line = data.count(b"\n", 0, error.start) + 1
            raise Invalid(
                "table.encoding", f"The file is UTF-8, but line {line} holds a broken character.", _SAVE_AS
            ) from error
        return data.decode("gb18030")
    if not data.startswith(b"\xef\xbb\xbf") and _TWO_BYTE_SIGNS.fullmatch("".join({*text} - _ASCII)):
        raise Invalid("table.encoding", "The file may be UTF-8 or GB18030; it has too few signs to tell.", _SAVE_AS)
    return text


def _csv_rows(text: str) -> Iterator[Row]:
    lines = text.splitlines(keepends=True) if "\n" not in text else text.split("\n")
    delimiter = ""
    skipped = 0
    begin = 0
    for line in lines:
        bare = line.strip().strip('"').strip()
        if bare.lower().startswith("sep=") and len(bare) == len("sep=x") and bare[-1] in _DELIMITERS:
            delimiter = bare[-1]
        elif bare.strip(_DELIMITERS) and not bare.startswith("#"):
            break
        skipped += 1
        begin += len(line) + (1 if "\n" in text else 0)
    if skipped == len(lines):
        return
    reader = csv.reader(
        io.StringIO(text[begin:], newline=""), delimiter=delimiter or _delimiter(lines[skipped]), strict=True
    )
    try:
        for number, cells in enumerate(reader, start=skipped + 1):
            if any(cells):
                yield Row(number, trimmed(cells))
    except csv.Error as error:
        raise Invalid(
            "table.broken",
            f"Line {skipped + reader.line_num} cannot be read as CSV: {error}.",
            "Look for a quotation mark that is not closed.",
        ) from error


def _delimiter(header: str) -> str:
    """The sign that parts the header, quoted stretches aside; a comma when in doubt."""
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=lambda sign: (outside.count(sign), sign == ","))


def _xlsx_rows(data: bytes, problems: list[RowError]) -> Iterator[Row]:
    """Rows of the first sheet. The library promises no error of its own, so each it is known to raise is named."""
    broken = Invalid("table.broken", "The file is not a whole XLSX workbook.", "Save it again as XLSX, or as CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MAX_UNPACKED_BYTES:
                raise Invalid("table.too_large", "The workbook unpacks to more than 1 GB.", _SAVE_AS)
            if "[Content_Types].xml" not in packed.namelist():
                raise Invalid("table.format", "This is a packed file, but not an XLSX workbook.", _SAVE_AS)
            has_formulas = any(_holds(packed, part, b"<f") for part in packed.namelist() if "worksheets/" in part)
        written = _first_sheet(data, values=False) if has_formulas else repeat(())
        yield from _sheet_rows(_first_sheet(data, values=True), written, problems)
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ParseError, InvalidFileException, OSError,
        EOFError,
        LookupError, ValueError, TypeError, AttributeError, AssertionError, RuntimeError, OverflowError,
    ) as error:  # fmt: skip
        raise broken from error


def _holds(packed: zipfile.ZipFile, part: str, mark: bytes) -> bool:
    with packed.open(part) as stream:
        tail = b""
        while chunk := stream.read(1_000_000):
            if mark in tail + chunk:
                return True
            tail = chunk[-len(mark) :]
    return False


def _first_sheet(data: bytes, *, values: bool) -> Iterator[tuple[object, ...]]:
    """Rows of the first sheet: the values of formulas, or the formulas as written."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    try:
        sheet = book.worksheets[0]
        # The size that a file claims for itself is often wrong.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)
    finally:
        book.close()


def _sheet_rows(
    rows: Iterable[tuple[object, ...]], written: Iterable[tuple[object, ...]], problems: list[RowError]
) -> Iterator[Row]:
    header: tuple[str, ...] = ()
    for number, (values, sources) in enumerate(zip(rows, written, strict=False), start=1):
        if number > _MAX_SHEET_ROWS:
            raise Invalid("table.broken", "The workbook has a row number that no spreadsheet has.", _SAVE_AS)
        unknown = [place for place, source in enumerate(sources) if source is not None and values[place] is None]
        for place in unknown:
            column = header[place] if place < len(header) else f"column {place + 1}"
            problems.append(
                RowError(number, column, "cell.formula", "the formula in this cell was never computed; write its value")
            )
        cells = trimmed(_as_text(value) for value in values)
        if not cells or (not header and cells[0].startswith("#")):
            continue
        header = header or cells
        for place, value in enumerate(values):
            fault = _fault(value)
            if fault:
                column = header[place] if place < len(header) else f"column {place + 1}"
                problems.append(RowError(number, column, *fault))
        yield Row(number, cells)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _fault(value: object) -> tuple[str, str] | None:
    if isinstance(value, (datetime, date, time, timedelta)):
        return "cell.date", "the spreadsheet has made a date of this cell; format it as text and write it again"
    if isinstance(value, str) and value in _EXCEL_ERRORS:
        return "cell.formula", f"the formula in this cell failed ({value})"
    return None
