"""`tarim region import`: stations, units, hospitals, places, zones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from api.cli.progress import say, shown
from api.cli.shared import by_hand, json_option, network_of, print_json, read_bytes, store, waiting
from api.parts import Parts
from dispatch.hospitals.rules_columns import HOSPITALS
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.errors import Unavailable
from dispatch.kernel.findings import ImportReport
from dispatch.kernel.sheets import Sheet, template
from dispatch.kernel.tabular import read_table_file
from dispatch.kernel.workbooks import template_xlsx
from dispatch.roads.rules_columns import PLACES, zones_template
from dispatch.roads.service import import_places, import_zones
from dispatch.units.rules_columns import STATIONS, UNITS
from dispatch.units.service import import_stations, import_units
from geo.errors import NetworkUnreadable

KINDS: Final = ("stations", "units", "hospitals", "places", "zones")
_SHEETS: Final = {"stations": STATIONS, "units": UNITS, "hospitals": HOSPITALS, "places": PLACES}
_SERVICES: Final[dict[str, Callable[..., Any]]] = {
    "stations": import_stations,
    "units": import_units,
    "hospitals": import_hospitals,
    "places": import_places,
}
_MOST_ZONES_BYTES: Final = 50_000_000

Bbox = tuple[float, float, float, float]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", "-r", help="The region's name.")
@click.option("--kind", type=click.Choice(KINDS), help="What the file holds; without it, told by the file's name.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--replace", is_flag=True, help="Remove what the file leaves out.")
@click.option("--template", "wants_template", is_flag=True, help="Write a template to FILE (.csv, .xlsx; - prints it).")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    region: str | None,
    kind: str | None,
    dry_run: bool,
    replace: bool,
    wants_template: bool,
    as_json: bool,
) -> None:
    r"""Bring in stations.csv, units.csv, hospitals.csv, places.csv (or .xlsx) or zones.geojson: all or nothing.

    \b
    Example:
      tarim region import stations.csv --template
      tarim region import stations.csv --region aksu --dry-run
    """
    kind = kind or _kind_of(file)
    if wants_template:
        if kind == "zones":
            _write_new(file, zones_template().encode())
        else:
            template_to(_SHEETS[kind], file)
        return
    if region is None:
        raise click.UsageError("Missing option '--region' / '-r'.")
    told = _run(file, region, kind, dry_run=dry_run, replace=replace)
    tell(told, as_json=as_json)
    if not told.ok:
        ctx.exit(1)


@waiting
async def _run(file: Path, region: str, kind: str, *, dry_run: bool, replace: bool) -> ImportReport:
    async with store() as parts:
        with shown(f"{kind} of {region}") as progress:
            progress("reading", 0.1)
            return await bring_in(parts, region, kind, file, dry_run=dry_run, replace=replace)


async def bring_in(
    parts: Parts, region: str, kind: str, file: Path, *, dry_run: bool = False, replace: bool = False
) -> ImportReport:
    """Read a file and hand it to the part of the domain that keeps such things."""
    bbox = await box_of(parts, region)
    options: dict[str, Any] = {"dry_run": dry_run, "replace": replace}
    if kind == "zones":
        text = await asyncio.to_thread(read_bytes, file, _MOST_ZONES_BYTES)
        async with parts.database.write() as session:
            return await import_zones(session, parts.clock, by_hand(parts), region, text, bbox=bbox, **options)
    table = await asyncio.to_thread(read_table_file, file)
    if kind != "units":
        options["bbox"] = bbox
    async with parts.database.write() as session:
        report: ImportReport = await _SERVICES[kind](session, parts.clock, by_hand(parts), region, table, **options)
    return report


async def box_of(parts: Parts, region: str) -> Bbox | None:
    """The region's box, for warnings; None while it has no roads that can be read."""
    try:
        _, network = await network_of(parts, region)
    except (Unavailable, NetworkUnreadable):
        return None
    return network.bbox


def _kind_of(file: Path) -> str:
    name = file.name.lower()
    if name.endswith(".geojson"):
        return "zones"
    found = [kind for kind in KINDS if kind in name]
    if len(found) != 1:
        raise click.UsageError(f"The name {file.name} does not tell what it holds; add --kind {'|'.join(KINDS)}.")
    return found[0]


def template_to(sheet: Sheet, file: Path) -> None:
    """Write the template of a sheet, as its name says: XLSX or CSV; - prints it."""
    # Spreadsheet programs take a CSV for UTF-8 only with a byte order mark.
    is_workbook = file.suffix.lower() == ".xlsx"
    _write_new(file, template_xlsx(sheet) if is_workbook else template(sheet).encode("utf-8-sig"))


def _write_new(file: Path, content: bytes) -> None:
    if str(file) == "-":
        click.echo(content.decode("utf-8-sig"), nl=False)
        return
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise click.ClickException(f"The file {file} is there already. Choose another name.") from None
    say(f"Wrote the template {file}.")


def tell(told: ImportReport, *, as_json: bool) -> None:
    """Say what an import did, or found wrong."""
    if as_json:
        print_json(told)
        return
    for problem in told.errors:
        say(f"Error: {problem}")
    if told.errors_more:
        say(f"… and {told.errors_more} more errors.")
    for problem in told.warnings:
        say(f"Warning: {problem}")
    if told.warnings_more:
        say(f"… and {told.warnings_more} more warnings.")
    counts = told.counts
    if not told.ok:
        say(f"Nothing was imported: correct the {told.kind} file and try again.")
        return
    head = "Would bring" if told.dry_run else "Brought"
    click.echo(
        f"{head} in {told.rows} {told.kind}: {counts.added} new, {counts.updated} changed, "
        f"{counts.unchanged} as they were, {counts.removed} removed."
    )
