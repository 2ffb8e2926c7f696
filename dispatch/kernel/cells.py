"""Typed values out of the text of cells. A cell that cannot be read is noted, and gives nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from dispatch.kernel.findings import Findings
from dispatch.kernel.sheets import SheetRow
from dispatch.kernel.texts import text_fault
from geo.datum import Datum, outside_m, suspect, to_wgs84_many
from geo.errors import BadCoordinates
from geo.points import GeoPoint

Bbox = tuple[float, float, float, float]
"""West, south, east, north in WGS-84 degrees."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,20})?", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d{1,15}(\.0{1,20})?", re.ASCII)
_SEPARATORS: Final = re.compile(r"[;；、|]")
_DATUMS: Final = {
    "wgs84": Datum.WGS84,
    "wgs-84": Datum.WGS84,
    "gps": Datum.WGS84,
    "gcj02": Datum.GCJ02,
    "gcj-02": Datum.GCJ02,
    "高德": Datum.GCJ02,
    "腾讯": Datum.GCJ02,
    "bd09": Datum.BD09,
    "bd-09": Datum.BD09,
    "百度": Datum.BD09,
}
_STORED_DIGITS: Final = 7
"""1e-7 degree is about 1 cm, the grain of `geo.points`."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row; each method gives a value, or notes an error and gives the empty one."""

    row: SheetRow
    findings: Findings

    def has(self, column: str) -> bool:
        """Whether the file has that column at all. What is not there is not touched by an update."""
        return column in self.row.cells

    def error(self, column: str, code: str, message: str) -> None:
        """Note an error in this row."""
        self.findings.error(self.row.number, column, code, message)

    def warn(self, column: str, code: str, message: str) -> None:
        """Note a warning in this row."""
        self.findings.warn(self.row.number, column, code, message)

    def text(self, column: str, max_length: int = 200) -> str:
        """Text as written."""
        value = self.row.cells.get(column, "")
        fault = text_fault(value, max_length)
        if fault:
            self.error(column, *fault)
            return ""
        return value

    def key(self, column: str, max_length: int = 64) -> str:
        """Text that names a record: full-width letters and digits are the same as plain ones, no line breaks."""
        value = unicodedata.normalize("NFKC", self.text(column, max_length)).strip()
        if len(value.splitlines()) > 1:
            self.error(column, "cell.text", "a line break cannot stand here")
            return ""
        return value

    def number(self, column: str) -> float | None:
        """A decimal number; full-width digits are read."""
        value = _digits(self.row.cells.get(column, ""))
        if not value:
            return None
        if not _NUMBER.fullmatch(value):
            hint = "; write a point, not a comma" if _NUMBER.fullmatch(value.replace(",", ".")) else ""
            hint = hint or ("; write decimal degrees such as 41.168" if "°" in value or "'" in value else "")
            self.error(column, "cell.number", f"{_short(value)} is no number{hint}")
            return None
        return float(value)

    def whole(self, column: str, low: int, high: int) -> int | None:
        """A whole number within bounds, both included."""
        value = _digits(self.row.cells.get(column, ""))
        if not value:
            return None
        if not _WHOLE.fullmatch(value):
            self.error(column, "cell.number", f"{_short(value)} is no whole number")
            return None
        number = int(value.partition(".")[0])
        if not low <= number <= high:
            self.error(column, "cell.range", f"{number} is not within {low} to {high}")
            return None
        return number

    def choice(self, column: str, meanings: Mapping[str, str]) -> str:
        """One of the words of `meanings`, given as what it stands for."""
        written = self.row.cells.get(column, "")
        value = meanings.get(_word(written), "")
        if written and not value:
            self.error(column, "cell.choice", f"{_short(written)} is none of: {_told(meanings)}")
        return value

    def choices(self, column: str, meanings: Mapping[str, str]) -> list[str]:
        """Several such words parted by `;`, each once, in the order of `meanings`."""
        found: set[str] = set()
        for part in _SEPARATORS.split(self.row.cells.get(column, "")):
            value = meanings.get(_word(part), "")
            found.add(value)
            if part.strip() and not value:
                self.error(column, "cell.choice", f"{_short(part.strip())} is none of: {_told(meanings)}")
        return [value for value in dict.fromkeys(meanings.values()) if value in found]

    def texts(self, column: str, max_count: int = 50, max_length: int = 200) -> list[str]:
        """Several texts parted by `;`, each once, in their order."""
        parts = [part.strip() for part in _SEPARATORS.split(self.text(column, max_count * max_length))]
        found = list(dict.fromkeys(part for part in parts if part))
        if len(found) > max_count or any(len(part) > max_length for part in found):
            self.error(column, "cell.too_long", f"at most {max_count} entries of {max_length} characters are taken")
            return []
        return found


@dataclass(slots=True)
class Places:
    """Coordinates of many rows, turned into WGS-84 together (one by one would take a millisecond each)."""

    findings: Findings
    _waiting: dict[Datum, list[tuple[int, dict[str, Any], GeoPoint]]] = field(default_factory=dict)

    def add(self, cells: Cells, values: dict[str, Any]) -> None:
        """Read `lat`, `lon` and `datum` of a row; `settle` writes `lat` and `lon` into `values`."""
        lat, lon = cells.number("lat"), cells.number("lon")
        written = cells.row.cells.get("datum", "")
        datum = _DATUMS.get(_word(written)) if written else Datum.WGS84
        if datum is None:
            cells.error("datum", "cell.choice", f"{_short(written)} is none of: wgs84, gcj02, bd09")
        if lat is None or lon is None or datum is None:
            return
        try:
            point = GeoPoint(lat=lat, lon=lon)
        except BadCoordinates as error:
            cells.error("lat", "cell.coordinates", f"{error.message} {error.hint}".strip())
            return
        if point == GeoPoint(0.0, 0.0):
            cells.error("lat", "cell.coordinates", "0, 0 is the mark of a missing place, not a place")
            return
        self._waiting.setdefault(datum, []).append((cells.row.number, values, point))

    def settle(self, bbox: Bbox | None = None) -> None:
        """Turn all into WGS-84; warn of places outside `bbox` and say which other reading would lie inside it."""
        for datum, rows in self._waiting.items():
            lats, lons = to_wgs84_many(
                np.array([point.lat for *_, point in rows]), np.array([point.lon for *_, point in rows]), datum
            )
            for (number, values, _), lat, lon in zip(rows, lats.tolist(), lons.tolist(), strict=True):
                values["lat"], values["lon"] = round(lat, _STORED_DIGITS), round(lon, _STORED_DIGITS)
                if bbox is not None:
                    self._warn(number, GeoPoint(lat=values["lat"], lon=values["lon"]), bbox)
        self._waiting.clear()

    def _warn(self, number: int, point: GeoPoint, bbox: Bbox) -> None:
        away_m = outside_m(point, bbox)
        if away_m == 0.0:
            return
        other = suspect(point, bbox)
        code = "place.suspect" if other else "place.outside"
        message = f"the place lies {away_m / 1000:.1f} km outside the region"
        self.findings.warn(number, "lat", code, f"{message}. {other}" if other else message)


def _digits(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")


def _word(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _short(text: str) -> str:
    return f"{text[:40]}…" if len(text) > 40 else text


def _told(meanings: Mapping[str, str]) -> str:
    words: Iterable[str] = meanings
    return ", ".join(words)
