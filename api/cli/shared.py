"""What the commands share: options, arguments, the way to the database, and the form of their output."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click
import msgspec

from api.cli.progress import say
from api.parts import Parts, open_parts
from api.regions.live import engine_on
from api.regions.networks import path_of, saved_sha256
from api.regions.sizes import SizeClasses
from api.roads.asking import moment_of_hour
from dispatch.kernel.actor import Context, system
from dispatch.kernel.errors import Invalid, Unavailable
from dispatch.roads.queries import get_region, load_overlay
from dispatch.roads.tables import Region
from dispatch.settings import load_settings
from geo.datum import suspect
from geo.engine import RoadEngine
from geo.errors import BadCoordinates, NetworkUnreadable
from geo.network.model import RoadNetwork
from geo.network.storage import open_network
from geo.points import GeoPoint
from geo.speeds import LOCAL_ZONE, Profile
from geo.travel import Question

ACTOR: Final = "command-line"
"""Who did it, as the journal names whoever sits at the keyboard of this machine."""

P = ParamSpec("P")
T = TypeVar("T")


class LatLon(click.ParamType[GeoPoint]):
    """A place as LAT,LON in degrees; either may be negative."""

    name = "LAT,LON"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> GeoPoint:
        """Read the two numbers; a wrong form is wrong usage."""
        if isinstance(value, GeoPoint):
            return value
        parts = str(value).replace("，", ",").split(",")
        try:
            lat, lon = (float(part) for part in parts)
        except ValueError:
            self.fail(f"{value!r} is not LAT,LON, such as 41.17,80.26", param, ctx)
        try:
            return GeoPoint(lat=lat, lon=lon)
        except BadCoordinates as error:
            self.fail(f"{error.message} {error.hint}".strip(), param, ctx)


class Moment(click.ParamType[datetime]):
    """A moment as ISO 8601; without a zone it is legal time, UTC+8."""

    name = "WHEN"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-22T18:30 or 2026-11-22T18:30+08:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)


region_option = click.option("--region", "-r", required=True, help="The region's name.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
profile_option = click.option(
    "--profile",
    type=click.Choice(["emergency", "ordinary"]),
    default="emergency",
    show_default=True,
    help="Which rules bind.",
)
hour_option = click.option(
    "--hour", type=click.IntRange(0, 167), help="Hour of the week, 0 = Monday 00:00 (UTC+8). Without it: free flow."
)
closures_option = click.option("--without-closures", is_flag=True, help="Leave closures and slow-downs out of account.")


def size_options(command: Callable[P, T]) -> Callable[P, T]:
    """Add the vehicle's size."""
    command = click.option("--height-cm", type=click.IntRange(0, 2_000), default=0, help="The vehicle's height.")(
        command
    )
    command = click.option("--width-cm", type=click.IntRange(0, 2_000), default=0, help="The vehicle's width.")(command)
    return click.option("--weight-kg", type=click.IntRange(0, 100_000), default=0, help="The vehicle's weight.")(
        command
    )


def waiting(command: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Turn an async command into one that click can call."""

    @functools.wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> T:
        return asyncio.run(command(*arguments, **options))

    return run


@asynccontextmanager
async def store() -> AsyncIterator[Parts]:
    """Open the database: the running service's embedded one, or one's own."""
    async with open_parts(load_settings(), say=say) as parts:
        yield parts


def by_hand(parts: Parts) -> Context:
    """Begin what one command does, in the name of the command line."""
    return Context.begin(parts.clock, system(ACTOR))


def print_json(value: object, *, on_one_line: bool = False) -> None:
    """Print a value as JSON on stdout."""
    text = msgspec.json.encode(value)
    click.echo((text if on_one_line else msgspec.json.format(text, indent=2)).decode())


def minutes(seconds: float | None) -> str:
    """Write seconds as minutes and seconds, 7:05; "-" where none are known."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


async def network_of(parts: Parts, region: str) -> tuple[Region, RoadNetwork]:
    """Return a region and its network. Raises NotFound, Unavailable (`region.no_roads`), NetworkUnreadable."""
    async with parts.database.read() as session:
        row = await get_region(session, region)
    if row.network_file is None:
        raise Unavailable(
            "region.no_roads", f"The region {region} has no roads yet.", f"tarim roads import FILE --region {region}"
        )
    path = path_of(parts.settings.home, row.network_file)
    network = open_network(path)
    if saved_sha256(path) != row.network_sha256:
        raise NetworkUnreadable(f"{path} is not the network that the database names.", "Import the roads again.")
    return row, network


async def engine_of(parts: Parts, region: str) -> tuple[Region, RoadEngine]:
    """Return a region and an engine on its network, with its closures laid over."""
    row, network = await network_of(parts, region)
    engine = engine_on(network, parts.settings, row.network_version)
    async with parts.database.read() as session:
        engine.overlay = await load_overlay(session, region)
    return row, engine


def question(
    parts: Parts,
    engine: RoadEngine,
    *,
    profile: str,
    hour: int | None = None,
    size: tuple[int, int, int] = (0, 0, 0),
    without_closures: bool = False,
    towards: GeoPoint | None = None,
) -> Question:
    """Return the question that the options ask."""
    now = parts.clock.now()
    return Question(
        profile=Profile("ordinary" if profile == "ordinary" else "emergency", *SizeClasses(engine.network).of(size)),
        at=None if hour is None else moment_of_hour(hour, now),
        closures_at=None if without_closures else now,
        towards=towards,
    )


def warn_outside(point: GeoPoint, network: RoadNetwork) -> None:
    """Warn on stderr if the place is outside the region but would fit when read otherwise."""
    reading = suspect(point, network.bbox)
    if reading:
        say(f"Warning: {reading}")


def read_bytes(file: Path, most: int) -> bytes:
    """Read a file given by the user. Raises Invalid (`file.unreadable`, `file.too_large`)."""
    try:
        if file.stat().st_size > most:
            raise Invalid("file.too_large", f"The file {file} is larger than {most / 1e6:g} MB.")
        return file.read_bytes()
    except OSError as error:
        raise Invalid("file.unreadable", f"The file {file} cannot be read: {error.strerror}.") from error
