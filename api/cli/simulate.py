"""`tarim simulate`: a simulated day against a running service."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import sys
from collections import Counter

import click

from api import event_loop
from api.cli.progress import say
from api.cli.simulation_options import CALLS, DISPATCHER, SEED, SPEED
from api.simulator.client import Refusal
from api.simulator.props import read_props
from api.simulator.running import run_day
from api.simulator.wishes import PATIENCE_S, Wishes
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.errors import Refused
from dispatch.settings import Settings, load_settings


@click.command()
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Where the service is.")
@SPEED
@SEED
@DISPATCHER
@CALLS
@click.option(
    "--patience",
    type=click.FloatRange(0, 600),
    default=PATIENCE_S,
    show_default=True,
    help="Seconds in which a person can be the first to answer.",
)
@click.option("--beside", is_flag=True, hidden=True, help="End when the input ends: of the demo's own.")
def simulate(
    address: str, speed: float, seed: int | None, dispatcher: bool, calls: float, patience: float, beside: bool
) -> None:
    r"""Play a simulated day against a running demo, until Ctrl-C.

    Callers, crews and their vehicles are invented; they use the service as any client does, with the accounts and
    devices that tarim demo made in TARIM_HOME.

    \b
    Example:
      tarim simulate --speed 10 --no-dispatcher
    """
    settings = load_settings()
    seed = seed if seed is not None else secrets.randbelow(100_000)
    say(f"A simulated day with the seed {seed}, {speed:g} times as fast as the clock.")
    wishes = Wishes(seed, speed, dispatcher, calls, patience)
    event_loop.run(_until_stopped(settings, address.rstrip("/"), wishes, beside=beside))


async def _until_stopped(settings: Settings, address: str, wishes: Wishes, *, beside: bool) -> None:
    props = read_props(settings.home)
    verify = None if settings.tls_cert is None else str(settings.tls_cert)
    playing = asyncio.ensure_future(run_day(address, props, wishes, clock=SystemClock(), say=click.echo, verify=verify))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, playing.cancel)
    watching = asyncio.ensure_future(_input_ends(playing)) if beside else None
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await playing
    except Refusal as error:
        raise Refused("simulation.refused", f"The service refused: {error}.", "Start tarim demo anew.") from error
    finally:
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def _input_ends(playing: asyncio.Future[Counter[str]]) -> None:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        await reader.read()
        playing.cancel()
    finally:
        transport.close()
