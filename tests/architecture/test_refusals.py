"""What the service refuses is told on the console in three languages: no code of its errors is without words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
WORDS: Final = ROOT / "frontend" / "src" / "i18n"
CODE: Final = re.compile(r"[a-z_]+\.[a-z_]+")
# Whoever raises these speaks to a terminal, a vehicle or a log, never to a dispatcher.
AT_START: Final = "figures.invalid"
ELSEWHERE: Final = (
    *("api/cli", "api/vehicle", "api/ingest", "api/simulator", "api/live", "api/figures.py", "api/parts.py"),
    *("api/server.py", "dispatch/kernel", "dispatch/settings.py", "dispatch/simulation", "dispatch/telemetry"),
    *("dispatch/audit", "dispatch/reports/importing", "geo/importers", "geo/demo"),
)
REFUSALS: Final = {
    *("Conflict", "Invalid", "NotFound", "ProblemError", "Refused", "Unavailable", "DatabaseUnavailable"),
    *("GeoError", "IllegalTransition", "Outdated", "UnitTaken", "TooManyTries", "__init__"),
}


def _raised() -> Iterator[tuple[str, str]]:
    """Each code that an error of the service is made with, and the file that makes it."""
    for room in ("api", "dispatch", "geo"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name.startswith(ELSEWHERE):
                continue
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(call, ast.Call):
                    continue
                made = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                for given in call.args[:2] if made in REFUSALS else ():
                    code = given.value if isinstance(given, ast.Constant) else None
                    if isinstance(code, str) and CODE.fullmatch(code) and code != AT_START:
                        yield code, name


@pytest.mark.parametrize("language", ["zh", "en", "ug"])
def test_every_refusal_has_words(language: str) -> None:
    told = (WORDS / language / "refusals.ts").read_text("utf-8")
    codes, about = told.split("  about: {")
    own = set(re.findall(r'^    "?([a-z_.]+)"?:', codes, re.MULTILINE))
    subjects = set(re.findall(r"^    ([a-z_]+):", about, re.MULTILINE))
    raised = dict(_raised())
    assert len(raised) > 150  # the walk finds them
    wordless = {code: file for code, file in raised.items() if code not in own and code.split(".")[0] not in subjects}
    assert wordless == {}
