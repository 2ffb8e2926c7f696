from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from dispatch.kernel.errors import Invalid
from dispatch.reports.rules_schema import FRAMES, conform, empty
from dispatch.reports.service_store import RecordStore

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CALL = pl.DataFrame(
    {"call_id": ["c-1"], "t0": [AT], "t0_told": ["imported"]}, schema_overrides={"t0": FRAMES["calls"]["t0"]}
)


def test_an_import_is_marked_and_read_back_with_the_columns_of_the_table(tmp_path: Path) -> None:
    store = RecordStore(tmp_path, "aksu")
    store.keep_import("sffd", {"calls": CALL})
    read = store.scan("calls").collect()
    assert read.schema == pl.Schema(FRAMES["calls"])
    assert read.select("call_id", "t0", "mark", "seq").rows() == [("c-1", AT, "import:sffd", None)]
    assert store.scan("runs").collect().is_empty()


def test_an_import_that_was_kept_before_a_column_came_is_still_read(tmp_path: Path) -> None:
    store = RecordStore(tmp_path, "aksu")
    store.keep_import("old", {"calls": CALL})
    kept = store.folder / "imports" / "old" / "patients.parquet"
    told = conform("patients", pl.DataFrame({"patient_id": ["p-1"]})).drop("classed_by")
    told.write_parquet(kept)
    store.keep_import("new", {"patients": pl.DataFrame({"patient_id": ["p-2"]})})
    read = store.scan("patients").collect()
    assert read.schema == pl.Schema(FRAMES["patients"])
    assert read.select("patient_id", "classed_by").sort("patient_id").rows() == [("p-1", None), ("p-2", None)]


def test_an_import_of_the_same_name_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    store = RecordStore(tmp_path, "aksu")
    store.keep_import("sffd", {"calls": CALL})
    store.keep_import("sffd", {"calls": CALL.with_columns(call_id=pl.lit("c-2"))})
    assert store.imports() == ("sffd",)
    assert store.scan("calls").collect()["call_id"].to_list() == ["c-2"]
    assert store.drop_import("sffd")
    assert not store.drop_import("sffd")
    assert store.scan("calls").collect().is_empty()


def test_imports_stay_when_old_tables_of_the_journal_go(tmp_path: Path) -> None:
    store = RecordStore(tmp_path, "aksu")
    store.keep_import("sffd", {"calls": CALL})
    for seq in (5, 90, 1_000):
        mine = conform("calls", CALL.with_columns(mark=pl.lit("journal"), seq=pl.lit(seq)))
        store.write(store.folder_of(seq), {**{name: empty(name) for name in FRAMES}, "calls": mine})
    store.forget_old(1_000)
    assert store.newest() == 1_000
    store.write(store.folder_of(2_000), {name: empty(name) for name in FRAMES})
    store.forget_old(1_000)  # the journal was put back from a backup
    assert store.newest() == 1_000
    assert sorted(one.name for one in store.folder.iterdir()) == [
        "imports",
        "journal-000000000090",
        "journal-000000001000",
    ]
    assert store.scan("calls").collect()["mark"].to_list() == ["journal", "import:sffd"]
    assert store.scan("calls", 90).collect()["seq"].to_list() == [90, None]


@pytest.mark.parametrize("name", ["", "../x", "A", "a/b", ".hidden"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="no name"):
        RecordStore(tmp_path, "aksu").keep_import(name, {})
