"""Records from elsewhere, as a supervisor brings them in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from factories.command import Tarim

pytestmark = [pytest.mark.database, pytest.mark.slow]

HEAD = (
    "Call Number,Unit ID,Incident Number,Call Type,Call Date,Watch Date,Received DtTm,Entry DtTm,Dispatch DtTm,"
    "Response DtTm,On Scene DtTm,Transport DtTm,Hospital DtTm,Call Final Disposition,Available DtTm,City,"
    "Original Priority,Final Priority,Unit Type,Location"
)
ROWS = (
    "1,E39,11,Medical Incident,12/31/2016,12/31/2016,12/31/2016 11:57:56 PM,12/31/2016 11:59:31 PM,"
    "12/31/2016 11:59:42 PM,01/01/2017 12:01:47 AM,01/01/2017 12:04:18 AM,,,Fire,01/01/2017 12:24:11 AM,"
    'San Francisco,3,3,ENGINE,"(37.74, -122.45)"\n'
    "1,AM30,11,Medical Incident,12/31/2016,12/31/2016,12/31/2016 25:61:00 PM,,,,,,,Fire,,San Francisco,3,3,PRIVATE,\n"
)


def test_a_file_is_imported_once_told_of_and_taken_out_again(tarim: Tarim, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(f"{HEAD}\n{ROWS}", "utf-8")
    told = tarim("records", "import", file, "--mapping", "san-francisco-fire", "--json")
    assert told.code == 0, told.err
    assert (told.json["rows"], told.json["imported"], told.json["quarantined"]) == (2, 1, 1)
    assert "25:61" in (tmp_path / "calls.csv.quarantine.csv").read_text("utf-8-sig")
    again = tarim("records", "import", file, "--mapping", "san-francisco-fire")
    assert again.out == "san-francisco-fire: this file is in already; its 1 rows stay as they are.\n"
    assert tarim("records", "drop", "san-francisco-fire").code == 0
    lines = [line["type"] for line in tarim("journal", "show", "--json").json]
    assert [kind for kind in lines if kind.startswith("records.")] == ["records.imported", "records.dropped"]


def test_a_mapping_that_is_not_there_names_those_that_ship(tarim: Tarim, tmp_path: Path) -> None:
    done = tarim("records", "import", tmp_path / "calls.csv", "--mapping", "nowhere.toml")
    assert done.code == 1
    assert "san-francisco-fire" in done.err


def test_what_only_the_running_service_can_tell_is_not_offered(tarim: Tarim) -> None:
    for view in ("coverage", "coverage_hours", "coverage_siting"):
        told = tarim("report", "--from", "2026-11-01", "--to", "2026-11-02", "--view", view)
        assert (told.code, "Traceback" in told.err) == (2, False)


def test_a_report_is_a_file_with_the_figures_of_what_was_imported(tarim: Tarim, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(f"{HEAD}\n{ROWS}", "utf-8")
    assert tarim("records", "import", file, "--mapping", "san-francisco-fire").code == 0
    period = ("--from", "2016-12-31", "--to", "2017-01-03T00:00+08:00")
    told = tarim("report", *period, "--kpi", "response", "--by", "organisation", "-o", "-")
    assert told.code == 0, told.err
    all_, city = csv.DictReader(io.StringIO(told.out, newline=""))
    assert (all_["kpi"], all_["n"], city["key"], city["n"]) == ("response", "1", "city", "1")
    assert tarim("report", *period, "--patient-data").code == 2
    assert tarim("records", "drop", "san-francisco-fire").code == 0
