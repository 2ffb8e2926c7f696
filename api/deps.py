"""What handlers are given: the parts of the process, the served region, sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from api.errors import ProblemError
from api.parts import Parts
from api.regions.live import LiveRegion

REGION_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
RegionName = Annotated[str, Path(description="A region's name.", examples=["aksu"], max_length=63)]


def parts_of(request: Request) -> Parts:
    """Return the parts of this process."""
    parts: Parts = request.app.state.parts
    return parts


def live_of(request: Request) -> LiveRegion:
    """Return the region that this process serves."""
    live: LiveRegion = request.app.state.live
    return live


PartsDep = Annotated[Parts, Depends(parts_of)]
LiveDep = Annotated[LiveRegion, Depends(live_of)]


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
