"""What the tags of a way mean."""

from __future__ import annotations

import pytest

from geo.importers.tags import read_name, read_way
from geo.network.attributes import Direction, EdgeFlag, RoadAttributes, RoadClass, StreetName, Surface


def way(**tags: str) -> RoadAttributes:
    """Attributes of a way; `__` in a key stands for a colon."""
    read = read_way({key.replace("__", ":"): value for key, value in tags.items()})
    assert read.attributes is not None
    return read.attributes


def is_road(**tags: str) -> bool:
    return read_way(tags).attributes is not None


@pytest.mark.parametrize(
    ("highway", "road_class"),
    [
        ("motorway", RoadClass.MOTORWAY),
        ("trunk_link", RoadClass.TRUNK_LINK),
        ("tertiary", RoadClass.TERTIARY),
        ("road", RoadClass.UNCLASSIFIED),
        ("service", RoadClass.SERVICE),
        ("track", RoadClass.TRACK),
        ("pedestrian", RoadClass.PEDESTRIAN),
    ],
)
def test_classes(highway: str, road_class: RoadClass) -> None:
    assert way(highway=highway).road_class is road_class


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "construction", "construction": "primary"},
        {"highway": "proposed"},
        {"highway": "abandoned"},
        {"highway": "primary", "abandoned": "yes"},
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "pedestrian", "emergency": "no"},
        {"highway": "steps", "emergency": "yes"},
        {"highway": "footway"},
        {"highway": "footway", "access": "yes"},
        {"highway": "path", "motor_vehicle": "no"},
        {"highway": "cycleway"},
        {"route": "bus"},
        {"route": "ferry", "motor_vehicle": "no"},
        {"route": "ferry", "foot": "yes"},
        {"railway": "rail"},
    ],
)
def test_not_roads(tags: dict[str, str]) -> None:
    assert not is_road(**tags)


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "primary"}, Direction.BOTH),
        ({"highway": "primary", "oneway": "yes"}, Direction.FORWARD),
        ({"highway": "primary", "oneway": "1"}, Direction.FORWARD),
        ({"highway": "primary", "oneway": "true"}, Direction.FORWARD),
        ({"highway": "primary", "oneway": "-1"}, Direction.BACKWARD),
        ({"highway": "primary", "oneway": "reverse"}, Direction.BACKWARD),
        ({"highway": "primary", "oneway": "no"}, Direction.BOTH),
        ({"highway": "motorway"}, Direction.FORWARD),
        ({"highway": "motorway", "oneway": "no"}, Direction.BOTH),
        ({"highway": "motorway", "oneway": "-1"}, Direction.BACKWARD),
        ({"highway": "motorway_link"}, Direction.FORWARD),
        ({"highway": "primary", "junction": "roundabout"}, Direction.FORWARD),
        ({"highway": "primary", "junction": "circular"}, Direction.FORWARD),
        ({"highway": "primary", "junction": "roundabout", "oneway": "-1"}, Direction.BACKWARD),
        ({"highway": "primary", "oneway": "yes", "oneway:motor_vehicle": "no"}, Direction.BOTH),
        ({"highway": "primary", "oneway": "nonsense"}, Direction.BOTH),
    ],
)
def test_directions(tags: dict[str, str], direction: Direction) -> None:
    assert read_way(tags).attributes.direction is direction  # type: ignore[union-attr]  # every one is a road


def test_a_road_whose_direction_changes_by_the_hour_is_blocked_and_counted() -> None:
    read = read_way({"highway": "primary", "oneway": "reversible"})
    assert read.attributes is not None
    assert EdgeFlag.BLOCKED in read.attributes.flags
    assert read.notes == ("reversible_ways_blocked",)


@pytest.mark.parametrize(
    ("tags", "divided"),
    [
        ({"highway": "motorway"}, True),
        ({"highway": "motorway", "oneway": "no"}, False),
        ({"highway": "trunk", "oneway": "yes"}, True),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk_link", "oneway": "yes"}, True),
        ({"highway": "primary", "oneway": "yes"}, False),
        ({"highway": "primary", "oneway": "yes", "dual_carriageway": "yes"}, True),
        ({"highway": "primary", "dual_carriageway": "yes"}, False),
        ({"highway": "residential", "junction": "roundabout"}, True),
    ],
)
def test_divided_by_tags(tags: dict[str, str], divided: bool) -> None:
    assert (EdgeFlag.DIVIDED in way(**tags).flags) is divided


