"""`tarim run export` as a person calls it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from factories.command import ROOT, Ended, environment
from factories.dispatching import make_centre
from factories.forks import run_command
from factories.incidents import REGION
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import select

from dispatch.incidents.service_patients import add_patient
from dispatch.kernel.db import Database
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.slow]


async def test_a_run_is_written_to_a_file_and_the_journal_says_why(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    centre = await make_centre(database)
    incident = await centre.incident()
    await centre.send(incident, 0)
    async with database.write() as session:
        await add_patient(centre.act(session), incident, age_years=58)

    async def tarim(form: str, *more: str) -> Ended:
        words = ["run", "export", "2026-000001", "--region", REGION, "--format", form, "--reason", "quality", *more]
        settings = environment(tmp_path) | {"TARIM_DATABASE_URL": database_url}
        return Ended(*await asyncio.to_thread(run_command, words, ROOT, settings))

    file = tmp_path / "run.json"
    done = await tarim("fhir", "-o", str(file))
    assert (done.code, "Wrote" in done.out) == (0, True), done.err
    assert len(Bundle.model_validate_json(file.read_bytes()).entry) > 3
    without = await tarim("wfdb", "-o", str(tmp_path / "ecg.zip"))
    assert (without.code, "No ECG" in without.err, (tmp_path / "ecg.zip").exists()) == (1, True, False)
    nobody = await tarim("fhir", "-o", str(file), "--patient", "2")
    assert (nobody.code, "no patient 2" in nobody.err) == (1, True)
    async with database.read() as session:
        wanted = select(JournalLine.payload, JournalLine.actor).where(JournalLine.type == "patient.exported")
        lines = (await session.execute(wanted.order_by(JournalLine.seq))).all()
    assert [(told["form"], told["reason"]) for told, _ in lines] == [("fhir", "quality"), ("wfdb", "quality")]
