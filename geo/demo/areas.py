"""Zones of the schematic region: built-up ground, counties as the ground nearest to each seat, regiment areas."""

from __future__ import annotations

import math
from typing import Any, Final

import shapely

from geo.demo.plane import to_degrees, to_plane
from geo.demo.town import Town
from geo.demo.villages import outline

_WEST, _SOUTH, _EAST, _NORTH = 78.2, 39.6, 84.2, 42.7
_REGIMENT_M: Final = 6500.0
_CORPS: Final = "兵团第一师"
_CIVIL: Final = "阿克苏地区120"


def make_zones(table: dict[str, Any], towns: dict[str, Town]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection; every border in it is schematic."""
    features: list[dict[str, Any]] = []
    for row in table["town"]:
        owner = _CORPS if row["id"] == "alar" else _CIVIL
        names = (f"{row['zh']}建成区(示意)", f"{row['en']} built-up area (schematic)")
        features.append(_feature(f"urban-{row['id']}", "urban", names, owner, outline(towns[row["id"]])))
        names = (f"{row['zh']}(示意界线)", f"{row['en']} (schematic border)")
        features.append(_feature(f"county-{row['id']}", "county", names, owner, _county(row, table["town"])))
    for row in table["regiments"]["list"]:
        label = regiment_name(row)
        names = (f"{label} {row['zh']}建成区(示意)", f"{row['en']} built-up area (schematic)")
        features.append(_feature(f"urban-{row['id']}", "urban", names, _CORPS, outline(towns[row["id"]])))
        names = (f"{label}辖区(示意)", f"{row['en']} regiment area (schematic)")
        features.append(_feature(f"org-{row['id']}", "organisation", names, _CORPS, _regiment(row)))
    return {"type": "FeatureCollection", "features": features}


def regiment_name(row: dict[str, Any]) -> str:
    """第10团 → 10团; the township without a number keeps its name."""
    return f"{row['number']}团" if row["number"] else str(row["zh"])


def _feature(
    zone_id: str, kind: str, names: tuple[str, str], organisation: str, polygon: shapely.Polygon
) -> dict[str, Any]:
    ring = [[lon, lat] for lat, lon in (to_degrees(x, y) for x, y in shapely.get_coordinates(polygon.exterior))]
    return {
        "type": "Feature",
        "properties": {
            "id": zone_id,
            "kind": kind,
            "name_zh": names[0],
            "name_en": names[1],
            "name_ug": "",
            "organisation": organisation,
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _county(row: dict[str, Any], rows: list[dict[str, Any]]) -> shapely.Polygon:
    """The part of the region that is nearer to this seat than to any other."""
    ground = shapely.box(*to_plane(_SOUTH, _WEST), *to_plane(_NORTH, _EAST))
    x1, y1 = to_plane(row["lat"], row["lon"])
    far = 2_000_000.0
    for other in rows:
        if other["id"] == row["id"]:
            continue
        x2, y2 = to_plane(other["lat"], other["lon"])
        length = math.hypot(x2 - x1, y2 - y1)
        ahead = ((x2 - x1) / length, (y2 - y1) / length)
        across = (-ahead[1], ahead[0])
        mx, my = (x1 + x2) / 2, (y1 + y2) / 2
        behind = (mx - far * ahead[0], my - far * ahead[1])
        half = shapely.Polygon(
            [
                (mx + far * across[0], my + far * across[1]),
                (behind[0] + far * across[0], behind[1] + far * across[1]),
                (behind[0] - far * across[0], behind[1] - far * across[1]),
                (mx - far * across[0], my - far * across[1]),
            ]
        )
        ground = ground.intersection(half)
    return ground


def _regiment(row: dict[str, Any]) -> shapely.Polygon:
    x, y = to_plane(row["lat"], row["lon"])
    corners = [
        (x + _REGIMENT_M * math.cos(k * math.pi / 6), y + _REGIMENT_M * math.sin(k * math.pi / 6)) for k in range(12)
    ]
    return shapely.Polygon(corners)
