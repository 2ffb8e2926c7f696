from __future__ import annotations

import gzip
import math

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


def tile_of(service: Service, z: int) -> str:
    point = service.map.points["F"]
    x = int((point.lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(point.lat))) / math.pi) / 2 * 2**z)
    return f"/api/tiles/{z}/{x}/{y}.mvt"


async def test_a_tile_is_gzipped_with_an_etag_and_answered_304_when_known(service: Service) -> None:
    answer = await service.client.get(tile_of(service, 14))
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert b"roads" in answer.content  # httpx has unpacked it
    known = await service.client.get(tile_of(service, 14), headers={"if-none-match": f"W/{answer.headers['etag']}"})
    assert (known.status_code, known.content) == (304, b"")
    plain = await service.client.get(tile_of(service, 14), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.compress(plain.content)
    assert plain.content == answer.content


async def test_an_empty_tile_is_204_and_no_tile_is_404(service: Service) -> None:
    assert (await service.client.get("/api/tiles/10/0/0.mvt")).status_code == 204
    assert (await service.client.get("/api/tiles/3/8/0.mvt")).status_code == 404
    assert (await service.client.get("/api/tiles/17/0/0.mvt")).status_code == 422
