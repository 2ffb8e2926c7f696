"""The files of places and zones: columns, templates, and the records made of their rows. Pure."""

from __future__ import annotations

import json
from typing import Any, Final

import shapely

from dispatch.kernel.cells import Bbox, Cells, Places
from dispatch.kernel.findings import Findings
from dispatch.kernel.rows import Table
from dispatch.kernel.sheets import Column, Sheet, rows_of
from dispatch.kernel.texts import text_fault
from geo.datum import Datum
from geo.zones import read_zones

PLACES: Final = Sheet(
    kind="places",
    about="villages, regiments, companies, well sites and camps by the names that callers use",
    key="id",
    columns=(
        Column(
            "id", "编号", "your own short id; a row with an id that is there already changes that place", "PL-001", True
        ),
        Column("name_zh", "中文名", "name in Chinese", "示例团5连", True),
        Column("name_en", "英文名", "name in English", "Example Regiment Company 5"),
        Column("name_ug", "维吾尔文名", "name in Uyghur", ""),
        Column("kind", "类别", "village regiment company well_site camp or another word", "company", True),
        Column("lat", "纬度", "latitude in decimal degrees", "40.6380", True),
        Column("lon", "经度", "longitude in decimal degrees", "81.2560", True),
        Column("datum", "坐标系", "wgs84 or gcj02 (高德 腾讯) or bd09 (百度); empty is wgs84", "wgs84"),
        Column("aliases", "别名", "other names parted by ;", "五连;示例五连"),
        Column("organisation", "所属单位", "the organisation it belongs to", "示例团"),
    ),
)

_ZONE_EXAMPLE: Final = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {
                "id": "Z-001",
                "kind": "urban",
                "name_zh": "示例城区",
                "name_en": "Example built-up area",
                "name_ug": "",
                "organisation": "",
            },
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[80.20, 41.14], [80.30, 41.14], [80.30, 41.20], [80.20, 41.20], [80.20, 41.14]]],
            },
        }
    ],
}


def zones_template() -> str:
    """A zones.geojson to begin with; kinds are urban, rural, organisation and county."""
    return json.dumps(_ZONE_EXAMPLE, ensure_ascii=False, indent=2) + "\n"


def place_records(table: Table, findings: Findings, bbox: Bbox | None = None) -> list[dict[str, Any]]:
    """Make place records of a table; faults and doubts go to `findings`."""
    places = Places(findings)
    records: list[dict[str, Any]] = []
    for row in rows_of(PLACES, table, findings):
        cells = Cells(row, findings)
        record: dict[str, Any] = {
            "code": cells.key("id"),
            "name_zh": cells.text("name_zh"),
            "kind": cells.key("kind").casefold(),
        }
        for column in ("name_en", "name_ug", "organisation"):
            if cells.has(column):
                record[column] = cells.text(column)
        if cells.has("aliases"):
            record["aliases"] = cells.texts("aliases")
        places.add(cells, record)
        records.append(record)
    places.settle(bbox)
    return records


def zone_records(
    document: str | bytes, findings: Findings, bbox: Bbox | None = None, datum: Datum = Datum.WGS84
) -> list[dict[str, Any]]:
    """Make zone records of a GeoJSON document; the row of a fault is the number of the feature, from 1.

    Raises:
        BadZones: the document as a whole is no FeatureCollection in WGS-84.
    """
    read = read_zones(document, region_bbox=bbox, datum=datum)
    for problem in read.problems:
        findings.error(problem.feature, problem.field, "zone.invalid", problem.message)
    for warning in read.warnings:
        findings.warn(warning.feature, warning.field, "zone.repaired", warning.message)
    records = [
        {
            "code": zone.id,
            "kind": str(zone.kind),
            "name": zone.names.name,
            "name_zh": zone.names.zh,
            "name_en": zone.names.en,
            "name_ug": zone.names.ug,
            "organisation": zone.organisation,
            "polygon": shapely.to_wkb(zone.polygon),
        }
        for zone in read.zones
    ]
    for record in records:
        # JSON can spell lone surrogates and control characters; a database cannot keep them.
        faults = (text_fault(value, 200) for value in record.values() if isinstance(value, str))
        for fault in filter(None, faults):
            findings.error(0, "properties", "zone.invalid", f"a name or id of zone {record['code']!a}: {fault[1]}")
    return records