def test_speed_limits_by_direction() -> None:
    attributes = way(highway="primary", maxspeed="60", maxspeed__backward="40 mph")
    assert (attributes.maxspeed_forward_kmh, attributes.maxspeed_backward_kmh) == (60, 64)
    attributes = way(highway="primary", maxspeed="60", oneway="yes")
    assert (attributes.maxspeed_forward_kmh, attributes.maxspeed_backward_kmh) == (60, 0)
    attributes = way(highway="primary", maxspeed="60", oneway="-1")
    assert (attributes.maxspeed_forward_kmh, attributes.maxspeed_backward_kmh) == (0, 60)


def test_signs_imply_limits_where_no_number_stands() -> None:
    assert way(highway="primary", source__maxspeed="CN:rural").maxspeed_forward_kmh == 70
    assert way(highway="primary", maxspeed__type="CN:urban").maxspeed_forward_kmh == 50
    assert way(highway="primary", zone__traffic="CN:urban").maxspeed_forward_kmh == 50
    assert way(highway="motorway", zone__traffic="CN:urban").maxspeed_forward_kmh == 0
    assert way(highway="primary", source__maxspeed="sign").maxspeed_forward_kmh == 0
    assert way(highway="primary", source__maxspeed="CN:rural", maxspeed="40").maxspeed_forward_kmh == 40
    assert EdgeFlag.URBAN in way(highway="primary", maxspeed="CN:urban").flags
    assert EdgeFlag.URBAN not in way(highway="primary", maxspeed="CN:rural").flags


@pytest.mark.parametrize(
    ("tags", "surface"),
    [
        ({"surface": "asphalt"}, Surface.PAVED),
        ({"surface": "compacted"}, Surface.COMPACTED),
        ({"surface": "unpaved"}, Surface.GRAVEL),
        ({"surface": "asphalt;sand"}, Surface.SAND),
        ({"surface": "asphalt", "tracktype": "grade5"}, Surface.PAVED),
        ({"tracktype": "grade5"}, Surface.GROUND),
        ({"tracktype": "grade1"}, Surface.COMPACTED),
        ({"surface": "moon_dust"}, Surface.UNKNOWN),
    ],
)
def test_surfaces(tags: dict[str, str], surface: Surface) -> None:
    assert way(highway="track", **tags).surface is surface


@pytest.mark.parametrize(
    ("tags", "flags"),
    [
        ({}, EdgeFlag(0)),
        ({"access": "no"}, EdgeFlag.NO_ORDINARY),
        ({"access": "no", "emergency": "yes"}, EdgeFlag.NO_ORDINARY),
        ({"access": "no", "emergency": "no"}, EdgeFlag.NO_ORDINARY | EdgeFlag.BLOCKED),
        ({"access": "no", "motor_vehicle": "yes"}, EdgeFlag(0)),
        ({"motor_vehicle": "no"}, EdgeFlag.NO_ORDINARY),
        ({"vehicle": "no", "motor_vehicle": "destination"}, EdgeFlag.PRIVATE_ROAD),
        ({"access": "private"}, EdgeFlag.PRIVATE_ROAD),
        ({"access": "customers"}, EdgeFlag.PRIVATE_ROAD),
        ({"motor_vehicle": "agricultural;forestry"}, EdgeFlag.NO_ORDINARY),
        ({"motor_vehicle": "agricultural;private"}, EdgeFlag.PRIVATE_ROAD),
        ({"service": "driveway"}, EdgeFlag.PRIVATE_ROAD),
        ({"service": "driveway", "access": "yes"}, EdgeFlag(0)),
        ({"service": "emergency_access"}, EdgeFlag.NO_ORDINARY),
        ({"toll": "yes"}, EdgeFlag.TOLL),
        ({"ford": "yes"}, EdgeFlag.FORD),
        ({"bridge": "viaduct"}, EdgeFlag.BRIDGE),
        ({"bridge": "no", "tunnel": "yes"}, EdgeFlag.TUNNEL),
        ({"smoothness": "impassable"}, EdgeFlag.BLOCKED),
    ],
)
def test_flags_of_service_roads(tags: dict[str, str], flags: EdgeFlag) -> None:
    assert way(highway="service", **tags).flags == flags


