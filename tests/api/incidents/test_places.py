"""An incident's place on a served region's roads."""

from __future__ import annotations

import pytest
from factories.desk import made, refused
from factories.service import Service

pytestmark = pytest.mark.database


async def test_swapped_coordinates_are_refused_with_the_reading_that_would_fit(service: Service) -> None:
    at = service.at("B")
    swapped = {"lat": at["lon"], "lon": at["lat"]}
    told = refused(
        await service.client.post("/api/incidents", json={"priority": "P1", "place": swapped}),
        422,
        "place.coordinates",
    )
    assert "swapped" in told["hint"]
    row = made(await service.client.post("/api/incidents", json={"priority": "P1", "place": at}))
    path = f"/api/incidents/{row['id']}"
    refused(await service.client.patch(path, json={"version": 1, "place": swapped}), 422, "place.coordinates")
    words = {"words": "示例路"}
    assert made(await service.client.patch(path, json={"version": 1, "place": words}))["lat"] == row["lat"]
