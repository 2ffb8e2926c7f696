from __future__ import annotations

import numpy as np
import pytest
import shapely

from dispatch.reports.queries_context import AREAS, columns_of, zones_of
from geo.network.attributes import StreetName
from geo.zones import Zone, ZoneKind

CIVIL, CORPS = "阿克苏地区120", "兵团第一师"
COUNTY = Zone("county-a", ZoneKind.COUNTY, StreetName(), CIVIL, shapely.box(80.0, 41.0, 81.0, 42.0))
TOWN = Zone("urban-a", ZoneKind.URBAN, StreetName(), CIVIL, shapely.box(80.4, 41.4, 80.5, 41.5))
REGIMENT = Zone("org-t1", ZoneKind.ORGANISATION, StreetName(), CORPS, shapely.box(80.6, 41.0, 80.9, 41.3))
NOWHERE = (None, None, None)


@pytest.mark.parametrize(
    "named", [[], [None, None], [None, "aksu-city"], ["aksu-city", None], [None] * 200 + ["aksu-city"]]
)
def test_places_that_no_zone_holds_may_come_first(named: list[str | None]) -> None:
    held = np.full(len(named), None, dtype=np.object_)
    held[:] = named
    (county,) = columns_of({"county": held})
    assert county.dtype == AREAS["county"]
    assert county.cast(str).to_list() == named


def _at(zones: list[Zone], lat: float, lon: float) -> tuple[str | None, ...]:
    found = zones_of(np.array([lat]), np.array([lon]), zones)
    return tuple(found[name][0] for name in ("ground", "county", "area_organisation"))


def test_ground_outside_the_towns_of_a_county_is_rural_and_of_the_county_s_organisation() -> None:
    zones = [TOWN, REGIMENT, COUNTY]
    assert _at(zones, 41.45, 80.45) == ("urban", "county-a", CIVIL)
    assert _at(zones, 41.9, 80.1) == ("rural", "county-a", CIVIL)
    assert _at(zones, 41.1, 80.7) == ("rural", "county-a", CORPS)
    assert _at(zones, 45.0, 80.1) == NOWHERE


def test_without_a_built_up_area_no_ground_is_called_rural() -> None:
    assert _at([COUNTY], 41.9, 80.1) == (None, "county-a", CIVIL)
    assert _at([], 41.9, 80.1) == NOWHERE


def test_a_county_that_lies_over_a_regiment_s_area_does_not_take_it() -> None:
    small = Zone("county-b", ZoneKind.COUNTY, StreetName(), "", shapely.box(80.65, 41.05, 80.75, 41.15))
    assert _at([REGIMENT, small], 41.1, 80.7) == (None, "county-b", CORPS)
