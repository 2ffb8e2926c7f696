"""What handlers are given: the parts of the process, the served region, sessions.

All are asynchronous: FastAPI would give each of the others a turn in a thread.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from api.errors import ProblemError
from api.ingest.lookout import Lookout
from api.loops import Anchoring
from api.parts import Parts
from api.regions.live import LiveRegion
from dispatch.cards.service_sets import CardLibrary

REGION_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
RegionName = Annotated[str, Path(description="A region's name.", examples=["aksu"], max_length=63)]


async def parts_of(request: Request) -> Parts:
    """Return the parts of this process."""
    parts: Parts = request.app.state.parts
    return parts


async def live_of(request: Request) -> LiveRegion:
    """Return the region that this process serves."""
    live: LiveRegion = request.app.state.live
    return live


async def anchoring_of(request: Request) -> Anchoring:
    """Return what watches over the journal in this process."""
    anchoring: Anchoring = request.app.state.anchoring
    return anchoring


async def lookout_of(request: Request) -> Lookout:
    """Return what knows in this process at whom alarms are not looked for."""
    lookout: Lookout = request.app.state.gateway.lookout
    return lookout


async def library_of(request: Request) -> CardLibrary:
    """Return the sets of complaint cards that this process has read."""
    library: CardLibrary = request.app.state.cards
    return library


PartsDep = Annotated[Parts, Depends(parts_of)]
LiveDep = Annotated[LiveRegion, Depends(live_of)]
CardsDep = Annotated[CardLibrary, Depends(library_of)]
AnchoringDep = Annotated[Anchoring, Depends(anchoring_of)]
LookoutDep = Annotated[Lookout, Depends(lookout_of)]


def must_be_served(parts: Parts, region: str) -> None:
    """Refuse data of a region that is not the served one.

    Raises ProblemError (`region.not_served`).
    """
    if region != parts.settings.region:
        raise ProblemError(
            "region.not_served",
            f"This service serves {parts.settings.region}, not {region}.",
            f"Start another with TARIM_REGION={region}.",
        )
