"""How the command line shows work that takes longer than a second: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from geo.progress import Progress

_QUIET_S = 1.0
_LINE_EVERY_S = 2.0


@contextmanager
def shown(title: str) -> Iterator[Progress]:
    """Give a progress that is shown on stderr: at once on a terminal, after a second as plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(title, total=1.0)

        def step(what: str, share: float) -> None:
            bars.update(task, description=f"{title}: {what}", completed=share)

        yield step


class _Lines:
    """Plain lines, none in the first second and then not more than one every two seconds for the same work."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._next_s = time.perf_counter() + _QUIET_S
        self._told = ""

    def __call__(self, what: str, share: float) -> None:
        now_s = time.perf_counter()
        if now_s < self._next_s or (what == self._told and share >= 1.0):
            return
        self._next_s = now_s + (_LINE_EVERY_S if what == self._told else 0.0)
        self._told = what
        click.echo(f"{self._title}: {what} ({share:.0%})", err=True)


def say(sentence: str) -> None:
    """Tell the person something that is not data: on stderr."""
    click.echo(sentence, err=True)
