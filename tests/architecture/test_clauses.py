"""What the console has to do stands in a table beside code and tests: none of those named may be missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TABLE: Final = ROOT / "frontend" / "CONSOLE.md"
ROOMS: Final = ("api/", "dispatch/", "geo/", "tests/", "frontend/")
NAMED: Final = re.compile(r"`([\w./]+\.(?:py|ts|svelte|css|toml))(?:::(\w+))?`")


def _rows() -> list[list[str]]:
    lines = [line.strip().strip("|").split(" | ") for line in TABLE.read_text("utf-8").splitlines() if line[:1] == "|"]
    return [row for row in lines if row[0].strip() != "clause" and not row[0].startswith("---")]


def _path(name: str) -> Path:
    return ROOT / name if name.startswith(ROOMS) else ROOT / "frontend" / "src" / name


def test_every_clause_names_code_and_tests_that_are_there() -> None:
    rows = _rows()
    assert len(rows) > 70
    missing = [
        f"{row[0].strip()}: {path.relative_to(ROOT)} {test}".strip()
        for row in rows
        for name, test in NAMED.findall(" ".join(row[1:]))
        for path in [_path(name)]
        if not path.is_file() or (test and f"def {test}(" not in path.read_text("utf-8"))
    ]
    assert missing == []
    bare = [row[0] for row in rows if len(row) != 3 or not all(NAMED.search(cell) for cell in row[1:])]
    assert bare == [], "without code, or without a test"
