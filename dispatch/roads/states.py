"""The named sets of the road records."""

from enum import StrEnum


class ClosureKind(StrEnum):
    """How a closure names its roads."""

    WAYS = "ways"
    """OSM ways; survives a new network, as far as the ways do."""
    EDGES = "edges"
    """Edges of one network; means nothing on another."""
    POLYGON = "polygon"
    CIRCLE = "circle"
