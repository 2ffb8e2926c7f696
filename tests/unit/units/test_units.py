"""Rows of stations.csv and units.csv become records; sizes follow from types."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.fleet import STATION, UNIT, table

from dispatch.kernel.findings import Findings
from dispatch.kernel.sheets import template
from dispatch.kernel.tabular import read_table
from dispatch.kernel.workbooks import template_xlsx
from dispatch.units.rules import PROPOSED_SIZES, vehicle_size
from dispatch.units.rules_columns import STATIONS, UNITS, station_records, unit_records
from dispatch.units.states import CAPABILITY_ORDER, TYPE_WORDS, UnitType

HOME = UUID(int=1)
HOMES = {"ST-1": HOME, "ST-001": HOME}


def faults(**changes: str) -> list[tuple[int, str, str]]:
    findings = Findings()
    unit_records(table(UNIT | changes), findings, HOMES)
    return [(error.row, error.column, error.code) for error in findings.errors]


def doubts(**changes: str) -> list[str]:
    findings = Findings()
    unit_records(table(UNIT | changes), findings, HOMES)
    assert not findings.error_count
    return [warning.code for warning in findings.warnings]


def test_a_unit() -> None:
    (record,) = unit_records(table(UNIT | {"capabilities": "a；B", "height_cm": "２８０"}), Findings(), HOMES)
    assert record == {
        "call_sign": "示例-01",
        "type": "als",
        "special": "",
        "organisation": "示例医院",
        "system": "civil",
        "station_id": HOME,
        "capabilities": "BA",
        "height_cm": 280,
    }


def test_columns_that_the_file_has_not_are_not_in_the_record() -> None:
    (record,) = unit_records(
        table({name: value for name, value in UNIT.items() if name != "capabilities"}), Findings(), HOMES
    )
    assert not {"capabilities", "height_cm", "plate"} & set(record)


@pytest.mark.parametrize(("word", "unit_type"), [*TYPE_WORDS.items(), (" ALS ", "als")])
def test_types_in_chinese_and_english(word: str, unit_type: str) -> None:
    special = "ECMO" if unit_type == "special" else ""
    (record,) = unit_records(table(UNIT | {"type": word, "special": special}), Findings(), HOMES)
    assert record["type"] == unit_type
    assert record["special"] == special.lower()


def test_faults() -> None:
    assert faults(station="ST-9") == [(2, "station", "unit.station")]
    assert faults(type="特殊用途型") == [(2, "special", "unit.special")]
    assert faults(special="ecmo") == [(2, "special", "unit.special")]
    assert faults(type="tank", special="ecmo") == [(2, "type", "cell.choice")]
    assert faults(capabilities="B;X") == [(2, "capabilities", "cell.choice")]
    assert faults(height_cm="2.8") == [(2, "height_cm", "cell.number")]
    assert faults(height_cm="28") == [(2, "height_cm", "cell.range")]
    assert faults(system="") == [(2, "system", "cell.missing")]


def test_doubts() -> None:
    assert doubts() == []
    assert doubts(capabilities="") == ["unit.no_capabilities"]
    assert doubts(type="special", special="ecmo") == ["unit.capability"]
    assert doubts(type="special", special="ecmo", capabilities="A;E") == []
    assert doubts(type="isolation") == ["unit.capability"]


def test_templates_are_good() -> None:
    for make in (lambda sheet: template(sheet).encode("utf-16"), template_xlsx):
        findings = Findings()
        stations = station_records(read_table(make(STATIONS)), findings, (79.0, 40.0, 84.0, 42.0))
        units = unit_records(read_table(make(UNITS)), findings, {stations[0]["code"]: HOME})
        assert units[0]["capabilities"] == "BA"
        assert (findings.errors, findings.warnings) == ((), ())


def test_a_station_keeps_its_text_and_place() -> None:
    (record,) = station_records(table(STATION | {"name_ug": "ئاقسۇ", "phone": ""}), Findings())
    assert record == {
        "code": "ST-1",
        "name_zh": "示例急救站",
        "organisation": "示例医院",
        "system": "civil",
        "name_ug": "ئاقسۇ",
        "phone": "",
        "lat": 41.168,
        "lon": 80.258,
    }


def test_capability_letters_are_those_of_the_card_set() -> None:
    assert CAPABILITY_ORDER == "BAENOGRP"


def test_every_type_has_a_proposed_size_and_what_is_stated_wins() -> None:
    for unit_type in UnitType:
        assert vehicle_size(unit_type, None, None, None) == PROPOSED_SIZES[unit_type]
        assert PROPOSED_SIZES[unit_type].source == "proposed"
    mixed = vehicle_size(UnitType.ALS, 301, None, None)
    assert (mixed.height_cm, mixed.width_cm, mixed.source) == (301, PROPOSED_SIZES[UnitType.ALS].width_cm, "proposed")
    assert vehicle_size(UnitType.ALS, 301, 222, 5000).source == "stated"
