"""Varints, zigzag and geometry commands against independent readers."""

from __future__ import annotations

import itertools

import mapbox_vector_tile
import numpy as np
import shapely
from google.protobuf.internal import decoder, encoder
from hypothesis import given
from hypothesis import strategies as st
from mapbox_vector_tile.utils import zig_zag_decode

from geo.tiles.geometry import BUFFER, commands, cut
from geo.tiles.wire import (
    EXTENT,
    FEATURE_GEOMETRY,
    FEATURE_IS_LINE,
    LAYER_FEATURE,
    layer,
    message,
    varint,
    varints,
    zigzag,
)

UNSIGNED = st.one_of(
    st.integers(0, 2**32 - 1), st.sampled_from([0, 127, 128, 2**14 - 1, 2**14, 2**21, 2**28 - 1, 2**28])
)


@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1)))
def test_zigzag_is_undone_and_keeps_small_numbers_small(values: list[int]) -> None:
    folded = zigzag(np.array(values, dtype=np.int64))
    assert [zig_zag_decode(int(value)) for value in folded] == values
    assert all(value <= 2 * abs(original) for value, original in zip(folded.tolist(), values, strict=True))


@given(st.lists(UNSIGNED))
def test_varints_are_what_protobuf_writes(values: list[int]) -> None:
    packed, ends = varints(np.array(values, dtype=np.uint32))
    reference = [encoder._VarintBytes(value) for value in values]
    assert packed == b"".join(reference)
    assert [packed[ends[i] : ends[i + 1]] for i in range(len(values))] == reference
    assert all(decoder._DecodeVarint(packed, int(start))[0] == v for start, v in zip(ends[:-1], values, strict=True))


@given(st.integers(0, 2**40))
def test_one_varint(value: int) -> None:
    assert varint(value) == encoder._VarintBytes(value)


COORDINATE = st.integers(-9000 * 8, 13000 * 8).map(lambda eighths: eighths / 8.0)
LINE = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=12)


@given(st.lists(LINE, min_size=1, max_size=5))
def test_cut_lines_decode_to_what_shapely_cuts(lines: list[list[tuple[float, float]]]) -> None:
    """Each line is a feature; after decoding it lies within 1 unit of the true line cut by shapely."""
    points = np.array([point for line in lines for point in line])
    number = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    index = np.flatnonzero(np.diff(number, append=-1) == 0)
    pieces = cut(points, number.astype(np.int32), (index, np.ones(len(index), dtype=np.int64)))
    box = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    truth = [shapely.LineString(line).intersection(box) for line in lines]
    lengths = [sum(shapely.LineString(pair).intersection(box).length for pair in itertools.pairwise(x)) for x in lines]
    if not len(pieces.path):
        assert all(length < 3.0 * 12 for length in lengths)
        return
    packed, bounds, groups = commands(pieces)
    features = [
        message(LAYER_FEATURE, FEATURE_IS_LINE + message(FEATURE_GEOMETRY, packed[a:b]))
        for a, b in itertools.pairwise(bounds)
    ]
    tile = layer("roads", features, b"", [])
    decoded = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})["roads"]["features"]
    assert len(decoded) == len(groups)
    for group, feature in zip(groups.tolist(), decoded, strict=True):
        found = shapely.geometry.shape(feature["geometry"])
        assert found.within(box)
        assert max(shapely.distance(shapely.points(shapely.get_coordinates(found)), truth[group])) <= 0.75
        assert abs(found.length - lengths[group]) <= 2.0 * len(lines[group])
    for group in set(range(len(lines))) - set(groups.tolist()):
        assert lengths[group] < 3.0 * len(lines[group])
