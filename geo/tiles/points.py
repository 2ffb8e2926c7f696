"""The `places` layer: names of towns and things, as points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import StreetName
from geo.network.model import RoadNetwork
from geo.places.own import OwnPlace
from geo.points import E7
from geo.tiles.geometry import BUFFER
from geo.tiles.mercator import MAX_ZOOM, world_units
from geo.tiles.wire import (
    EXTENT,
    FEATURE_GEOMETRY,
    FEATURE_IS_POINT,
    FEATURE_TAGS,
    LAYER_FEATURE,
    key_table,
    layer,
    message,
    string_value,
    varints,
    zigzag,
)

PLACE_KEYS: Final = ("kind", "name", "name_zh", "name_en", "name_ug")

_KEYS: Final = key_table(PLACE_KEYS)

_KIND_ZOOM: Final = {
    "city": 3,
    "town": 6,
    "regiment": 7,
    "airport": 7,
    "aerodrome": 7,
    "hospital": 9,
    "village": 9,
    "company": 10,
    "suburb": 10,
    "oasis": 10,
    "camp": 10,
    "well": 11,
    "hamlet": 11,
}
_OTHER_ZOOM: Final = 13


class PlacePoints:
    """All named places of a network, ready to be written."""

    def __init__(self, network: RoadNetwork, own_places: Sequence[OwnPlace] = ()) -> None:
        kinds = [network.text(int(text)) for text in network.place_kind]
        names = [network.street_name(int(row)) for row in network.place_name]
        kinds += [place.kind for place in own_places]
        names += [place.names for place in own_places]
        own = np.array([(place.lon, place.lat) for place in own_places], dtype=np.float64).reshape(-1, 2)
        own_e7 = np.rint(own * E7).astype(np.int32)
        self._world: NDArray[np.float64] = world_units(
            np.concatenate((network.place_x_e7, own_e7[:, 0])), np.concatenate((network.place_y_e7, own_e7[:, 1]))
        )
        self._zoom = np.array([_KIND_ZOOM.get(kind, _OTHER_ZOOM) for kind in kinds], dtype=np.int64)
        self._texts = [_texts(kind, name) for kind, name in zip(kinds, names, strict=True)]

    def layer(self, zoom: int, column: int, row: int) -> bytes:
        """Write the layer of one tile; empty bytes if there is nothing."""
        local = np.rint(self._world / (1 << (MAX_ZOOM - zoom))) - (column * EXTENT, row * EXTENT)
        inside = ((local >= -BUFFER) & (local < EXTENT + BUFFER)).all(axis=1)
        chosen = np.flatnonzero(inside & (self._zoom <= zoom))
        features: list[bytes] = []
        values: dict[str, int] = {}
        for place in chosen.tolist():
            tags: list[int] = []
            for key, text in self._texts[place]:
                tags += (key, values.setdefault(text, len(values)))
            spot = zigzag(local[place].astype(np.int64))
            body = message(FEATURE_TAGS, varints(np.array(tags, dtype=np.uint32))[0]) + FEATURE_IS_POINT
            body += message(FEATURE_GEOMETRY, b"\x09" + varints(spot)[0])
            features.append(message(LAYER_FEATURE, body))
        return layer("places", features, _KEYS, [string_value(text) for text in values])


def _texts(kind: str, names: StreetName) -> list[tuple[int, str]]:
    texts = (kind, names.spoken("zh") if not names.name else names.name, names.zh, names.en, names.ug)
    return [(key, text) for key, text in enumerate(texts) if text]
