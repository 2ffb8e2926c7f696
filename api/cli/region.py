"""`tarim region new|list|show`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from api.cli.progress import say
from api.cli.roads_import import import_file, report
from api.cli.shared import json_option, print_json, store, waiting
from api.parts import Parts
from api.regions.networks import NewRegion, checked_name, path_of, saved_sha256
from dispatch.hospitals.queries import list_hospitals
from dispatch.kernel.errors import Conflict
from dispatch.roads.queries import find_region, get_region, list_closures, list_own_places, list_regions, list_zones
from dispatch.roads.service import create_region
from dispatch.roads.tables import Region
from dispatch.units.queries import list_stations, list_units


@click.command()
@click.argument("name")
@click.option("--roads", type=click.Path(path_type=Path), help="Road file to begin with.")
@click.option("--name-zh", default="", help="Its Chinese name.")
@click.option("--name-en", default="", help="Its English name.")
@json_option
@waiting
async def new(name: str, roads: Path | None, name_zh: str, name_en: str, as_json: bool) -> None:
    r"""Make a region, with its roads if a file is given: both or neither.

    \b
    Example:
      tarim region new porto --roads porto.osm.pbf --name-en Porto
    """
    checked_name(name)
    called = NewRegion(name_zh or name_en or name, name_en or name)
    async with store() as parts:
        async with parts.database.read() as session:
            if await find_region(session, name) is not None:
                raise Conflict("region.exists", f"There is a region {name} already.", "Choose another name.")
        if roads is not None:
            report(await import_file(parts, name, roads, new=called, must_be_new=True), as_json=as_json)
            return
        async with parts.database.write() as session:
            row = await create_region(session, parts.clock, name=name, name_zh=called.name_zh, name_en=called.name_en)
    if as_json:
        print_json(_told(row))
    else:
        click.echo(f"Made the region {name}.")
        say(f"Bring in its roads: tarim roads import FILE --region {name}")


@click.command("list")
@json_option
@waiting
async def list_(as_json: bool) -> None:
    r"""List the regions of this database.

    \b
    Example:
      tarim region list --json
    """
    async with store() as parts, parts.database.read() as session:
        rows = await list_regions(session)
    if as_json:
        print_json([_told(row) for row in rows])
        return
    if not rows:
        say("There are no regions yet. Make one: tarim region new NAME --roads FILE")
    for row in rows:
        kind = " (schematic)" if row.schematic else ""
        click.echo(f"{row.name:<20} {row.name_zh} / {row.name_en}{kind}, network {row.network_version}")


@click.command()
@click.argument("name")
@json_option
@waiting
async def show(name: str, as_json: bool) -> None:
    r"""Show one region: its names, versions, and how much it holds.

    \b
    Example:
      tarim region show aksu
    """
    async with store() as parts:
        told = await _shown(parts, name)
    if as_json:
        print_json(told)
        return
    for field, value in told.items():
        click.echo(f"{field:<16} {value}")


async def _shown(parts: Parts, name: str) -> dict[str, Any]:
    async with parts.database.read() as session:
        row = await get_region(session, name)
        counts = {
            "stations": len(await list_stations(session, name)),
            "units": len(await list_units(session, name)),
            "hospitals": len(await list_hospitals(session, name)),
            "places": len(await list_own_places(session, name)),
            "zones": len(await list_zones(session, name)),
            "closures": len(await list_closures(session, name)),
        }
    return {**_told(row), **counts, "roads": _roads(parts, row)}


def _roads(parts: Parts, row: Region) -> str:
    if row.network_file is None:
        return "none yet"
    path = path_of(parts.settings.home, row.network_file)
    try:
        good = saved_sha256(path) == row.network_sha256
    except OSError:
        good = False
    return str(path) if good else f"missing or not the right file: {path}; import the roads again"


def _told(row: Region) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "schematic": row.schematic,
        "network_version": row.network_version,
        "overlay_version": row.overlay_version,
        "data_version": row.data_version,
        "created_at": row.created_at.isoformat(),
    }
