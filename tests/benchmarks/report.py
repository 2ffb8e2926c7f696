"""Rows of figures, the table they make, and where it is written."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
BENCHMARKS: Final = ROOT / "BENCHMARKS.md"
BEGIN: Final = "<!-- bench:begin -->"
END: Final = "<!-- bench:end -->"
_LIBRARIES: Final = ("numpy", "numba", "scipy", "networkx", "osmnx", "osmium", "shapely", "mapbox-vector-tile")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    `ratio` and `least` or `most` are in the same unit; a row without a bound is only given. `ratio` is in favour of
    ours where `least` binds (peer ÷ ours) and a cost where `most` binds.
    """

    what: str
    ours: str
    peer: str = "–"
    ratio: float | None = None
    least: float | None = None
    most: float | None = None
    unit: str = "×"

    @property
    def met(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.ratio is None or (self.least is None and self.most is None):
            return None
        return (self.least is None or self.ratio >= self.least) and (self.most is None or self.ratio <= self.most)

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        bound = "given"
        if self.least is not None:
            bound = f"≥ {self.least:,g}{self.unit}"
        elif self.most is not None:
            bound = f"≤ {self.most:,g}{self.unit}"
        ratio = "–" if self.ratio is None else f"{_short(self.ratio)}{self.unit}"
        verdict = {None: "–", True: "met", False: "**not met**"}[self.met]
        return (self.what, bound, self.ours, self.peer, ratio, verdict)


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def milliseconds(seconds: float) -> str:
    """A duration in the unit of the table, with three significant digits."""
    ms = seconds * 1000.0
    if ms >= 1000.0:
        return f"{ms:,.0f} ms"
    return (
        f"{ms:.0f} ms" if ms >= 100 else f"{ms:.1f} ms" if ms >= 10 else f"{ms:.2f} ms" if ms >= 1 else f"{ms:.3f} ms"
    )


def _machine() -> str:
    family = platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")
        ]
        family = names[0] if names else family
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {family}, {memory_gb:.0f} GiB memory, {platform.system()}"


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    commit = git("rev-parse", "--short=12", "HEAD") or "unknown"
    return f"{commit} and uncommitted changes" if git("status", "--porcelain", "--untracked-files=no") else commit


def _versions() -> str:
    found = [f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def table(rows: Sequence[Row], *, roads: str, command: str, seconds: float, skipped: Sequence[str] = ()) -> str:
    """The section as markdown. `roads` names the network, `command` what was run."""
    heads = ("what", "target", "ours", "peer", "ratio", "")
    lines = [
        f"{time.strftime('%Y-%m-%d', time.gmtime())} · commit {_commit()} · {_machine()}",
        "",
        f"{_versions()} · {roads}",
        "",
        f"`{command}` ({seconds:.0f} s in all). Times are median / 99th percentile; ours and its peer ran in turns.",
        "",
        "| " + " | ".join(heads) + " |",
        "|---" * len(heads) + "|",
        *("| " + " | ".join(cell.replace("|", "\\|") for cell in row.cells()) + " |" for row in rows),
    ]
    if skipped:
        lines += ["", "Not measured: " + "; ".join(skipped) + "."]
    return "\n".join(lines)


def write(section: str, path: Path = BENCHMARKS) -> None:
    """Put the section between the two markers, leaving all else as it is; without markers, at the end."""
    text = path.read_text(encoding="utf-8") if path.is_file() else "# Benchmarks\n"
    block = f"{BEGIN}\n{section}\n{END}"
    if BEGIN in text and END in text:
        before, rest = text.split(BEGIN, 1)
        text = before + block + rest.split(END, 1)[1]
    else:
        text = text.rstrip("\n") + f"\n\n{block}\n"
    path.write_text(text, encoding="utf-8")
