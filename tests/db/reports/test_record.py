"""The record table of a played day, beside what the services themselves say of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from factories.fleet import CONTEXT, table
from factories.incidents import REGION
from factories.playing import make_fleet_and_people, play_hours
from factories.records import rows
from factories.simulation import START
from polars.testing import assert_frame_equal
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import find_hash
from dispatch.dispatching.queries import list_times
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.reports import service_record, service_state
from dispatch.reports.rules_lines import FORM
from dispatch.reports.rules_refold import KEYS
from dispatch.reports.rules_schema import FRAMES
from dispatch.reports.service_record import build
from dispatch.reports.service_state import kept_state
from dispatch.reports.service_store import RecordStore
from dispatch.reports.states import POINTS
from dispatch.simulation.rules_figures import INVENTED
from dispatch.units.queries import list_units
from dispatch.units.service import import_units

pytestmark = pytest.mark.database


async def _built(database: Database, store: RecordStore, *, anew: bool = False) -> dict[str, pl.DataFrame]:
    async with database.read() as session:
        await build(session, store, anew=anew)
    return {frame: store.scan(frame).collect().sort(KEYS[frame]) for frame in FRAMES}


async def test_the_record_of_a_day_is_what_the_services_know_and_is_rebuilt_the_same(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(START)
    await make_fleet_and_people(database, clock, vehicles=9, figures=INVENTED)
    store = RecordStore(tmp_path, REGION)
    await play_hours(database, 0.2, clock=clock, per_day=250.0)
    first = await _built(database, store)
    store.keep_import("elsewhere", {"runs": rows("runs", {"incident_id": "i", "t3": 0})})
    elsewhere = (store.folder / "imports" / "elsewhere" / "runs.parquet").read_bytes()
    await _refit_all(database, clock)
    await play_hours(database, 0.5, clock=clock, per_day=250.0, seed=8)
    with monkeypatch.context() as alone:
        alone.delattr(service_record, "_fold_all")
        record = await _built(database, store)
    assert (store.folder / "imports" / "elsewhere" / "runs.parquet").read_bytes() == elsewhere
    of_journal = pl.col("mark").cast(pl.String) == "journal"
    record = {frame: told.filter(of_journal) for frame, told in record.items()}
    assert len(record["incidents"]) > len(first["incidents"]) > 0
    async with database.read() as session:
        await _same_as_services(session, record)
    _held_as_they_were(first, record)
    # From nothing, and from the journal alone, it is the same; the second was made of the first and what came since.
    other = RecordStore(tmp_path / "other", REGION)
    again = await _built(database, other)
    assert store.drop_import("elsewhere")
    anew = await _built(database, store, anew=True)
    for frame, told in record.items():
        assert_frame_equal(again[frame], told, categorical_as_str=True)
        assert_frame_equal(anew[frame], told, categorical_as_str=True)
    newest = store.newest()
    assert newest is not None
    for frame in FRAMES:
        files = [one.folder_of(newest) / f"{frame}.parquet" for one in (store, other)]
        assert files[0].read_bytes() == files[1].read_bytes()
    assert [one.name for one in store.folder.glob(".*")] == [".lock"]


async def _refit_all(database: Database, clock: ManualClock) -> None:
    """Every vehicle is at the other station from now on, and of the plain kind."""
    async with database.write() as session:
        other = {"ST-1": "ST-2", "ST-2": "ST-1"}
        fleet = [
            {
                "call_sign": one.unit.call_sign, "type": "普通型", "organisation": one.unit.organisation,
                "system": "地方" if one.unit.system == "civil" else "兵团", "station": other[one.station.code],
                "capabilities": "B",
            }
            for one in await list_units(session, REGION)
        ]  # fmt: skip
        report = await import_units(session, clock, CONTEXT, REGION, table(*fleet))
    assert report.counts.updated == len(fleet)


def _held_as_they_were(first: dict[str, pl.DataFrame], record: dict[str, pl.DataFrame]) -> None:
    """Runs from before vehicles were refitted tell what these were then; runs from after what they are."""
    held = ("station", "unit_type", "capabilities", "organisation", "system", "call_sign")
    old = pl.col("run_id").is_in(first["runs"]["run_id"].implode())
    then = record["runs"].filter(old).select("run_id", *held)
    assert_frame_equal(then, first["runs"].select("run_id", *held), categorical_as_str=True)
    assert set(then["unit_type"]) == {"als"}
    now = record["runs"].filter(~old)
    assert {*zip(now["unit_type"], now["capabilities"], strict=True)} == {("basic", "B")}
    assert {*zip(now["system"], now["station"], strict=True)} == {("civil", "ST-2"), ("corps", "ST-1")}
    homes = first["incidents"].filter(pl.col("t6").is_not_null()).select("incident_id", "first_station")
    there = record["incidents"].select("incident_id", pl.col("first_station").alias("now"))
    both = homes.join(there, on="incident_id").cast(pl.String)
    assert len(both) > 0
    assert both["first_station"].to_list() == both["now"].to_list()


async def _same_as_services(session: AsyncSession, record: dict[str, pl.DataFrame]) -> None:
    runs = {row["run_id"]: row for row in record["runs"].iter_rows(named=True)}
    assignments = (await session.scalars(select(Assignment))).all()
    assert {str(one.id) for one in assignments} == {key for key, row in runs.items() if row["kind"] == "assignment"}
    told = 0
    for one in assignments:
        row = runs[str(one.id)]
        known = {time.point.lower(): time.at for time in await list_times(session, one)}
        mine = {
            point: row[f"{point}_manual"] if point in ("t5", "t6", "t9") and row[f"{point}_manual"] else row[point]
            for point in POINTS
        }
        mine["tx"] = known.get("tx")
        assert {point: at for point, at in mine.items() if at is not None} == known
        assert (row["ended_at"], row["end_reason"]) == (one.ended_at, one.end_reason)
        assert (row["organisation"], row["planned_s"]) == (one.organisation, one.planned_s)
        told += len(known)
    assert told > 10
    incidents = {row["incident_id"]: row for row in record["incidents"].iter_rows(named=True)}
    stored = (await session.scalars(select(Incident))).all()
    assert {str(one.id) for one in stored} == incidents.keys()
    for one in stored:
        row = incidents[str(one.id)]
        assert (row["number"], row["state"], row["t0_own"]) == (one.number, one.state, one.t0)
        assert (row["t2"], row["final_priority"], row["initial_priority"]) == (
            one.taken_at, one.priority, one.initial_priority,
        )  # fmt: skip
        assert (row["complaint"], row["needs"], row["closed_at"]) == (one.complaint, one.capabilities, one.closed_at)
        assert (row["cancelled_at"], row["cancel_reason"]) == (one.cancelled_at, one.cancel_reason)
        assert (row["t3"] is None) == (one.dispatched_at is None)
        assert row["lat"] == pytest.approx(one.lat, abs=1e-5)
    calls = {row["call_id"]: row for row in record["calls"].iter_rows(named=True)}
    for call in (await session.scalars(select(Call))).all():
        row = calls[str(call.id)]
        assert (row["t0"], row["t1"], row["state"], row["outcome"]) == (
            call.t0, call.answered_at, call.state, call.outcome,
        )  # fmt: skip
        assert row["incident_id"] == (None if call.incident_id is None else str(call.incident_id))
    patients = {row["patient_id"]: row for row in record["patients"].iter_rows(named=True)}
    for patient in (await session.scalars(select(Patient))).all():
        row = patients[str(patient.id)]
        assert (row["outcome"], row["age_years"], row["sex"]) == (patient.outcome, patient.age_years, patient.sex)


async def test_an_empty_journal_makes_an_empty_table(database: Database, tmp_path: Path) -> None:
    record = await _built(database, RecordStore(tmp_path, REGION))
    assert {frame: len(rows) for frame, rows in record.items()} == dict.fromkeys(FRAMES, 0)
    assert {frame: rows.schema for frame, rows in record.items()} == {
        frame: pl.Schema(columns) for frame, columns in FRAMES.items()
    }


async def test_a_table_of_other_rules_or_another_journal_is_not_built_upon(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, store = ManualClock(START), RecordStore(tmp_path, REGION)
    await make_fleet_and_people(database, clock, vehicles=2, figures=INVENTED)
    await _built(database, store)
    newest = store.newest()
    assert newest is not None
    folder = store.folder_of(newest)
    async with database.read() as session:
        line_hash = await find_hash(session, newest)
    assert kept_state(folder, newest, line_hash) is not None
    for other in (None, b"another"):
        assert kept_state(folder, newest, other) is None
    with monkeypatch.context() as changed:
        changed.setattr(service_state, "rules_digest", lambda: "of another program")
        assert kept_state(folder, newest, line_hash) is None
    (folder / "made-with" / "ends.parquet").write_bytes(b"PAR1")
    assert kept_state(folder, newest, line_hash) is None


async def test_lines_that_were_copied_in_another_form_are_copied_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_record, "_AT_ONCE", 5)
    await make_fleet_and_people(database, ManualClock(START), vehicles=2, figures=INVENTED)
    first = RecordStore(tmp_path / "first", REGION)
    await _built(database, first)
    step = Path("shared-lines", "runs-000000000005.parquet")
    told = (first.folder / step).stat().st_mtime_ns
    for form, same in ((FORM, True), (b"another", False)):
        store = RecordStore(tmp_path / str(same), REGION)
        shutil.copytree(first.folder / "shared-lines", store.folder / "shared-lines")
        with monkeypatch.context() as changed:
            changed.setattr(service_record, "FORM", form)
            await _built(database, store)
        assert ((store.folder / step).stat().st_mtime_ns == told) is same
