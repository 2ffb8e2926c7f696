"""`tarim roads download`: roads from OpenStreetMap. Apart, because OSMnx is slow to import."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from api.cli.roads_import import Reader, bring_in, report
from api.cli.shared import json_option, region_option, store, waiting
from geo.importers.download import download_place, download_polygon


@click.command()
@click.argument("place", required=False)
@click.option("--polygon", type=click.Path(path_type=Path), help="GeoJSON file with the area, in place of a name.")
@region_option
@json_option
@waiting
async def download(place: str | None, polygon: Path | None, region: str, as_json: bool) -> None:
    r"""Fetch the roads of a place or an area from OpenStreetMap. Needs internet.

    \b
    Example:
      tarim roads download "Aksu, Xinjiang, China" --region aksu-town
    """
    reader: Reader
    if place is not None and polygon is None:
        reader, source = partial(download_place, place), place
    elif polygon is not None and place is None:
        reader, source = partial(download_polygon, polygon), polygon.name
    else:
        raise click.UsageError("Give the name of a place, or --polygon FILE.")
    async with store() as parts:
        told = await bring_in(parts, region, reader, {"source": f"OpenStreetMap, {source}"})
    report(told, as_json=as_json)
