"""The demo with its simulated day, as processes: it plays, and both end together whatever happens."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from factories.command import ROOT, command, environment
from factories.patience import PATIENCE_S

pytestmark = [pytest.mark.database, pytest.mark.slow]


class Demo:
    """`tarim demo` with its day; `lines` is all that both have printed."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            command("demo", "--port", 0, "--speed", 60, "--seed", 7),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment(home),
            start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    def said(self, words: str) -> str:
        """Wait for a line with these words."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for line in list(self.lines):
                if words in line:
                    return line
            assert self.process.poll() is None, self.lines
            time.sleep(0.05)
        raise AssertionError(self.lines)

    def children(self) -> list[int]:
        """The processes of this demo's session that play."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                mine = os.getsid(int(folder.name)) == self.process.pid
                if mine and b"\0simulate\0" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return found

    def gone(self) -> bool:
        """Wait until nobody plays."""
        end = time.monotonic() + PATIENCE_S
        while self.children() and time.monotonic() < end:
            time.sleep(0.05)
        self._reader.join(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return not self.children()


def test_the_demo_plays_a_day_and_both_end_together() -> None:
    with tempfile.TemporaryDirectory(prefix="tarim-day-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        demo = Demo(home)
        assert "1380000" in demo.said("呼入")
        assert len(demo.children()) == 1
        # As Ctrl-C does: to all of the group.
        os.killpg(demo.process.pid, signal.SIGINT)
        assert demo.process.wait(PATIENCE_S) == 0
        assert demo.gone()
        told = "".join(demo.lines)
        assert told.rstrip().endswith("Stopped.")
        assert "Traceback" not in told
        assert "broke off" not in told
        # A demo that is killed takes its day with it.
        again = Demo(home)
        again.said("呼入")
        assert len(again.children()) == 1
        os.kill(again.process.pid, signal.SIGKILL)
        again.process.wait(PATIENCE_S)
        assert again.gone()