@pytest.mark.parametrize(
    ("tags", "flags"),
    [
        ({"highway": "pedestrian"}, EdgeFlag.NO_ORDINARY),
        ({"highway": "pedestrian", "access": "yes"}, EdgeFlag.NO_ORDINARY),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, EdgeFlag.PRIVATE_ROAD),
        ({"highway": "footway", "emergency": "yes"}, EdgeFlag.NO_ORDINARY),
        ({"highway": "cycleway", "emergency": "designated"}, EdgeFlag.NO_ORDINARY),
        ({"highway": "path", "motor_vehicle": "yes"}, EdgeFlag(0)),
    ],
)
def test_ways_for_walkers_that_a_vehicle_can_use(tags: dict[str, str], flags: EdgeFlag) -> None:
    assert way(**tags).road_class is RoadClass.PEDESTRIAN
    assert way(**tags).flags == flags


def test_buses_have_the_busway() -> None:
    assert way(highway="busway").flags == EdgeFlag.NO_ORDINARY


def test_physical_limits_of_ways() -> None:
    attributes = way(highway="primary", maxheight="3.5", maxheight__physical="3.2 m", maxwidth="8'", maxweight="3.5 t")
    assert attributes.max_height_cm == 320
    assert attributes.max_width_cm == 243
    assert attributes.max_weight_kg == 3500
    assert way(highway="pedestrian", width="1.8").max_width_cm == 180
    assert way(highway="service", width="1.8").max_width_cm == 0


def test_a_limit_that_cannot_be_read_is_counted() -> None:
    assert read_way({"highway": "primary", "maxheight": "low"}).notes == ("limits_unreadable",)
    assert read_way({"highway": "primary", "maxheight": "default"}).notes == ()


def test_a_seasonal_opening_leaves_the_law_to_the_months() -> None:
    attributes = way(highway="trunk", motor_vehicle="no", motor_vehicle__conditional="yes @ (Jun-Sep)")
    assert EdgeFlag.NO_ORDINARY not in attributes.flags
    assert attributes.closed_months == 0b111000011111


def test_ferries_are_edges() -> None:
    read = read_way({"route": "ferry", "motor_vehicle": "yes", "duration": "00:10"})
    assert read.attributes is not None
    assert read.attributes.road_class is RoadClass.FERRY
    assert EdgeFlag.FERRY in read.attributes.flags
    assert read.ferry_s == 600
    assert EdgeFlag.BLOCKED not in read.attributes.flags


def test_a_ferry_of_which_no_tag_tells_what_it_carries_promises_no_time() -> None:
    read = read_way({"route": "ferry", "duration": "00:10"})
    assert read.attributes is not None
    assert read.attributes.flags == EdgeFlag.FERRY | EdgeFlag.BLOCKED
    assert read.notes == ("ferries_unclear_blocked",)
    assert read_way({"route": "ferry", "motorcar": "yes"}).notes == ("ferries_without_duration",)


def test_lanes() -> None:
    assert way(highway="primary", lanes="4").lanes == 4
    assert way(highway="primary", lanes__forward="2", lanes__backward="1").lanes == 3


def test_names() -> None:
    tags = {
        "name": "南大街",
        "name:en": "South\tStreet ",
        "name:ug": "جەنۇبىي كوچا",
        "ref": "G314",
        "name:zh-Hans": "南",
    }
    assert read_name(tags) == StreetName("南大街", "南", "South Street", "جەنۇبىي كوچا", "G314")
    assert not read_name({"name": "\x01 "})


def test_only_the_classes_asked_for() -> None:
    assert read_way({"highway": "track"}, classes={RoadClass.PRIMARY}).attributes is None
    assert read_way({"highway": "primary"}, classes={RoadClass.PRIMARY}).attributes is not None
