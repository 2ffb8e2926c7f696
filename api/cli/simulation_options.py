"""Options of a simulated day, for the demo and for a day against a running one."""

from __future__ import annotations

import click

from api.simulator.wishes import CALLS_PER_DAY

SPEED = click.option(
    "--speed", type=click.FloatRange(1, 60), default=1.0, show_default=True, help="How many times as fast as the clock."
)
SEED = click.option(
    "--seed", type=click.IntRange(0, 2**31), help="Repeats a day; without it chance decides, and tells."
)
DISPATCHER = click.option(
    "--dispatcher/--no-dispatcher",
    default=True,
    show_default=True,
    help="A simulated dispatcher takes calls that nobody answers. Without one they ring until somebody does.",
)
CALLS = click.option(
    "--calls", type=click.FloatRange(1, 5_000), default=CALLS_PER_DAY, show_default=True, help="Calls in a day, about."
)
