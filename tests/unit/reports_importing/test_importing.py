"""Records from elsewhere: nothing is dropped silently, and what cannot be right is put aside with its reason."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from factories.foreign_records import GOOD, HEAD, MAPPING, Centre
from openpyxl import Workbook

from dispatch.kernel.errors import Conflict, Invalid
from dispatch.reports.importing import service_reading
from dispatch.reports.importing.rules_mapping import read_mapping
from dispatch.reports.importing.service_import import manifest_of


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return Centre(tmp_path)


def utc(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def test_rows_become_calls_incidents_and_runs_marked_by_their_source(centre: Centre) -> None:
    done = centre.bring(GOOD)
    assert (done.rows, done.imported, done.quarantined, done.repeated, done.incidents) == (3, 3, 0, 0, 2)
    first, second = centre.frame("incidents")
    assert (first["incident_id"], first["mark"], first["seq"]) == ("old-centre/1", "import:old-centre", None)
    assert (first["t0"], first["t3"], first["t6"]) == (utc(1, 2, 0), utc(1, 2, 1), utc(1, 2, 7))
    assert (first["first_run_id"], first["first_organisation"], first["first_unit_type"]) == (
        *("old-centre/1|B", "division", "兵团"),
    )
    assert (first["lat"], first["lon"], first["t6_told"], first["runs"]) == (41.1, 80.2, "imported", 2)
    assert (second["t6"], second["first_run_id"], second["first_organisation"]) == (None, None, "prefecture")
    assert [run["run_id"] for run in centre.frame("runs")] == ["old-centre/1|A", "old-centre/1|B", "old-centre/2|A"]
    assert len(centre.frame("calls")) == 2
    assert not centre.quarantine.exists()
    found = {quirk.code: quirk.count for quirk in done.quirks}
    assert (found["several_units"], found["missing.t6"], found["midnight"], found["strange_kind"]) == (1, 1, 1, 1)
    assert (found["no_place"], found["organisation.division"], found["order.t6_t3"]) == (2, 1, 0)
    assert centre.steps[-1] == 1.0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("9,A,120,2026-03-01 25:61:00,,,", "time.format"),
        ("9,A,120,01/03/2026 10:00,,,", "time.format"),
        ("9,A,120,1900-01-00 00:00:00,,,", "time.format"),
        ("9,A,120,1900-01-01 00:00:00,,,", "time.too_early"),
        ("9,A,120,2026-12-24 00:00:00,,,", "time.future"),
        ("9,A,120,,2026-03-01 10:01:00,,", "time.no_start"),
        ("9,A,120,2026-03-01 10:00:00,2026-03-01 10:61:00,,", "time.format"),
        (",A,120,2026-03-01 10:00:00,,,", "key.missing"),
        ("9,A,120,2026-03-01 10:00:00,,,,too,many", "row.cells"),
        ("1,A,120,2026-03-01 10:00:01,,,", "key.repeated"),
    ],
)
def test_a_row_that_cannot_be_right_is_put_aside_and_costs_no_other(centre: Centre, row: str, code: str) -> None:
    done = centre.bring(GOOD + row + "\n")
    assert (done.rows, done.imported, done.quarantined) == (4, 3, 1)
    assert [(one.code, one.count) for one in done.reasons] == [(code, 1)]
    (told,) = centre.aside()
    assert told["row"] == "5"
    assert told["why"].startswith(code)
    assert told["Unit"] == "A"


def test_a_row_with_two_faults_tells_both(centre: Centre) -> None:
    centre.bring(GOOD + "9,A,120,2026-03-01 25:61:00,1900-01-01 00:00:00,,\n")
    assert centre.aside()[0]["why"] == (
        "time.format: t0, Given, is 2026-03-01 25:61:00; time.too_early: t3, Sent, is 1900-01-01 00:00:00"
    )


def test_a_formula_in_a_name_does_not_leave_the_quarantine_as_one(centre: Centre) -> None:
    centre.bring(GOOD + "9,=cmd|' /C calc'!A0,120,never,,,\n")
    assert centre.aside()[0]["Unit"] == "'=cmd|' /C calc'!A0"


def test_a_row_that_says_the_same_again_is_told_and_kept_once(centre: Centre) -> None:
    done = centre.bring(GOOD + GOOD)
    assert (done.rows, done.imported, done.quarantined, done.repeated) == (6, 3, 0, 3)
    assert len(centre.frame("runs")) == 3


def test_the_same_file_again_changes_nothing(centre: Centre) -> None:
    centre.bring(GOOD)
    before = {file: file.stat().st_mtime_ns for file in centre.store.folder.rglob("*.parquet")}
    again = centre.bring(GOOD)
    assert again.already
    assert again.unchanged == 3
    assert {file: file.stat().st_mtime_ns for file in centre.store.folder.rglob("*.parquet")} == before


def test_a_longer_file_is_laid_over_the_one_before(centre: Centre) -> None:
    centre.bring(GOOD)
    changed = GOOD.replace("2026-03-02 00:01:00,,", "2026-03-02 00:01:00,2026-03-02 00:11:00,")
    done = centre.bring(changed + "3,A,120,2026-03-03 10:00:00,,,\n")
    assert (done.added, done.changed, done.unchanged) == (1, 1, 2)
    assert [one["t6"] for one in centre.frame("incidents")] == [utc(1, 2, 7), utc(1, 16, 11), None]
    manifest = manifest_of(centre.store, "old-centre")
    assert manifest is not None
    assert (len(manifest.files), manifest.rows) == (2, 4)
    shorter = centre.bring(GOOD.splitlines(keepends=True)[0])
    assert (shorter.added, shorter.changed, shorter.unchanged) == (0, 0, 4)


def test_a_dry_run_keeps_nothing(centre: Centre) -> None:
    done = centre.bring(GOOD, dry_run=True)
    assert (done.imported, done.added) == (3, 3)
    assert centre.store.imports() == ()
    assert not list(centre.store.folder.rglob("*.parquet"))


def test_another_mapping_does_not_mix_with_what_is_held(centre: Centre) -> None:
    centre.bring(GOOD)
    with pytest.raises(Conflict, match="another mapping"):
        centre.bring(GOOD, MAPPING.replace("Asia/Shanghai", "Asia/Urumqi"))
    assert centre.frame("incidents")[0]["t0"] == utc(1, 2, 0)


def test_a_zone_moves_every_time(centre: Centre) -> None:
    centre.bring(GOOD, MAPPING.replace("Asia/Shanghai", "Asia/Urumqi"))
    assert centre.frame("incidents")[0]["t0"] == utc(1, 4, 0)


def test_hours_that_the_zones_clocks_jumped_over_or_showed_twice_are_told(centre: Centre) -> None:
    mapping = MAPPING.replace("Asia/Shanghai", "America/Los_Angeles")
    done = centre.bring(
        "1,A,120,2026-03-08 02:30:00,,,\n2,A,120,2025-11-02 01:30:00,,,\n3,A,120,2026-03-08 03:00:00,,,\n", mapping
    )
    assert [(one.code, one.count) for one in done.reasons] == [("time.no_such", 1)]
    assert {quirk.code: quirk.count for quirk in done.quirks}["clock_twice"] == 1
    assert centre.frame("incidents")[0]["t0"] == datetime(2025, 11, 2, 8, 30, tzinfo=UTC)


def test_calls_that_are_fewest_by_day_make_one_doubt_the_zone(centre: Centre) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    lines = [
        f"{day}-{hour}-{n},A,120,{start + timedelta(days=day, hours=hour):%Y-%m-%d %H:%M:%S},,,\n"
        for day in range(10)
        for hour in range(24)
        for n in range(1 if 2 <= hour < 7 else 4)
    ]
    assert centre.bring("".join(lines), dry_run=True).warnings == ()
    shifted = MAPPING.replace('formats = ["%Y-%m-%d %H:%M:%S"]', 'formats = ["%Y-%m-%d %H:%M:%S%z"]')
    text = "".join(line.replace(":00,,,", ":00+00:00,,,") for line in lines)
    (warning,) = centre.bring(text, shifted, dry_run=True).warnings
    assert warning.startswith("Calls are fewest from 09:00 to 15:00 of Asia/Shanghai")


def test_mixed_formats_are_read_where_they_say_one_time_and_put_aside_where_they_say_two(centre: Centre) -> None:
    mapping = MAPPING.replace('formats = ["%Y-%m-%d %H:%M:%S"]', 'formats = ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]')
    done = centre.bring(
        "1,A,120,25/03/2026 10:00,,,\n2,A,120,03/25/2026 10:00,,,\n3,A,120,04/03/2026 10:00,,,\n", mapping
    )
    assert done.imported == 2
    assert [one.code for one in done.reasons] == ["time.two_ways"]


def test_a_file_of_which_nothing_can_be_taken_is_refused_and_changes_nothing(centre: Centre) -> None:
    with pytest.raises(Invalid, match=r"time\.format 1"):
        centre.bring("1,A,120,never,,,\n")
    assert len(centre.aside()) == 1
    with pytest.raises(Invalid, match="no rows"):
        centre.bring("")
    assert centre.store.imports() == ()


def test_a_column_that_the_file_does_not_have_is_named_with_the_nearest(centre: Centre) -> None:
    with pytest.raises(Invalid, match=r"no column Givn \(did you mean Given\?\)"):
        centre.bring(GOOD, MAPPING.replace('"Given"', '"Givn"'))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"Asia/Shanghai"', '"Asia/Aksu"', "no time zone"),
        ('"unit"', '"row"', "row must be"),
        ('t0 = "Given"', 't1 = "Given"', "t0"),
        ("t6 =", "t66 =", "times.t66 is not known"),
        ("formats =", "format =", "Did you mean formats"),
        ("2000-01-01", "2000", "earliest"),
        ("name =", "name", "not TOML"),
        ('"old-centre"', '"Old Centre"', "small letters"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(old: str, new: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read_mapping(MAPPING.replace(old, new, 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_separators_of_spreadsheets_are_read(centre: Centre, encoding: str) -> None:
    text = f"{HEAD}\n{GOOD}".replace("(41.1, 80.2)", "41.1，80.2").replace(",", ";").replace("\n", "\r\n")
    assert centre.bring(text.encode(encoding)).imported == 3
    assert centre.frame("incidents")[0]["first_organisation"] == "division"


def test_workbooks_and_parquet_files_give_the_same_as_csv(centre: Centre, tmp_path: Path) -> None:
    centre.bring(GOOD)
    expected = centre.frame("incidents")
    rows = [line.split(",") for line in GOOD.replace('"(41.1, 80.2)"', "41.1 80.2").splitlines()]
    book = Workbook()
    book.active.append(HEAD.split(","))
    for row in rows:
        times = [datetime.fromisoformat(cell) if cell else None for cell in row[3:6]]
        book.active.append([int(row[0]), row[1], row[2], *times, None])
    book.save(tmp_path / "calls.xlsx")
    typed = pl.DataFrame(
        {name: [row[place] for row in rows] for place, name in enumerate(HEAD.split(","))}
    ).with_columns(
        pl.col("Given", "Sent", "There")
        .replace("", None)
        .str.to_datetime()
        .dt.replace_time_zone("Asia/Urumqi")
        .dt.offset_by("-2h")
    )
    typed.write_parquet(tmp_path / "calls.parquet")
    zoned = MAPPING.replace('formats = ["%Y-%m-%d %H:%M:%S"]', 'formats = ["%Y-%m-%d %H:%M:%S%.f%z"]')
    for name, mapping in (("calls.xlsx", MAPPING), ("calls.parquet", zoned)):
        other = Centre(tmp_path / name.replace(".", "-"))
        other.folder.mkdir()
        assert other.bring(tmp_path / name, mapping).imported == 3
        for mine, theirs in zip(other.frame("incidents"), expected, strict=True):
            assert {**mine, "lat": None, "lon": None} == {**theirs, "lat": None, "lon": None}


def test_a_sheet_that_is_not_read_is_told(centre: Centre, tmp_path: Path) -> None:
    book = Workbook()
    for sheet in (book.active, book.create_sheet("December")):
        sheet.append(HEAD.split(","))
        sheet.append([1, "A", 120, datetime.fromisoformat("2026-03-01 10:00"), None, None, None])
    book.create_sheet("empty")
    book.save(tmp_path / "two.xlsx")
    (warning,) = centre.bring(tmp_path / "two.xlsx").warnings
    assert "Not read: December. " in warning


def test_blocks_of_a_long_file_end_where_rows_end(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_reading, "_BLOCK", 97)
    rows = [f'{n},"A ""{n}""\nB, C",120,2026-03-01 10:00:00,,,\n' for n in range(60)]
    rows.insert(30, "x,A,120,2026-03-01 10:00:00,,,,too,many\n")
    done = centre.bring("".join(rows))
    assert (done.rows, done.imported, done.quarantined) == (61, 60, 1)
    assert centre.aside()[0]["row"] == "32"
    assert {run["call_sign"] for run in centre.frame("runs")} == {f'A "{n}"\nB, C' for n in range(60)}


def test_a_row_an_incident_needs_no_unit(centre: Centre) -> None:
    mapping = (
        MAPPING.replace('row = "unit"', 'row = "incident"')
        .replace('incident = "Run"\n', "")
        .replace('unit = "Unit"\n', "")
    )
    done = centre.bring(GOOD, mapping)
    assert (done.imported, done.incidents) == (3, 3)


def test_it_is_known_by_the_digest_of_its_bytes(centre: Centre) -> None:
    done = centre.bring(GOOD)
    assert done.sha256 == hashlib.sha256(f"{HEAD}\n{GOOD}".encode()).hexdigest()
