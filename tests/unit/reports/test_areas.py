from __future__ import annotations

import numpy as np
import pytest

from dispatch.reports.queries_context import AREAS, columns_of


@pytest.mark.parametrize(
    "named", [[], [None, None], [None, "aksu-city"], ["aksu-city", None], [None] * 200 + ["aksu-city"]]
)
def test_places_that_no_zone_holds_may_come_first(named: list[str | None]) -> None:
    held = np.full(len(named), None, dtype=np.object_)
    held[:] = named
    (county,) = columns_of({"county": held})
    assert county.dtype == AREAS["county"]
    assert county.cast(str).to_list() == named
