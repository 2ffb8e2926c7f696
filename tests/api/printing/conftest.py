from __future__ import annotations

import pytest

from api.console.files import BUILT


@pytest.fixture(autouse=True)
def fonts() -> None:
    """What prints needs the fonts that come with the console."""
    if not (BUILT / "fonts").is_dir():
        pytest.skip("the console was not built: python frontend/build_hook.py")
