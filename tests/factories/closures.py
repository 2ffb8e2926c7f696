"""Drafts of closures of every kind, good and bad, for tests that ask about any of them."""

from __future__ import annotations

from datetime import UTC, datetime

import shapely
from hypothesis import strategies as st

from dispatch.roads.rules import ClosureDraft
from geo.points import GeoPoint


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment in UTC; two moments of other zones are never equal to Python in the hour that clocks go back."""
    return None if moment is None else moment.astimezone(UTC)


def points() -> st.SearchStrategy[GeoPoint]:
    return st.builds(GeoPoint, st.floats(-90, 90), st.floats(-180, 180))


TIMES = st.none() | st.datetimes(timezones=st.timezones() | st.none())
JSON = st.recursive(
    st.none() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner),
    max_leaves=12,
)
BOXES = st.tuples(st.floats(-180, 179), st.floats(-90, 89), st.floats(0.0001, 1)).map(
    lambda box: shapely.box(box[0], box[1], box[0] + box[2], box[1] + box[2]).wkt
)
DRAFTS = st.builds(
    ClosureDraft,
    reason=st.text(max_size=600),
    author=st.text(max_size=20),
    speed_factor=st.sampled_from([0.0, 0.5]) | st.floats(),
    active_from=TIMES,
    active_until=TIMES,
    ways=st.just(()) | st.lists(st.integers(), max_size=3).map(tuple),
    edges=st.just(()) | st.lists(st.integers(0, 99), max_size=3).map(tuple),
    network_version=st.none() | st.integers(0, 3),
    polygon=st.none() | BOXES | st.text(max_size=30) | st.dictionaries(st.sampled_from(["type", "coordinates"]), JSON),
    centre=st.none() | points(),
    radius_m=st.none() | st.floats(),
)
