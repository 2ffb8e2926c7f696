"""Coordinates that somebody typed or read out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from geo.datum import Datum, better_reading, outside_m, to_wgs84
from geo.errors import BadCoordinates
from geo.places.hits import COORDINATES, PlaceHit, told
from geo.points import GeoPoint

_DATUM: Final = (
    (re.compile(r"^\s*(?:gcj-?0?2?|gcj|高德|腾讯|火星)\s*[:：]?", re.IGNORECASE), Datum.GCJ02),
    (re.compile(r"^\s*(?:bd-?0?9?|百度)\s*[:：]?", re.IGNORECASE), Datum.BD09),
    (re.compile(r"^\s*(?:wgs-?\s?84|wgs|gps|北斗)\s*[:：]?", re.IGNORECASE), Datum.WGS84),
)
_ANGLE: Final = r"""(?P<sign{n}>[-+]?)(?P<deg{n}>\d{{1,3}}(?:\.\d+)?)
    (?:\s*[°度]\s*(?:(?P<min{n}>\d{{1,2}}(?:\.\d+)?)\s*['′分]\s*(?:(?P<sec{n}>\d{{1,2}}(?:\.\d+)?)\s*(?:["″秒]|''))?)?)?"""
_HALF: Final = r"(?P<before{n}>[NSEW]|北纬|南纬|东经|西经)?\s*" + _ANGLE + r"\s*(?P<after{n}>[NSEW])?"
_PAIR: Final = re.compile(
    r"^\s*" + _HALF.format(n=1) + r"\s*[,;/\s]\s*" + _HALF.format(n=2) + r"\s*$", re.IGNORECASE | re.VERBOSE
)
_AXIS: Final = {"N": 1, "S": -1, "北纬": 1, "南纬": -1, "E": 1, "W": -1, "东经": 1, "西经": -1}
_NORTHERLY: Final = ("N", "S", "北纬", "南纬")
_MISTAKEN: Final = {
    "swapped": ("经纬度可能颠倒", "كەڭلىك بىلەن ئۇزۇنلۇق ئالماشقان بولۇشى مۇمكىن"),
    "gcj02": ("可能是 GCJ-02（高德、腾讯）坐标", "GCJ-02 (高德, 腾讯) بولۇشى مۇمكىن"),
    "bd09": ("可能是 BD-09（百度）坐标", "BD-09 (百度) بولۇشى مۇمكىن"),
}
"""By `Reading.code`, in Chinese and Uyghur."""
_FAR_M: Final = 100_000.0


@dataclass(frozen=True, slots=True)
class _Angle:
    degrees: float
    axis: str
    """`lat`, `lon`, or empty if no letter said it."""
    marked: bool


def read_coordinates(text: str, bbox: tuple[float, float, float, float], language: str) -> PlaceHit | None:
    """Read two angles, or give None if the text is none.

    Taken: `41.17,80.26`; `80.26 41.17` (swapped if only that fits the region, with a warning); degrees, minutes and
    seconds; N, S, E, W or 北纬, 东经 before or after; a prefix gcj, bd, 高德, 百度 for the datum. Without letters the
    first number is the latitude. `bbox` is west, south, east, north of the region in degrees.

    Raises:
        BadCoordinates: two angles that are no place on earth either way round.
    """
    plain, datum = unicodedata.normalize("NFKC", text).strip(), Datum.WGS84
    for prefix, named in _DATUM:
        if prefix.match(plain):
            plain, datum = prefix.sub("", plain, count=1), named
            break
    # NFKC writes ″ as two primes; both are seconds.
    found = _PAIR.match(plain.replace("′′", "″").replace("，", ","))
    if found is None:
        return None
    first, second = _angle(found, 1), _angle(found, 2)
    if not (first.marked and second.marked) or first.axis == second.axis != "":
        return None
    if first.axis == "lon" or second.axis == "lat":
        point, warning = to_wgs84(second.degrees, first.degrees, datum), ""
    elif first.axis or second.axis:
        point, warning = to_wgs84(first.degrees, second.degrees, datum), ""
    else:
        point, warning = _in_some_order(first.degrees, second.degrees, datum, bbox, language)
    if not warning and outside_m(point, bbox) > 0.0:
        away_km = outside_m(point, bbox) / 1000.0
        warning = told(
            language,
            f"在本区域之外 {away_km:.1f} 公里",
            f"{away_km:.1f} km outside the region",
            f"بۇ رايوننىڭ سىرتىدا، {away_km:.1f} كىلومېتىر",
        )
        doubt = _doubt(point, bbox, language)
        if doubt:
            warning = f"{warning}. {doubt}"
    return PlaceHit(
        label=f"{point.lat:.6f}, {point.lon:.6f}",
        kind=COORDINATES,
        point=point,
        score=1.0,
        matched="coordinates",
        detail="WGS-84" if datum is Datum.WGS84 else f"{datum.value} → WGS-84",
        warning=warning,
    )


def _angle(found: re.Match[str], number: int) -> _Angle:
    part = {name: found.group(f"{name}{number}") or "" for name in ("sign", "deg", "min", "sec", "before", "after")}
    degrees = float(part["deg"]) + float(part["min"] or 0.0) / 60.0 + float(part["sec"] or 0.0) / 3600.0
    letter = (part["before"] or part["after"]).upper()
    sign = -1.0 if part["sign"] == "-" else 1.0
    axis = "" if not letter else "lat" if letter in _NORTHERLY else "lon"
    # Bare whole numbers are no coordinates: "10 5" is a regiment and a company.
    marked = bool(letter) or "." in part["deg"] or bool(part["min"])
    return _Angle(sign * _AXIS.get(letter, 1) * degrees, axis, marked)


def _in_some_order(
    first: float, second: float, datum: Datum, bbox: tuple[float, float, float, float], language: str
) -> tuple[GeoPoint, str]:
    """Take latitude first, unless only the other order is a place, or only that is in the region."""
    given, swapped = _place(first, second, datum), _place(second, first, datum)
    if given is None:
        if swapped is None:
            raise BadCoordinates(
                f"{first}, {second} is no place on earth.", "Latitude first, in degrees: 41.17, 80.26."
            )
        return swapped, _swapped(language)
    away_m = outside_m(given, bbox)
    if swapped is not None and away_m > 0.0 and outside_m(swapped, bbox) < min(_FAR_M, away_m):
        return swapped, _swapped(language)
    return given, ""


def _place(lat: float, lon: float, datum: Datum) -> GeoPoint | None:
    try:
        return to_wgs84(lat, lon, datum)
    except BadCoordinates:
        return None


def _doubt(point: GeoPoint, bbox: tuple[float, float, float, float], language: str) -> str:
    """Say which other reading of the same numbers is inside the region; empty: none is."""
    reading = better_reading(point, lambda place: outside_m(place, bbox), far_m=0.0)
    if reading is None:
        return ""
    zh, ug = ([_MISTAKEN[part][at] for part in reading.code.split("+")] for at in (0, 1))
    fits = f"{reading.point.lat:.6f}, {reading.point.lon:.6f}"
    return told(language, f"{'，'.join(zh)}：{fits} 在区内", reading.sentence, f"{'، '.join(ug)}: {fits} رايون ئىچىدە")


def _swapped(language: str) -> str:
    return told(
        language,
        "经纬度顺序似乎颠倒，已按“纬度, 经度”交换",
        "Latitude and longitude seem swapped; read the other way round",
        "كەڭلىك بىلەن ئۇزۇنلۇق ئالماشقاندەك؛ تەتۈر تەرتىپتە ئوقۇلدى",
    )
