"""The file of hospitals: columns, and the records made of its rows. Pure."""

from __future__ import annotations

from typing import Any, Final

from dispatch.hospitals.states import CAPABILITY_WORDS, LEVEL_WORDS
from dispatch.kernel.cells import Bbox, Cells, Places
from dispatch.kernel.findings import Findings
from dispatch.kernel.organisations import SYSTEM_WORDS
from dispatch.kernel.rows import Table
from dispatch.kernel.sheets import Column, Sheet, rows_of

OUTSIDE_WORDS: Final = {"yes": "yes", "no": "no", "是": "yes", "否": "no"}
HOSPITALS: Final = Sheet(
    kind="hospitals",
    about="where patients are taken",
    key="id",
    columns=(
        Column("id", "编号", "your own short id; a row with an id that is there already changes it", "H-001", True),
        Column("name_zh", "中文名", "name in Chinese", "示例医院", True),
        Column("name_en", "英文名", "name in English", "Example Hospital"),
        Column("name_ug", "维吾尔文名", "name in Uyghur"),
        Column("organisation", "所属单位", "the organisation that runs it", "示例地区卫健委", True),
        Column("system", "体制", "地方 (civil) or 兵团 (corps)", "地方", True),
        Column("lat", "纬度", "latitude in decimal degrees", "41.1700", True),
        Column("lon", "经度", "longitude in decimal degrees", "80.2600", True),
        Column("datum", "坐标系", "wgs84 or gcj02 (高德 腾讯) or bd09 (百度); empty is wgs84", "wgs84"),
        Column("level", "等级", "such as 三级甲等 or 3A", "三级甲等"),
        Column("capabilities", "能力", f"parted by ;: {' '.join(CAPABILITY_WORDS)}", "emergency;chest_pain;icu"),
        Column("beds", "床位", "number of beds", "800"),
        Column("outside", "区域外", "yes where it lies outside the region and is asked for ECMO only", "no"),
    ),
)


def hospital_records(table: Table, findings: Findings, bbox: Bbox | None = None) -> list[dict[str, Any]]:
    """Make hospital records of a table; faults and doubts go to `findings`."""
    places = Places(findings)
    records: list[dict[str, Any]] = []
    for row in rows_of(HOSPITALS, table, findings):
        cells = Cells(row, findings)
        record: dict[str, Any] = {
            "code": cells.key("id"),
            "name_zh": cells.text("name_zh"),
            "organisation": cells.text("organisation"),
            "system": cells.choice("system", SYSTEM_WORDS),
        }
        for column in ("name_en", "name_ug"):
            if cells.has(column):
                record[column] = cells.text(column)
        if cells.has("level"):
            record["level"] = cells.choice("level", LEVEL_WORDS)
        if cells.has("capabilities"):
            record["capabilities"] = cells.choices("capabilities", CAPABILITY_WORDS)
        if cells.has("beds"):
            record["beds"] = cells.whole("beds", 0, 20_000)
        if cells.has("outside"):
            record["is_outside"] = cells.choice("outside", OUTSIDE_WORDS) == "yes"
        places.add(cells, record)
        records.append(record)
    places.settle(bbox)
    return records
