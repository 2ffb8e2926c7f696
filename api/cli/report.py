"""`tarim report`: figures and records of a period as a file, the same as the interface gives."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from api.cli.progress import say
from api.cli.shared import ACTOR, Moment, by_hand, store, waiting
from api.printing.render import Language
from api.reports.asking import kpis_of, strata_of, where_of
from api.reports.desk import Desk
from api.reports.leaving import COVERS, ZONES, Asked, Form, View, take_out
from api.reports.routes import USUAL
from dispatch.incidents.states_patients import ExportReason
from dispatch.kernel.errors import Invalid, NotFound
from dispatch.kernel.ids import new_id
from dispatch.kernel.journal import append
from dispatch.reports.exporting.events import ReportExported
from dispatch.reports.service_record import build

_STDOUT: Final = "-"


@click.command()
@click.option("--from", "begins", type=Moment(), required=True, help="Beginning; a day is its 00:00, Beijing time.")
@click.option("--to", "until", type=Moment(), required=True, help="End, left out of the period.")
@click.option("--by", multiple=True, help="Strata to split by, such as station; may be given again.")
@click.option(
    "--format",
    "form",
    type=click.Choice([str(one) for one in Form if one is not Form.GEOJSON]),
    default="csv",
    show_default=True,
    help="The file's form; pdf for figures only.",
)
@click.option(
    "--view",
    type=click.Choice([str(one) for one in View if one not in COVERS]),
    default="figures",
    show_default=True,
    help="Figures, or the records behind them.",
)
@click.option("--kpi", multiple=True, help="Ids of figures; without it all.")
@click.option("--where", multiple=True, help="Only these, each NAME:KEY, such as ground:rural.")
@click.option("--targets", default=USUAL, show_default=True, help="The target set.")
@click.option(
    "--language", type=click.Choice(["zh", "en", "ug"]), default="zh", show_default=True, help="Of names and of paper."
)
@click.option("--zone", type=click.Choice(list(ZONES)), default="beijing", show_default=True, help="Of times shown.")
@click.option("--bom", is_flag=True, help="CSV with the mark of UTF-8 that older Excel needs.")
@click.option("--patient-data", is_flag=True, help="Exact times, places, ages, numbers; needs --reason.")
@click.option("--reason", type=click.Choice([str(one) for one in ExportReason]), help="Why patient data are taken out.")
@click.option("--output", "-o", help="Where to; - is standard output. Without it a file named after the period.")
@waiting
async def report(  # noqa: PLR0913 - a view has as many sides
    *,
    begins: datetime,
    until: datetime,
    by: tuple[str, ...],
    form: str,
    view: str,
    kpi: tuple[str, ...],
    where: tuple[str, ...],
    targets: str,
    language: str,
    zone: str,
    bom: bool,
    patient_data: bool,
    reason: str | None,
    output: str | None,
) -> None:
    r"""Write figures, or the records behind them, of a period.

    The figures are those of GET /api/reports/figures. Without --patient-data records come without patient data. Each
    report leaves a line in the journal.

    \b
    Example:
      tarim report --from 2026-11-01 --to 2026-12-01 --by station --format xlsx
    """
    if patient_data != (reason is not None):
        raise click.UsageError("--patient-data and --reason go together.")
    if until <= begins:
        raise Invalid("report.period", "The period must end after it begins.")
    if form == "pdf" and view != "figures":
        raise Invalid("report.form", "Only figures are printed; records come as a table.", "Ask for xlsx.")
    async with store() as parts:
        desk = Desk(parts)
        known = desk.definitions
        if targets not in known.sets:
            raise NotFound("report.targets", f"There is no target set {targets}; there are {', '.join(known.sets)}.")
        now = parts.clock.now()
        asked = Asked(
            View(view), Form(form), begins, until, kpis=kpis_of(known, list(kpi)), strata=strata_of(list(by)),
            where=where_of(list(where)), targets=targets, language=_language(language), zone=ZONES[zone], bom=bom,
            patient_data=patient_data, mark=f"{ACTOR} {now:%Y-%m-%dT%H:%MZ} {reason}" if patient_data else "", by=ACTOR,
        )  # fmt: skip
        async with parts.database.read() as session:
            await build(session, desk.store)
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / asked.name()
            await take_out(made, await desk.views(), known, asked, now)
            told = ReportExported(
                export_id=new_id(parts.clock), view=view, form=form, begins=begins, until=until,
                reason=None if reason is None else ExportReason(reason),
            )  # fmt: skip
            async with parts.database.write() as session:
                await append(session, parts.clock, by_hand(parts), [told])
            data = await asyncio.to_thread(made.read_bytes)
        await desk.close()
    if output == _STDOUT:
        sys.stdout.buffer.write(data)
        return
    target = Path(output or asked.name())
    await asyncio.to_thread(target.write_bytes, data)
    say(f"Wrote {target}.")


def _language(told: str) -> Language:
    return "en" if told == "en" else "ug" if told == "ug" else "zh"
