"""`kill -9` of the server, started again at once as a supervisor does: seconds to the first assignment served.

The embedded database loses its server process too: its guardian ends it, and the next start recovers it. A client that
orders without pause tells when it is served again. What the kernels need is in their cache, as after any first start.
"""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import httpx

from tests.benchmarks.report import ROOT, Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import Ready, homes, roads_of, served

KILLS: Final = 5
_COMMAND: Final = [sys.executable, "-c", "from api.cli import main; main()", "serve"]
_PATIENCE_S: Final = 120.0
_AGAIN_S: Final = 0.005


def rows(scene: Scene) -> Iterator[Row]:
    """Figure of issue 3, line 5."""
    with homes() as make:
        home = make()
        with served(home, roads_of(scene)) as ready:
            pass
        took_s = killed(home, ready)
    yield Row(f"`kill -9` of the server and its restart: to the first assignment served, median of {KILLS} "
              f"({min(took_s):.2f}–{max(took_s):.2f} s)", f"{median(took_s):.2f} s", ratio=median(took_s), most=3.0,
              unit=" s")  # fmt: skip


def killed(home: Path, ready: Ready) -> list[float]:
    """Seconds from each kill to the next order that is taken."""
    port = _free_port()
    took_s: list[float] = []
    orders = zip(itertools.cycle(ready.waiting), itertools.cycle(ready.units), strict=False)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"cookie": ready.cookie}) as client:
        with _started(home, ready.region, port) as server:
            _ordered(client, orders)
            server.kill()
        for _ in range(KILLS):
            began = time.perf_counter()
            with _started(home, ready.region, port) as server:
                _ordered(client, orders)
                took_s.append(time.perf_counter() - began)
                server.kill()
    return took_s


@contextmanager
def _started(home: Path, region: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [*_COMMAND, "--region", region, "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "TARIM_HOME": str(home), "TARIM_LOGINS": "on"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield server
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(30)


def _ordered(client: httpx.Client, orders: Iterator[tuple[str, str]]) -> None:
    """Order until an order is taken: a unit that has something by now is called off first."""
    give_up = time.perf_counter() + _PATIENCE_S
    for incident_id, unit_id in orders:
        assert time.perf_counter() < give_up, "no order is taken"
        while time.perf_counter() < give_up:
            try:
                answered = client.post(f"/api/incidents/{incident_id}/assignments", json={"unit_id": unit_id})
            except httpx.TransportError:
                time.sleep(_AGAIN_S)
                continue
            if answered.status_code == 201:
                off = client.post(f"/api/assignments/{answered.json()['id']}/cancel", json={})
                assert off.status_code == 200, off.text
                return
            assert answered.status_code in (409, 503), answered.text
            if answered.status_code == 409:
                break  # this one is on a run: the next


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
