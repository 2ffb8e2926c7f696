"""The pages that tell the interface."""

from __future__ import annotations

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


async def test_the_live_feed_is_told_where_the_interface_points_to(service: Service) -> None:
    client = service.stranger()
    told = (await client.get("/api/openapi.json")).json()["info"]["description"]
    assert "(/docs/live)" in told
    page = await client.get("/docs/live")
    assert page.headers["content-type"].startswith("text/html")
    for part in ("<table>", "4008", "live.other_journal", "<code>{&quot;op&quot;:&quot;subscribe&quot;"):
        assert part in page.text
