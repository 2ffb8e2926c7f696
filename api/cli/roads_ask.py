"""`tarim roads nearest` and `tarim roads route`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table as Grid

from api.cli.progress import say
from api.cli.shared import (
    LatLon,
    closures_option,
    engine_of,
    hour_option,
    json_option,
    minutes,
    print_json,
    profile_option,
    question,
    region_option,
    size_options,
    store,
    waiting,
    warn_outside,
)
from api.cli.units_file import read_units
from api.roads.asking import metres, place_in_region
from api.roads.journeys import step_out
from dispatch.units.queries import list_units
from geo.points import GeoPoint
from geo.travel import Origin, Ranked, Route, Source


@click.command()
@region_option
@click.option("--to", "target", type=LatLon(), required=True, help="The place, WGS-84 degrees.")
@click.option(
    "--from",
    "units",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV or XLSX with id,lat,lon. Without it: the region's own units.",
)
@click.option("-k", "count", type=click.IntRange(1, 10_000), default=5, show_default=True, help="How many are wanted.")
@click.option("--towards", type=LatLon(), help="On a divided road: a place the wanted carriageway leads to.")
@profile_option
@hour_option
@size_options
@closures_option
@json_option
@waiting
async def nearest(  # noqa: PLR0913, PLR0917 - click gives each option by its name
    region: str,
    target: GeoPoint,
    units: Path | None,
    count: int,
    towards: GeoPoint | None,
    profile: str,
    hour: int | None,
    height_cm: int,
    width_cm: int,
    weight_kg: int,
    without_closures: bool,
    as_json: bool,
) -> None:
    r"""Rank vehicles by road time to a place.

    \b
    Example:
      tarim roads nearest --region aksu --to 41.17,80.26 --from units.csv -k 5 --json
    """
    warnings: list[str] = []
    origins = [Origin(name, point) for name, point in read_units(units)] if units else []
    async with store() as parts:
        row, engine = await engine_of(parts, region)
        if units is None:
            async with parts.database.read() as session:
                placed = await list_units(session, region)
            origins = [Origin(item.unit.call_sign, item.point) for item in placed]
        place_in_region(target, engine.network, region, warnings)
        asked = question(
            parts,
            engine,
            profile=profile,
            hour=hour,
            size=(height_cm, width_cm, weight_kg),
            without_closures=without_closures,
            towards=towards,
        )
    for warning in warnings:
        say(f"Warning: {warning}")
    for origin in origins:
        warn_outside(origin.point, engine.network)
    if not origins:
        say("There are no vehicles to compare.")
    ranked = engine.nearest(target, origins, count, asked).ranked if origins else ()
    if as_json:
        print_json([_told(item) for item in ranked])
        return
    _table(ranked, schematic=row.schematic)


@click.command()
@region_option
@click.option("--from", "origin", type=LatLon(), required=True, help="Where the journey begins, WGS-84 degrees.")
@click.option("--to", "target", type=LatLon(), required=True, help="Where it ends.")
@click.option("--towards", type=LatLon(), help="On a divided road: a place the wanted carriageway leads to.")
@profile_option
@hour_option
@size_options
@closures_option
@json_option
@click.option("--geojson", is_flag=True, help="Print a GeoJSON Feature.")
@waiting
async def route(  # noqa: PLR0913, PLR0917 - click gives each option by its name
    region: str,
    origin: GeoPoint,
    target: GeoPoint,
    towards: GeoPoint | None,
    profile: str,
    hour: int | None,
    height_cm: int,
    width_cm: int,
    weight_kg: int,
    without_closures: bool,
    as_json: bool,
    geojson: bool,
) -> None:
    r"""Show the quickest way between two places.

    \b
    Example:
      tarim roads route --region aksu --from 41.17,80.26 --to 40.55,81.28 --geojson
    """
    if as_json and geojson:
        raise click.UsageError("Give --json or --geojson, not both.")
    warnings: list[str] = []
    async with store() as parts:
        _, engine = await engine_of(parts, region)
        for point in (origin, target):
            place_in_region(point, engine.network, region, warnings)
        asked = question(
            parts,
            engine,
            profile=profile,
            hour=hour,
            size=(height_cm, width_cm, weight_kg),
            without_closures=without_closures,
            towards=towards,
        )
    for warning in warnings:
        say(f"Warning: {warning}")
    found = engine.route(origin, target, asked)
    if geojson:
        line = {"type": "LineString", "coordinates": found.line.tolist()} if len(found.line) >= 2 else None
        print_json({"type": "Feature", "geometry": line, "properties": _journey(found)}, on_one_line=True)
    elif as_json:
        print_json({**_journey(found), "geometry": found.line.tolist()}, on_one_line=True)
    else:
        _directions(found)


def _told(item: Ranked) -> dict[str, Any]:
    travel = item.travel
    return {
        "id": item.id,
        "eta_s": travel.eta_s,
        "distance_m": metres(travel.distance_m),
        "source": travel.source.value,
        "reasons": [reason.value for reason in travel.reasons],
        "straight_m": metres(item.straight_m),
        "pinned": item.pinned,
        "off_road_origin_m": metres(travel.off_road_origin_m),
        "off_road_target_m": metres(travel.off_road_target_m),
    }


def _journey(found: Route) -> dict[str, Any]:
    travel = found.travel
    return {
        "eta_s": travel.eta_s,
        "distance_m": metres(travel.distance_m),
        "source": travel.source.value,
        "reasons": [reason.value for reason in travel.reasons],
        "off_road_origin_m": metres(travel.off_road_origin_m),
        "off_road_target_m": metres(travel.off_road_target_m),
        "steps": [msgspec.to_builtins(step_out(step)) for step in found.steps],
    }


def _table(ranked: tuple[Ranked, ...], *, schematic: bool) -> None:
    grid = Grid(title="Schematic roads: not for use on real roads." if schematic else None)
    for heading in ("vehicle", "time", "road km", "line km", "how", "mind"):
        grid.add_column(heading, justify="right" if heading in ("time", "road km", "line km") else "left")
    for item in ranked:
        travel = item.travel
        length = "-" if travel.distance_m is None else f"{travel.distance_m / 1000:.1f}"
        mind = [*(reason.value for reason in travel.reasons), *(["judge by hand"] if item.pinned else [])]
        grid.add_row(
            item.id,
            minutes(travel.eta_s),
            length,
            f"{item.straight_m / 1000:.1f}",
            travel.source.value,
            ", ".join(mind),
        )
    Console().print(grid)


def _directions(found: Route) -> None:
    travel = found.travel
    if travel.source is Source.UNREACHABLE:
        click.echo("There is no way by road.")
        return
    click.echo(f"{minutes(travel.eta_s)} min, {(travel.distance_m or 0) / 1000:.1f} km")
    for step in found.steps:
        name = step.street.spoken() or "-"
        click.echo(f"  {step.turn.value:<13} {name}  {step.length_m:.0f} m  {minutes(step.time_s)}")
    if travel.reasons:
        click.echo("Mind: " + ", ".join(reason.value for reason in travel.reasons))
