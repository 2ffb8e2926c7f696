"""Vector tiles of the served region: a map that needs no internet."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.contract import contract
from api.deps import LiveDep

router = APIRouter(tags=["map"])

MEDIA = "application/vnd.mapbox-vector-tile"
# A tile may be kept, but is asked after each time: the roads may have been imported anew.
_CACHE = "public, max-age=0, must-revalidate"
_CONTRACT: dict[str, Any] = contract(media=(MEDIA,), problems=[404], told="The tile, gzipped, with its ETag.")
_CONTRACT["responses"] |= {
    204: {"description": "Nothing lies in this tile."},
    304: {"description": "The tile you have (`If-None-Match`) is the newest."},
}


@router.get(
    "/tiles/{z}/{x}/{y}.mvt",
    summary="Vector tile",
    description="Mapbox Vector Tile 2.1, Web Mercator, zoom 0 to 16; layers `roads` and `places`.",
    **_CONTRACT,
)
async def tile(
    request: Request,
    live: LiveDep,
    z: Annotated[int, Path(ge=0, le=16, description="Zoom.")],
    x: Annotated[int, Path(ge=0, description="Column from the west.")],
    y: Annotated[int, Path(ge=0, description="Row from the north.")],
) -> Response:
    """Give a tile."""
    maker = await live.tiles(await live.ask())
    made = await asyncio.to_thread(maker.cached_tile, z, x, y)
    headers = {"ETag": made.etag, "Cache-Control": _CACHE}
    if _has(request.headers.get("if-none-match", ""), made.etag):
        return Response(status_code=304, headers=headers)
    if not made.gzipped:
        return Response(status_code=204, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", "gzip"):
        return Response(await asyncio.to_thread(maker.tile, z, x, y), headers=headers, media_type=MEDIA)
    return Response(
        made.gzipped, headers=headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, media_type=MEDIA
    )


def _has(given: str, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in tags or "*" in tags
