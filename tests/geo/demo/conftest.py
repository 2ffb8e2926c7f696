"""The schematic region, drawn and assembled once."""

from __future__ import annotations

import pytest

from tests.factories.demo_region import Drawn, draw_demo


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    return draw_demo()
