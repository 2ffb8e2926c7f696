"""`tarim roads info` and `tarim roads export`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import numpy as np

from api.cli.progress import shown
from api.cli.shared import (
    closures_option,
    engine_of,
    hour_option,
    json_option,
    network_of,
    print_json,
    profile_option,
    question,
    region_option,
    size_options,
    store,
    waiting,
)
from api.regions.components import component_sizes
from geo.engine import RoadEngine
from geo.importers.export import TurnGraph, export_graphml, export_turns_graphml
from geo.progress import Progress
from geo.travel import Question


@click.command()
@region_option
@json_option
@waiting
async def info(region: str, as_json: bool) -> None:
    r"""Show what a region's road network holds, and what its import left out.

    \b
    Example:
      tarim roads info --region aksu
    """
    async with store() as parts:
        row, network = await network_of(parts, region)
    sizes = component_sizes(network)
    told = {
        "region": region,
        "network_version": row.network_version,
        "file": row.network_file,
        "sha256": row.network_sha256,
        "source": network.meta.get("source", ""),
        "schematic": row.schematic,
        "nodes": network.node_count,
        "edges": network.edge_count,
        "length_km": round(float(network.edge_length_m.sum()) / 1000.0, 1),
        "components": len(sizes),
        "largest_component_nodes": sizes[0] if sizes else 0,
        "turn_restrictions": len(network.restriction_offsets) - 1,
        "kilometre_posts": len(network.post_km),
        "places": len(network.place_kind),
        "bbox": list(network.bbox),
        "notes": network.meta.get("notes", {}),
    }
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        if name == "notes" and isinstance(value, dict):
            click.echo("notes")
            for note, count in sorted(value.items()):
                click.echo(f"  {note:<34} {count}")
        else:
            click.echo(f"{name:<25} {value}")


@click.command()
@region_option
@click.option(
    "--format", "form", type=click.Choice(["graphml"]), default="graphml", show_default=True, help="The file's form."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
@click.option(
    "--for-osmnx", is_flag=True, help="Declare all values as text, as OSMnx's load_graphml asks (emergency only)."
)
@profile_option
@hour_option
@size_options
@closures_option
@waiting
async def export(  # noqa: PLR0913, PLR0917 - click gives each option by its name
    region: str,
    form: str,
    output: Path,
    for_osmnx: bool,
    profile: str,
    hour: int | None,
    height_cm: int,
    width_cm: int,
    weight_kg: int,
    without_closures: bool,
) -> None:
    r"""Write the network with the times of a profile and hour; `ordinary` is the turn-expanded graph.

    Nodes have x and y in degrees, edges length_m and travel_time_ms.

    \b
    Example:
      tarim roads export --region aksu --format graphml --output aksu.graphml
    """
    del form  # one form so far
    if for_osmnx and profile == "ordinary":
        raise click.UsageError("--for-osmnx goes with the emergency profile only.")
    async with store() as parts:
        _, engine = await engine_of(parts, region)
        asked = question(
            parts,
            engine,
            profile=profile,
            hour=hour,
            size=(height_cm, width_cm, weight_kg),
            without_closures=without_closures,
        )
    with shown(f"export of {region}") as progress:
        await asyncio.to_thread(_write, engine, asked, output, for_osmnx, progress)
    click.echo(f"Wrote {output}.")


def _write(engine: RoadEngine, asked: Question, output: Path, for_osmnx: bool, progress: Progress) -> None:
    weights_ms = engine.weighted(asked).ms
    if not asked.profile.turns_bind:
        export_graphml(engine.network, output, weights_ms=weights_ms, for_osmnx=for_osmnx, progress=progress)
        return
    topology = engine.topology(asked)
    # State e has driven edge e and remembers no restriction; states beyond the edges remember the way they came.
    starts = np.arange(engine.network.edge_count, dtype=np.int32)
    turns = TurnGraph(topology.state_edge, topology.tail, topology.head, starts)
    export_turns_graphml(engine.network, output, weights_ms=weights_ms, turns=turns, progress=progress)
