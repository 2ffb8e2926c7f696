"""`tarim demo`: everything at once, on the built-in region."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from datetime import timedelta

import click

from api import event_loop
from api.cli.demo_ecmo import load_ecmo
from api.cli.demo_people import Login, load_people, table
from api.cli.progress import say, shown
from api.cli.serving import serve_shown
from api.cli.simulation_options import CALLS, DISPATCHER, SEED, SPEED
from api.logs import configure_logs
from api.parts import Parts, open_parts
from api.regions.networks import adopt, importing, path_of, saved_sha256
from api.server import address_of, listening, stopping_quietly
from api.simulator.beside import play_beside
from api.simulator.past import must_be_new, play_past
from api.simulator.preparing import prepare
from api.simulator.wishes import Wishes
from dispatch.hospitals.service import import_hospitals
from dispatch.kernel.actor import Context, system
from dispatch.kernel.clock import ManualClock, SystemClock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.findings import ImportReport
from dispatch.kernel.rows import table_of
from dispatch.roads.queries import find_region
from dispatch.roads.service import create_region, import_places, import_zones
from dispatch.roads.service_people import import_population
from dispatch.settings import Settings, load_settings
from dispatch.units.service import import_stations, import_units
from geo.demo.people import SOURCE as PEOPLE_FROM
from geo.demo.region import REGION, DemoRegion, make_demo
from geo.network.assemble import assemble
from geo.network.model import RoadNetwork
from geo.progress import Progress


@click.command()
@click.option("--host", help="Address to listen on; other than this machine's own only with TLS.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; the next free one if it is taken.")
@click.option("--simulation/--no-simulation", default=True, show_default=True, help="Play a simulated day beside it.")
@SPEED
@SEED
@DISPATCHER
@CALLS
@click.option("--days", type=click.IntRange(1, 400), help="First play so many days that have passed; with --fast.")
@click.option("--fast", is_flag=True, help="Play them as fast as it goes: 200 calls a day, into an empty TARIM_HOME.")
def demo(
    host: str | None,
    port: int | None,
    simulation: bool,
    speed: float,
    seed: int | None,
    dispatcher: bool,
    calls: float,
    days: int | None,
    fast: bool,
) -> None:
    r"""Start everything with the built-in schematic region, until Ctrl-C.

    A simulated day is played beside it: callers call, crews drive. A call that nobody answers within 20 seconds is
    taken by a simulated dispatcher, who leaves alone what a person has opened or sent units for.

    \b
    Example:
      tarim demo
      tarim demo --speed 10 --seed 7 --no-dispatcher
      tarim demo --days 30 --fast
    """
    if (days is None) is fast:
        raise click.UsageError("--days and --fast go together: days that have passed, as fast as they can be played.")
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = load_settings(region=REGION, **given)
    configure_logs()
    with stopping_quietly(), listening(settings, search=True) as listener:
        taken = listener.getsockname()[1]
        if settings.port not in (0, taken):
            say(f"Port {settings.port} is taken; using {taken}.")
        wishes = Wishes(seed if seed is not None else secrets.randbelow(100_000), speed, dispatcher, calls)
        event_loop.run(_run(settings, listener, wishes, days or 0, live=simulation))


async def _run(settings: Settings, listener: socket.socket, wishes: Wishes, days: int, *, live: bool) -> None:
    say("Starting the database.")
    if days:
        await _past(settings, wishes.seed, days)
    async with open_parts(settings, say=say) as parts:
        await load_demo(parts)
        logins = await load_people(parts)
        await load_ecmo(parts)
        address = address_of(listener, tls=settings.tls_cert is not None)
        started = asyncio.Event()

        def announce() -> None:
            _announce(address, logins, asked=settings.asks_logins)
            if live:
                click.echo(_day(wishes))
            started.set()

        beside = asyncio.create_task(_simulated(parts, address, wishes if live else None, started))
        try:
            await serve_shown(parts, settings, listener, announce)
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
    say("Stopped.")


async def _past(settings: Settings, seed: int, days: int) -> None:
    """Play days that have passed, up to now, into a record that is still empty."""
    clock = ManualClock(SystemClock().now() - timedelta(days=days))
    async with open_parts(settings, clock=clock, say=say) as parts:
        await must_be_new(parts)
        await load_demo(parts)
        await load_people(parts)
        props = await prepare(parts)
        say(f"Playing {days} days that have passed, with the seed {seed}.")
        await play_past(parts, props, seed=seed, days=days, say=say)


async def _simulated(parts: Parts, address: str, wishes: Wishes | None, started: asyncio.Event) -> None:
    await started.wait()
    if wishes is not None:
        await play_beside(parts, address, wishes, say)


async def load_demo(parts: Parts) -> bool:
    """Make the built-in region if it is not there, or its network is; return whether anything had to be made."""
    async with parts.database.read() as session:
        row = await find_region(session, REGION)
    if row is not None and row.network_file is not None:
        path = path_of(parts.settings.home, row.network_file)
        try:
            if saved_sha256(path) == row.network_sha256:
                return False
        except OSError:
            pass  # the file has gone: it is made again
    with shown("built-in region") as progress, importing(parts.settings.home, REGION):
        made, network = await asyncio.to_thread(_made, progress)
        await _keep(parts, Context.begin(parts.clock, system("demo")), made, network)
    return True


def _made(progress: Progress) -> tuple[DemoRegion, RoadNetwork]:
    made = make_demo(lambda what, share: progress(what, share * 0.5))
    network = assemble(
        made.raw, region=REGION, meta=made.meta, progress=lambda what, share: progress(what, 0.5 + share * 0.5)
    )
    return made, network


async def _keep(parts: Parts, context: Context, made: DemoRegion, network: RoadNetwork) -> None:
    """Keep the region: its facts first, the network last, so that a region with a network is whole."""
    async with parts.database.write() as session:
        if await find_region(session, REGION) is None:
            await create_region(
                session,
                parts.clock,
                context,
                name=REGION,
                name_zh=made.meta["name_zh"],
                name_en=made.meta["name_en"],
                schematic=True,
            )
        clock = parts.clock
        reports = [
            await import_stations(session, clock, context, REGION, table_of(made.stations)),
            await import_units(session, clock, context, REGION, table_of(made.units)),
            await import_hospitals(session, clock, context, REGION, table_of(made.hospitals)),
            await import_places(session, clock, context, REGION, table_of(made.places)),
            await import_zones(session, clock, context, REGION, json.dumps(made.zones)),
            await import_population(
                session, clock, context, REGION, table_of(made.people), source=PEOPLE_FROM, estimate=True
            ),
        ]
        for report in reports:
            _must_be_good(report)
    await adopt(parts, context, REGION, network)


def _must_be_good(report: ImportReport) -> None:
    if report.errors:
        raise Invalid("demo.broken", f"The built-in region's {report.kind} are wrong: {report.errors[0]}.")


def _day(wishes: Wishes) -> str:
    answers = (
        "nobody answers calls but you" if not wishes.dispatcher else "a simulated dispatcher answers what you do not"
    )
    return (
        f"\nA simulated day is played beside it (--seed {wishes.seed} repeats it, --no-simulation leaves it out); "
        f"{answers}.\nCallers and what they say:"
    )


def _announce(address: str, logins: list[Login], *, asked: bool) -> None:
    first = logins[0]
    body = json.dumps({"name": first.name, "password": first.password})
    how = "after a login" if asked else "from this machine without a login (TARIM_LOGINS is off)"
    log_in = f"  curl -c jar -H 'Content-Type: application/json' -d '{body}' {address}/api/session\n" if asked else ""
    click.echo(
        f"\nTarim runs on {address} with the built-in region {REGION}: schematic, not for use on real roads.\n"
        "Logins of invented people (role, name, password, organisation), made for this machine:\n\n"
        f"{table(logins)}\n\n"
        f"The five vehicles that are soonest at a place in 阿克苏 (Aksu) by road, {how}:\n\n"
        f"{log_in}"
        f'  curl {"-b jar " if asked else ""}"{address}/api/nearest?lat=41.17&lon=80.26&k=5"\n\n'
        f"All questions: {address}/docs. Ctrl-C stops everything."
    )
