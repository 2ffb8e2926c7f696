"""The files of stations and units: columns, and the records made of their rows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from dispatch.kernel.cells import Bbox, Cells, Places
from dispatch.kernel.findings import Findings
from dispatch.kernel.organisations import SYSTEM_WORDS
from dispatch.kernel.rows import Table
from dispatch.kernel.sheets import Column, Sheet, rows_of
from dispatch.units.states import CAPABILITY_ORDER, CAPABILITY_WORDS, SPECIAL_WORDS, TYPE_WORDS

_DATUM: Final = "wgs84 or gcj02 (高德 腾讯) or bd09 (百度); empty is wgs84"

STATIONS: Final = Sheet(
    kind="stations",
    about="where vehicles stand",
    key="id",
    columns=(
        Column("id", "编号", "your own short id; a row with an id that is there already changes it", "ST-001", True),
        Column("name_zh", "中文名", "name in Chinese", "示例急救站", True),
        Column("name_en", "英文名", "name in English", "Example station"),
        Column("name_ug", "维吾尔文名", "name in Uyghur"),
        Column("organisation", "所属单位", "the organisation that runs it", "示例医院", True),
        Column("system", "体制", "地方 (civil) or 兵团 (corps)", "地方", True),
        Column("lat", "纬度", "latitude in decimal degrees", "41.1680", True),
        Column("lon", "经度", "longitude in decimal degrees", "80.2580", True),
        Column("datum", "坐标系", _DATUM, "wgs84"),
        Column("address", "地址", "address"),
        Column("phone", "电话", "telephone"),
    ),
)

UNITS: Final = Sheet(
    kind="units",
    about="vehicles with their crews; import the stations first",
    key="call_sign",
    columns=(
        Column("call_sign", "呼号", "unique in the region; a row with a known call sign changes it", "示例-01", True),
        Column("type", "车型", "普通型 (basic) 抢救监护型 (als) 防护监护型 (isolation) 特殊用途型 (special)",
               "抢救监护型", True),
        Column("special", "特殊用途", "for 特殊用途型 only: "
               "ecmo neonatal obstetric stroke bariatric command supply rescue other"),
        Column("organisation", "所属单位", "the organisation that runs it", "示例医院", True),
        Column("system", "体制", "地方 (civil) or 兵团 (corps)", "地方", True),
        Column("station", "急救站", "id of its station", "ST-001", True),
        Column("capabilities", "能力", "letters parted by ;: B basic A advanced E ECMO N neonatal O obstetric "
               "G negative pressure R rescue P police", "B;A"),
        Column("height_cm", "车高", "height in cm; empty: a proposed size for its type is used"),
        Column("width_cm", "车宽", "width in cm"),
        Column("weight_kg", "总质量", "gross weight in kg"),
        Column("plate", "车牌", "number plate"),
    ),
)  # fmt: skip


def station_records(table: Table, findings: Findings, bbox: Bbox | None = None) -> list[dict[str, Any]]:
    """Make station records of a table; faults and doubts go to `findings`."""
    places = Places(findings)
    records: list[dict[str, Any]] = []
    for row in rows_of(STATIONS, table, findings):
        cells = Cells(row, findings)
        record: dict[str, Any] = {
            "code": cells.key("id"),
            "name_zh": cells.text("name_zh"),
            "organisation": cells.text("organisation"),
            "system": cells.choice("system", SYSTEM_WORDS),
        }
        for column in ("name_en", "name_ug", "address", "phone"):
            if cells.has(column):
                record[column] = cells.text(column)
        places.add(cells, record)
        records.append(record)
    places.settle(bbox)
    return records


def unit_records(table: Table, findings: Findings, stations: Mapping[str, UUID]) -> list[dict[str, Any]]:
    """Make unit records of a table, given the region's stations by code; faults and doubts go to `findings`."""
    records: list[dict[str, Any]] = []
    for row in rows_of(UNITS, table, findings):
        cells = Cells(row, findings)
        unit_type = cells.choice("type", TYPE_WORDS)
        record: dict[str, Any] = {
            "call_sign": cells.key("call_sign"),
            "type": unit_type,
            "organisation": cells.text("organisation"),
            "system": cells.choice("system", SYSTEM_WORDS),
            "station_id": _station(cells, stations),
            # A change of type changes this too, so it is set even where the file has no such column.
            "special": _special(cells, unit_type),
        }
        if cells.has("capabilities"):
            record["capabilities"] = _capabilities(cells)
        for column, low, high in (("height_cm", 100, 500), ("width_cm", 100, 400), ("weight_kg", 300, 60_000)):
            if cells.has(column):
                record[column] = cells.whole(column, low, high)
        if cells.has("plate"):
            record["plate"] = cells.text("plate", 40)
        _doubts(cells, record)
        records.append(record)
    return records


def _station(cells: Cells, stations: Mapping[str, UUID]) -> UUID | None:
    code = cells.key("station")
    if code and code not in stations:
        cells.error("station", "unit.station", f"there is no station {code} in this region; import the stations first")
    return stations.get(code)


def _special(cells: Cells, unit_type: str) -> str:
    purpose = cells.choice("special", SPECIAL_WORDS)
    written = bool(cells.row.cells.get("special"))
    if unit_type == "special" and not written:
        cells.error("special", "unit.special", f"a vehicle of special use must say which: {', '.join(SPECIAL_WORDS)}")
    if written and unit_type not in ("special", ""):
        cells.error("special", "unit.special", "only a vehicle of type 特殊用途型 (special) has a special use")
    return purpose


def _capabilities(cells: Cells) -> str:
    found = cells.choices("capabilities", CAPABILITY_WORDS)
    return "".join(letter for letter in CAPABILITY_ORDER if letter in found)


def _doubts(cells: Cells, record: Mapping[str, Any]) -> None:
    capabilities = record.get("capabilities")
    if capabilities == "":
        cells.warn("capabilities", "unit.no_capabilities", "states no capabilities: nothing will be asked of it")
    elif capabilities is not None:
        for wanted, letter in (("ecmo", "E"), ("neonatal", "N"), ("obstetric", "O")):
            if record["special"] == wanted and letter not in capabilities:
                cells.warn("capabilities", "unit.capability", f"is a vehicle for {wanted} without capability {letter}")
        if record["type"] == "isolation" and "G" not in capabilities:
            cells.warn("capabilities", "unit.capability", "is 防护监护型 without capability G (negative pressure)")
