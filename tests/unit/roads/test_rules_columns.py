"""Rows of places.csv and features of zones.geojson become records."""

from __future__ import annotations

import json

import pytest
import shapely
from factories.fleet import PLACE, table

from dispatch.kernel.findings import Findings
from dispatch.kernel.sheets import template
from dispatch.kernel.tabular import read_table
from dispatch.kernel.workbooks import template_xlsx
from dispatch.roads.rules_columns import PLACES, place_records, zone_records, zones_template


def test_a_place() -> None:
    findings = Findings()
    record = {"code": "PL-1", "name_zh": "示例团5连", "kind": "company", "lat": 40.638, "lon": 81.256}
    assert place_records(table(PLACE), findings) == [{**record, "aliases": ["五连", "示例五连"]}]
    assert not findings.error_count


@pytest.mark.parametrize("data", [template(PLACES).encode("gb18030"), template_xlsx(PLACES)])
def test_the_template_is_good(data: bytes) -> None:
    findings = Findings()
    assert len(place_records(read_table(data), findings)) == 1
    assert (findings.error_count, findings.warning_count) == (0, 0)


def test_the_zones_template_is_good() -> None:
    findings = Findings()
    (record,) = zone_records(zones_template(), findings)
    assert (findings.error_count, findings.warning_count) == (0, 0)
    assert (record["code"], record["kind"], record["name_zh"]) == ("Z-001", "urban", "示例城区")
    assert shapely.from_wkb(record["polygon"]).geom_type == "Polygon"


def test_faults_of_zones_are_told_by_feature_and_field() -> None:
    document = json.loads(zones_template())
    bad = json.loads(zones_template())["features"][0]
    bad["properties"] |= {"id": "Z-2", "kind": "lake"}
    document["features"].append(bad)
    findings = Findings()
    zone_records(json.dumps(document), findings)
    assert [(error.row, error.column) for error in findings.errors] == [(2, "kind")]


@pytest.mark.parametrize("name", ["\\ud800", "\\u0007"])
def test_a_zone_with_a_name_that_cannot_be_stored(name: str) -> None:
    findings = Findings()
    zone_records(zones_template().replace("示例城区", name), findings)
    assert findings.error_count == 1
    assert str(findings.errors[0]).isprintable()
