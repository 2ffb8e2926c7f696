"""`tarim roads import` and `tarim roads download`: bring roads into a region."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from api.cli.progress import say, shown
from api.cli.shared import json_option, print_json, region_option, store, waiting
from api.parts import Parts
from api.regions.networks import NewRegion, adopt, checked_name, importing
from dispatch.roads.service import Adopted
from geo.importers.files import read_head
from geo.importers.osm import read_osm
from geo.importers.osmnx_graph import read_graphml
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.network.raw import RawRoads
from geo.progress import Progress

Reader = Callable[[Progress], RawRoads]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@region_option
@json_option
@waiting
async def import_(file: Path, region: str, as_json: bool) -> None:
    r"""Read a road file into a region; the region is made if it is not there.

    OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2) and GraphML files of OSMnx are read. The old roads serve
    until the new ones are whole.

    \b
    Example:
      tarim roads import aksu.osm.pbf --region aksu-town
    """
    async with store() as parts:
        told = await import_file(parts, region, file)
    report(told, as_json=as_json)


async def import_file(
    parts: Parts, region: str, file: Path, *, new: NewRegion | None = None, must_be_new: bool = False
) -> dict[str, Any]:
    """Bring a road file into a region; what came of it is returned."""
    is_graph = b"<graphml" in await asyncio.to_thread(read_head, file)
    reader: Reader = (lambda _progress: read_graphml(file)) if is_graph else (lambda progress: read_osm(file, progress))
    meta = {"source": file.name, "source_sha256": await asyncio.to_thread(_sha256, file)}
    return await bring_in(parts, region, reader, meta, new=new, must_be_new=must_be_new)


async def bring_in(
    parts: Parts,
    region: str,
    reader: Reader,
    meta: dict[str, Any],
    *,
    new: NewRegion | None = None,
    must_be_new: bool = False,
) -> dict[str, Any]:
    """Read, assemble, save and adopt roads; make the region if need be. The database comes last."""
    checked_name(region)
    with shown(f"roads of {region}") as progress, importing(parts.settings.home, region):
        network = await asyncio.to_thread(_network, reader, region, meta, progress)
        progress("saving", 0.95)
        adopted, made = await adopt(
            parts, region, network, new=new or NewRegion(region, region), must_be_new=must_be_new
        )
    return _told(network, adopted, made=made)


def _network(reader: Reader, region: str, meta: dict[str, Any], progress: Progress) -> RoadNetwork:
    raw = reader(lambda what, share: progress(what, share * 0.6))
    return assemble(raw, region=region, meta=meta, progress=lambda what, share: progress(what, 0.6 + share * 0.35))


def _told(network: RoadNetwork, adopted: Adopted, *, made: bool) -> dict[str, Any]:
    return {
        "region": adopted.region.name,
        "region_made": made,
        "network_version": adopted.region.network_version,
        "nodes": network.node_count,
        "edges": network.edge_count,
        "bbox": list(network.bbox),
        "notes": network.meta.get("notes", {}),
        "stale_closures": [str(row.id) for row in adopted.stale_closures],
    }


def report(told: dict[str, Any], *, as_json: bool) -> None:
    """Say what an import did."""
    if told["region_made"]:
        say(f"Made the region {told['region']}.")
    if told["stale_closures"]:
        say(
            f"Warning: {len(told['stale_closures'])} closures named edges of the old roads and are out of force; "
            "draw them anew."
        )
    if as_json:
        print_json(told)
    else:
        click.echo(
            f"{told['region']}: network {told['network_version']} with {told['nodes']:,} nodes and "
            f"{told['edges']:,} edges is in use."
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
