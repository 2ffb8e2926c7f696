"""The console's types are those of the routes as they are now."""

from __future__ import annotations

from pathlib import Path

import pytest
from console_types import SCHEMA, TOOL, generated


@pytest.mark.slow
def test_the_client_is_that_of_the_present_routes(tmp_path: Path) -> None:
    if not TOOL.is_file():
        pytest.skip("the console's tools are not here: make test fetches them")
    assert generated(tmp_path) == SCHEMA.read_text("utf-8"), "a route has changed: make client"
