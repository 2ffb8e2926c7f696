"""The `tarim` command in processes of its own, for tests."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START = "import sys; from api.cli import main; main(sys.argv[1:])"


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON can be anything
        return json.loads(self.out)


Tarim = Callable[..., Ended]


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TARIM_")}
    return {**kept, "TARIM_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", START, *map(str, arguments)]
