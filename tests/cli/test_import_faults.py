from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from factories.command import ROOT, Tarim, command, environment
from factories.forks import kill_command
from factories.patience import PATIENCE_S, times

pytestmark = [pytest.mark.database, pytest.mark.slow]

KILLS = times(6, 100)


def answer(tarim: Tarim, region: str) -> object:
    done = tarim("roads", "route", "--region", region, "--from", "-9,-10", "--to", "-9.002,-9.995", "--json")
    assert done.code == 0, done.err
    return done.json


def test_a_full_disk_leaves_the_old_roads_and_no_leftovers(
    tarim: Tarim, home: Path, region: str, osm_file: Path
) -> None:
    if shutil.which("prlimit") is None:
        pytest.skip("prlimit is not here")
    before = answer(tarim, region)
    files = sorted((home / "networks" / region).iterdir())
    done = subprocess.run(
        ["prlimit", "--fsize=2000", *command("roads", "import", osm_file, "--region", region)],
        capture_output=True,
        text=True,
        env=environment(home) | {"PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr
    assert sorted((home / "networks" / region).iterdir()) == files
    assert answer(tarim, region) == before


@pytest.mark.soak
def test_a_killed_import_leaves_whole_roads(tarim: Tarim, home: Path, region: str, osm_file: Path) -> None:
    before = answer(tarim, region)
    again = ["roads", "import", str(osm_file), "--region", region]
    begun = time.monotonic()
    assert tarim(*again).code == 0
    took_s = time.monotonic() - begun
    for number in range(KILLS):
        kill_command(again, ROOT, environment(home), after_s=took_s * (number + 0.5) / KILLS)
        assert answer(tarim, region) == before
    # The next import is not kept out by the dead ones, and clears what they left.
    assert tarim(*again).code == 0
    left = {path.suffix for path in (home / "networks" / region).iterdir()}
    assert left == {".tarimnet"}  # neither drafts nor the import's lock
    assert answer(tarim, region) == before
