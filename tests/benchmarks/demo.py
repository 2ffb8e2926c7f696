"""`tarim demo`: seconds from the command to the address it prints, at the first start and at the second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.report import ROOT, Row
from tests.benchmarks.scene import Scene

_COMMAND = [sys.executable, "-c", "from api.cli import main; main()", "demo", "--port", "0"]


def rows(_scene: Scene) -> Iterator[Row]:
    """The second start is promised in less than 5 s."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)  # where root starts it, the database's own user must pass through
        first_s, second_s = _start(home), _start(home)
    yield Row("`tarim demo`, first start to its address (database, region and network made)", f"{first_s:.1f} s")
    yield Row("`tarim demo`, second start", f"{second_s:.2f} s", ratio=second_s, most=5.0, unit=" s")


def _start(home: str) -> float:
    """Seconds to the first line that holds an address; then it is stopped."""
    begun = time.perf_counter()
    service = subprocess.Popen(
        _COMMAND,
        cwd=ROOT,
        env={**os.environ, "TARIM_HOME": home, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for line in service.stdout or ():
            if "http://" in line:
                return time.perf_counter() - begun
    finally:
        service.send_signal(signal.SIGINT)
        service.communicate(timeout=30)
    raise RuntimeError("tarim demo ended without telling its address")
