"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("geo", "dispatch", "api", "migrations", "tests")
LONGEST = 300
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
CONSOLE = sorted(
    path
    for path in (ROOT / "frontend" / "src").rglob("*")
    if path.suffix in {".ts", ".svelte", ".css"} and path.name != "schema.d.ts"  # made from the routes, never edited
)
FEATURES = (
    "accounts",
    "audit",
    "cards",
    "clinical",
    "dispatching",
    "handover",
    "hospitals",
    "incidents",
    "roads",
    "simulation",
    "telemetry",
    "units",
)
ANATOMY = ("states", "events", "rules", "tables", "queries", "service")


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_a_file_is_one_screen_and_one_idea() -> None:
    paths = [*SOURCES, *CONSOLE]
    assert len(paths) > 2_000  # the walk finds them
    lines = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in _names(paths)}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def _inner_imports(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (item.lineno for item in ast.walk(node) if isinstance(item, ast.Import | ast.ImportFrom))


def test_no_import_hides_in_a_function() -> None:
    names = [name for name in _names(SOURCES) if not name.startswith("tests")]
    assert len(names) > 1_000  # the walk finds them
    found = {name: list(_inner_imports(ast.parse((ROOT / name).read_text("utf-8")))) for name in names}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_domain_never_commits() -> None:
    committing = [
        name
        for name in _names(SOURCES)
        if name.startswith("dispatch/")
        and re.search(r"(session|connection)\.commit\(", (ROOT / name).read_text("utf-8"))
    ]
    assert committing == [], "the edge commits, by leaving the block of Database.write()"


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_no_other_files_than_its_six(feature: str) -> None:
    files = {path.stem for path in (ROOT / "dispatch" / feature).glob("*.py")} - {"__init__"}
    parts = {stem for stem in files if not stem.startswith(tuple(ANATOMY))}
    assert parts == set(), "a feature splits by use case: rules_x.py, service_y.py"


def test_the_documents_name_only_what_exists() -> None:
    """Every path in backticks in ARCHITECTURE.md is there; what is planned stands in its own section."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("## What comes next")[0]
    named = set(re.findall(r"`((?:geo|dispatch|api|tests|migrations|frontend)/[\w./]*)`", text))
    assert named, "ARCHITECTURE.md names no paths"
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_nothing_tells_where_it_was_made() -> None:
    """No machine path, registry host or tool of a workplace in anything that ships."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    words = ("/" + "work/", "files.python" + "hosted", "registry." + "npmjs", "/" + "root/.pyenv")
    found = [
        (name, word)
        for name in tracked.stdout.split()
        if Path(name).suffix in {".py", ".md", ".toml", ".lock", ".ini", ".ts", ".svelte", ".json", ".npmrc", ""}
        for word in words
        if (ROOT / name).is_file() and word in (ROOT / name).read_text("utf-8", errors="ignore")
    ]
    assert found == []


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(ROOT / "pyproject.toml")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
