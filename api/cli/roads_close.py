"""`tarim roads close` and `tarim roads open`."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
import msgspec

from api.cli.progress import say
from api.cli.shared import (
    LatLon,
    Moment,
    engine_of,
    json_option,
    print_json,
    read_bytes,
    region_option,
    store,
    waiting,
    warn_outside,
)
from api.roads.closures import closure_out, touches_roads
from dispatch.kernel.errors import Invalid
from dispatch.roads.queries import list_closures
from dispatch.roads.rules import MAX_POLYGON_TEXT, ClosureDraft
from dispatch.roads.service import add_closure, lift_closure
from geo.points import GeoPoint


def _author() -> str:
    """The account at the keyboard; without one there is a uid only."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command line"


author_option = click.option("--by", default=_author, show_default="your account", help="Who says so.")


@click.command()
@region_option
@click.option("--way", "ways", type=int, multiple=True, help="OSM way id; may be repeated.")
@click.option("--edge", "edges", type=int, multiple=True, help="Edge of the present network; may be repeated.")
@click.option("--polygon", type=click.Path(path_type=Path, dir_okay=False), help="GeoJSON or WKT file with an area.")
@click.option("--at", "centre", type=LatLon(), help="Middle of a circle; goes with --radius.")
@click.option("--radius", "radius_m", type=float, help="Metres around --at.")
@click.option("--from", "active_from", type=Moment(), help="From when; without it from now.")
@click.option("--until", "active_until", type=Moment(), help="Until when; without it until it is opened.")
@click.option("--slow-to", "speed_factor", type=float, default=0.0, help="Do not close, slow down to this share: 0.5.")
@click.option("--reason", required=True, help="Why.")
@author_option
@json_option
@waiting
async def close(  # noqa: PLR0913, PLR0917 - click gives each option by its name
    region: str,
    ways: tuple[int, ...],
    edges: tuple[int, ...],
    polygon: Path | None,
    centre: GeoPoint | None,
    radius_m: float | None,
    active_from: datetime | None,
    active_until: datetime | None,
    speed_factor: float,
    reason: str,
    by: str,
    as_json: bool,
) -> None:
    r"""Close roads, or slow them down, for a time. Times without a zone are legal time (UTC+8).

    \b
    Example:
      tarim roads close --region aksu --at 41.17,80.26 --radius 300 --reason 洪水 --until 2026-11-23T08:00
    """
    if (centre is None) != (radius_m is None):
        raise click.UsageError("--at and --radius go together.")
    drawn = _text(polygon) if polygon else None
    async with store() as parts:
        row, engine = await engine_of(parts, region)
        if centre is not None:
            warn_outside(centre, engine.network)
        draft = ClosureDraft(
            reason=reason,
            author=by,
            speed_factor=speed_factor,
            active_from=active_from,
            active_until=active_until,
            ways=ways,
            edges=edges,
            network_version=row.network_version if edges else None,
            polygon=drawn,
            centre=centre,
            radius_m=radius_m,
        )
        async with parts.database.write() as session:
            closure = await add_closure(session, parts.clock, region, draft)
            count = touches_roads(closure, engine)
        told = closure_out(closure, parts.clock.now())
    if as_json:
        print_json({**msgspec.to_builtins(told), "edges_touched": count})
    else:
        click.echo(f"{told.id}: {count} edges {'slowed down' if speed_factor else 'closed'}.")


@click.command("open")
@region_option
@click.option("--id", "ids", type=click.UUID, multiple=True, help="Closure to lift; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Lift all closures of the region.")
@author_option
@json_option
@waiting
async def open_(region: str, ids: tuple[UUID, ...], everything: bool, by: str, as_json: bool) -> None:
    r"""Lift closures; without --id and --all, list them.

    \b
    Example:
      tarim roads open --region aksu --id 0198c0de-0000-7000-8000-000000000001
    """
    async with store() as parts:
        async with parts.database.write() as session:
            rows = await list_closures(session, region)
            if everything:
                ids = tuple(row.id for row in rows)
            lifted = [await lift_closure(session, parts.clock, region, closure, by) for closure in ids]
        now = parts.clock.now()
        told = [closure_out(row, now) for row in (lifted if ids or everything else rows)]
    if as_json:
        print_json(told)
        return
    if not told:
        say("There are no closures.")
    for item in told:
        state = "lifted" if item.lifted_at else "in force" if item.active else "not in force now"
        click.echo(f"{item.id}  {item.kind:<8} {state:<17} {item.reason}")


def _text(file: Path) -> str:
    try:
        return read_bytes(file, MAX_POLYGON_TEXT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("closure.polygon", f"The file {file} is not UTF-8 text.", "Save the area as GeoJSON.") from error
