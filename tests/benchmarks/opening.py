"""A saved network: how soon it is open, and what a second process costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from geo.network.storage import open_network
from tests.benchmarks.report import ROOT, Row, milliseconds
from tests.benchmarks.scene import Scene
from tests.benchmarks.timing import once

_PROCESSES = 3


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 2, line 7."""
    seconds = [once(lambda: open_network(scene.saved)) for _ in range(9)]
    size_mb = scene.saved.stat().st_size / 1e6
    yield Row(
        f"opening a saved network ({size_mb:.0f} MB), checksum verified",
        milliseconds(float(np.median(seconds))),
        "–",
        float(np.median(seconds)),
        most=0.2,
        unit=" s",
    )
    shares = _shared(scene.saved)
    resident, proportional, private = (float(np.mean(column)) for column in zip(*shares, strict=True))
    yield Row(
        f"shared between {_PROCESSES} processes: each one's resident, proportional and private part of it",
        f"{resident:.1f} / {proportional:.1f} / {private:.1f} MB",
    )


def _shared(path: Path) -> list[tuple[float, float, float]]:
    """MB of the mapped file in each of some processes that hold it open and have read all of it."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.opening", str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(_PROCESSES)
    ]
    try:
        for worker in workers:
            if worker.stdout is None or worker.stdout.readline().strip() != "open":
                raise RuntimeError("a process could not open the saved network")
        found = []
        for worker in workers:
            maps = Path(f"/proc/{worker.pid}/smaps").read_text(encoding="utf-8")
            found.append(_of_file(maps, path.name))
        return found
    finally:
        for worker in workers:
            worker.communicate("\n")


def _of_file(maps: str, name: str) -> tuple[float, float, float]:
    """Rss, Pss and private MB of the mappings of one file."""
    sums = {"Rss:": 0.0, "Pss:": 0.0, "Private_Clean:": 0.0, "Private_Dirty:": 0.0}
    mine = False
    for line in maps.splitlines():
        first = line.split(maxsplit=1)[0]
        if "-" in first and not first.endswith(":"):
            mine = line.endswith(name)
        elif mine and first in sums:
            sums[first] += int(line.split()[1]) / 1000.0
    return sums["Rss:"], sums["Pss:"], sums["Private_Clean:"] + sums["Private_Dirty:"]


def hold(path: Path) -> None:
    """Open a network, which reads all of it for the checksum, say so, and wait."""
    network = open_network(path)
    print("open", flush=True)
    sys.stdin.readline()
    print(network.node_count)


if __name__ == "__main__":
    hold(Path(sys.argv[1]))
