"""`tarim run export`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO, Final, Literal

import click

from api.cli.progress import say
from api.cli.shared import by_hand, region_option, store, waiting
from api.exports.access import noted
from api.exports.aecg import aecg
from api.exports.fhir import fhir
from api.exports.routes import no_ecg
from api.exports.run import Run
from api.exports.sheet import run_sheet
from api.exports.wfdb import records_of, wfdb
from api.parts import Parts
from dispatch.incidents.queries_incidents import get_incident_by_number
from dispatch.incidents.queries_patients import list_patients
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import ExportForm, ExportReason, Sex
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import NotFound
from dispatch.telemetry.states import Kind

FORMS: Final = (ExportForm.PDF, ExportForm.FHIR, ExportForm.AECG, ExportForm.WFDB)
TOLD_EVERY: Final = 5_000_000
"""Bytes."""
Language = Literal["zh", "en", "ug"]


@click.command()
@click.argument("incident")
@region_option
@click.option("--format", "form", type=click.Choice([str(one) for one in FORMS]), required=True, help="In what form.")
@click.option("--reason", type=click.Choice([str(one) for one in ExportReason]), required=True, help="For what.")
@click.option(
    "--patient", "ordinal", type=click.IntRange(1), default=1, show_default=True, help="Which of its patients."
)
@click.option("--language", type=click.Choice(["zh", "en", "ug"]), default="zh", show_default=True, help="Of the PDF.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
@waiting
async def export(
    incident: str, region: str, form: str, reason: str, ordinal: int, language: Language, output: Path
) -> None:
    r"""Take the run of one patient out. INCIDENT is its number. The journal keeps that it was done, and why.

    \b
    Example:
      tarim run export 2026-000417 --region aksu --format wfdb --reason archive -o ecg.zip
    """
    why = ExportReason(reason)
    async with store() as parts:
        async with parts.database.write() as session:
            row = await get_incident_by_number(session, region, incident)
            patient = next((one for one in await list_patients(session, row.id) if one.ordinal == ordinal), None)
            if patient is None:
                raise NotFound("patient.not_found", f"Incident {incident} has no patient {ordinal}.")
            act = Act(session, parts.clock, by_hand(parts), Digester.of_home(parts.settings.home), region)
            run = await noted(act, parts.database, patient, ExportForm(form), why, None)
        made = await _made(parts, run, ExportForm(form), why, language)
        with output.open("wb") as file:
            size = await _written(file, made, say)
    click.echo(f"Wrote {output}, {size / 1e6:.1f} MB.")


async def _made(
    parts: Parts, run: Run, form: ExportForm, why: ExportReason, language: Language
) -> AsyncIterator[bytes]:
    now = parts.clock.now()
    if form is ExportForm.PDF:
        return _one(await run_sheet(run, "tarim run export", why, language, now))
    if form is ExportForm.FHIR:
        return fhir(run, now)
    if not await run.source.has(Kind.ECG):
        raise no_ecg()
    if form is ExportForm.AECG:
        return aecg(run.source, run.patient.id, Sex(run.patient.sex), run.patient.age_years)
    notes = [f"incident {run.incident.number} patient {run.patient.ordinal}", "times are UTC"]
    return wfdb(run.source, await records_of(run.source), now, notes)


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _written(file: BinaryIO, made: AsyncIterator[bytes], told: Callable[[str], None]) -> int:
    size = last = 0
    async for piece in made:
        file.write(piece)
        size += len(piece)
        if size - last >= TOLD_EVERY:
            told(f"{size / 1e6:.0f} MB ...")
            last = size
    return size
