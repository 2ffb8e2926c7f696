"""The benchmarks can be begun: each of their parts is there to be asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_part_is_there_to_be_asked_for() -> None:
    asked = [sys.executable, "-m", "tests.benchmarks", "--help"]
    told = subprocess.run(asked, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "record" in told.stdout
