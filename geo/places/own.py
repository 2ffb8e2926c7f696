"""Places the service knows by itself: `places.csv`."""

from __future__ import annotations

from dataclasses import dataclass

from geo.network.attributes import StreetName


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A village, regiment, company, well site, camp… in WGS-84 degrees.

    `kind` is free (`regiment`, `company`, `village`, `well`, `camp`, `oasis`, …). `aliases` are in any script.
    `organisation` is the id or name of the body it belongs to, or empty.
    """

    id: str
    lat: float
    lon: float
    kind: str
    names: StreetName
    aliases: tuple[str, ...] = ()
    organisation: str = ""
