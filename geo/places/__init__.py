"""The gazetteer: names to places, and places to names. Knows nothing of databases."""

from __future__ import annotations

from geo.places.describe import Description
from geo.places.gazetteer import Gazetteer
from geo.places.hits import PlaceHit
from geo.places.own import OwnPlace

__all__ = ["Description", "Gazetteer", "OwnPlace", "PlaceHit"]
