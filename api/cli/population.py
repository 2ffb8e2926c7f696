"""`tarim population`: how many people live where."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from api.cli.progress import say, shown
from api.cli.region_import import box_of, tell, template_to
from api.cli.shared import by_hand, json_option, print_json, store, waiting
from api.parts import Parts
from dispatch.kernel.findings import ImportReport
from dispatch.kernel.tabular import read_table_file
from dispatch.roads.queries import get_region
from dispatch.roads.queries_people import find_population
from dispatch.roads.rules_people import PEOPLE
from dispatch.roads.service_people import import_population


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", "-r", help="The region's name; without it the one that is served.")
@click.option("--source", default="", help="Where the figures are from; stands beside every figure of coverage.")
@click.option("--estimate", is_flag=True, help="Figures of larger areas spread over places, not counted there.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--template", "wants_template", is_flag=True, help="Write a template to FILE (.csv, .xlsx; - prints it).")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    region: str | None,
    source: str,
    estimate: bool,
    dry_run: bool,
    wants_template: bool,
    as_json: bool,
) -> None:
    r"""Bring in how many people live where: CSV or XLSX with lat, lon, people, one row a cell of a grid or a village.

    It takes the place of what was known. With any fault nothing changes.

    \b
    Example:
      tarim population import cells.csv --template
      tarim population import cells.csv --region aksu --source "2020 census, 1 km grid" --dry-run
    """
    if wants_template:
        template_to(PEOPLE, file)
        return
    told = _run(file, region, source, estimate=estimate, dry_run=dry_run)
    tell(told, as_json=as_json)
    if not told.ok:
        ctx.exit(1)


@waiting
async def _run(file: Path, region: str | None, source: str, *, estimate: bool, dry_run: bool) -> ImportReport:
    async with store() as parts:
        name = region or parts.settings.region
        with shown(f"population of {name}") as progress:
            progress("reading", 0.1)
            bbox = await box_of(parts, name)
            table = await asyncio.to_thread(read_table_file, file)
            progress("checking", 0.4)
            async with parts.database.write() as session:
                return await import_population(
                    session, parts.clock, by_hand(parts), name, table, source=source, estimate=estimate, bbox=bbox,
                    dry_run=dry_run,
                )  # fmt: skip


@click.command()
@click.option("--region", "-r", help="The region's name; without it the one that is served.")
@json_option
@waiting
async def show(region: str | None, as_json: bool) -> None:
    r"""Show what is known of a region's people: from where, how many, in how many cells.

    \b
    Example:
      tarim population show --region aksu
    """
    async with store() as parts:
        told = await _shown(parts, region or parts.settings.region)
    if as_json:
        print_json(told)
    elif not told["cells"]:
        say("Nobody has said how many people live where: tarim population import FILE --source TEXT")
    else:
        for field, value in told.items():
            click.echo(f"{field:<12} {value}")


async def _shown(parts: Parts, region: str) -> dict[str, Any]:
    async with parts.database.read() as session:
        await get_region(session, region)
        row = await find_population(session, region)
    if row is None:
        return {"people": 0, "cells": 0, "source": "", "estimate": False, "imported_at": None}
    return {
        "people": round(row.people), "cells": row.cells, "source": row.source, "estimate": row.estimate,
        "imported_at": row.imported_at.isoformat(),
    }  # fmt: skip
