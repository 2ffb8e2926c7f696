"""Messages of the road questions. Degrees are WGS-84 unless `datum` says otherwise; metres, seconds, UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from geo.datum import Datum

MAX_K = 100
MAX_UNITS = 5_000
MAX_MATRIX_CELLS = 1_000_000
MAX_LIMITS = 8
OFF_ROAD = "Straight line between place and road, metres; null if there is no road."

# The bounds are written here and tested by GeoPoint, which can also say that the two were swapped.
Latitude = Annotated[
    float, Meta(description="Degrees north.", examples=[41.17], extra_json_schema={"minimum": -90, "maximum": 90})
]
Longitude = Annotated[
    float, Meta(description="Degrees east.", examples=[80.26], extra_json_schema={"minimum": -180, "maximum": 180})
]
Seconds = Annotated[float, Meta(description="Seconds, exact to the millisecond.")]
Metres = Annotated[float, Meta(description="Metres.")]
Centimetres = Annotated[int, Meta(description="Centimetres; 0 is not checked.", ge=0, le=2_000)]
Aware = Annotated[datetime, Meta(tz=True, description="ISO 8601 with its zone.", examples=["2026-11-22T09:30:00Z"])]


ProfileName = Literal["emergency", "ordinary"]


class PlaceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place as two numbers, in the `datum` of the request."""

    lat: Latitude
    lon: Longitude


class UnitIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A vehicle and where it is, in the `datum` of the request."""

    id: Annotated[str, Meta(min_length=1, max_length=64, description="Your name for it; comes back in the answer.")]
    lat: Latitude
    lon: Longitude


class VehicleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The vehicle's size: roads too low, too narrow or too weak for it are left out, also on emergency runs."""

    height_cm: Centimetres = 0
    width_cm: Centimetres = 0
    weight_kg: Annotated[int, Meta(description="Kilograms; 0 is not checked.", ge=0, le=100_000)] = 0


AS_IT_IS = VehicleIn()
"""No size given: the region's own vehicles are then routed each by its own."""


class QuestionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the journey is driven; the same in every road question."""

    profile: Annotated[
        ProfileName,
        Meta(description="`emergency`: only physical limits bind. `ordinary`: turn restrictions and the law bind too."),
    ] = "emergency"
    vehicle: VehicleIn = AS_IT_IS
    contraflow_penalty: (
        Annotated[
            float,
            Meta(
                ge=1, le=100, description="Emergency only: drive undivided one-ways against, time × this. Off if null."
            ),
        ]
        | None
    ) = None
    at: (
        Annotated[
            datetime,
            Meta(
                tz=True,
                description="Departure, ISO 8601 with zone: sets hour, month and closures. Null: free flow now.",
            ),
        ]
        | None
    ) = None
    hour: (
        Annotated[int, Meta(ge=0, le=167, description="Hour of the week, 0 = Monday 00:00 (UTC+8), in place of `at`.")]
        | None
    ) = None
    towards: PlaceIn | None = None
    datum: Annotated[Datum, Meta(description="What the coordinates of this request are given in.")] = Datum.WGS84
    without_closures: Annotated[bool, Meta(description="Leave closures and slow-downs out of account.")] = False


class NearestIn(QuestionIn, frozen=True, kw_only=True):
    """A call's place, and which vehicles to compare: those given, or the region's own when `units` is left out."""

    target: PlaceIn
    k: Annotated[int, Meta(ge=1, le=MAX_K, description="How many are wanted.")] = 5
    units: Annotated[list[UnitIn], Meta(max_length=MAX_UNITS)] | UnsetType = UNSET


class RankedOut(msgspec.Struct, frozen=True):
    """One vehicle in the order of the answer. Names are null for vehicles given in the request."""

    id: str
    call_sign: str | None
    type: str | None
    organisation: str | None
    system: str | None
    lat: Latitude
    lon: Longitude
    eta_s: Annotated[float, Meta(description="Seconds by road; an estimate where `source` says so.")] | None
    distance_m: Metres | None
    straight_m: Annotated[float, Meta(description="Straight line, metres.")]
    source: Annotated[Literal["road", "estimate", "unreachable"], Meta(description="How the time was obtained.")]
    reasons: Annotated[list[str], Meta(description="Stable codes of what must be known about this answer.")]
    pinned: Annotated[
        bool,
        Meta(description="No road answer, but nearer in a straight line than the first choice: a person must judge."),
    ]
    off_road_origin_m: Annotated[float, Meta(description=OFF_ROAD)] | None
    off_road_target_m: Annotated[float, Meta(description=OFF_ROAD)] | None


class Roads(msgspec.Struct, frozen=True):
    """On which roads an answer was computed."""

    region: str
    schematic: Annotated[bool, Meta(description="The network is schematic: not for use on real roads.")]
    network_version: int
    overlay_version: Annotated[int, Meta(description="Version of the closures.")]


class PlaceOut(msgspec.Struct, frozen=True):
    """A place in WGS-84."""

    lat: Latitude
    lon: Longitude


class NearestOut(msgspec.Struct, frozen=True):
    """Road answers by time, estimates behind them, pinned ones marked."""

    target: PlaceOut
    results: list[RankedOut]
    roads: Roads
    warnings: Annotated[list[str], Meta(description="Sentences for a person: swapped coordinates, wrong datum, …")]


class MatrixIn(QuestionIn, frozen=True, kw_only=True):
    """Every origin to every target; origins × targets is at most 1,000,000."""

    origins: Annotated[list[PlaceIn], Meta(min_length=1, max_length=MAX_MATRIX_CELLS)]
    targets: Annotated[list[PlaceIn], Meta(min_length=1, max_length=MAX_MATRIX_CELLS)]


class MatrixOut(msgspec.Struct, frozen=True):
    """Rows are origins, columns targets; null is unreachable by road."""

    eta_s: list[list[float | None]]
    distance_m: list[list[float | None]]
    off_road_origin_m: list[float | None]
    off_road_target_m: list[float | None]
    roads: Roads
    warnings: list[str]


class RouteIn(QuestionIn, frozen=True, kw_only=True):
    """From one place to another."""

    origin: PlaceIn
    target: PlaceIn


class StepOut(msgspec.Struct, frozen=True):
    """A stretch on one street. `begins_at` is the index of its first point in the geometry."""

    turn: Literal[
        "depart",
        "straight",
        "slight_left",
        "left",
        "sharp_left",
        "u_turn",
        "sharp_right",
        "right",
        "slight_right",
        "arrive",
    ]
    name: str
    name_zh: str
    name_en: str
    name_ug: str
    ref: str
    length_m: Metres
    time_s: Seconds
    begins_at: int


class LineOut(msgspec.Struct, frozen=True, tag_field="type", tag="LineString"):
    """GeoJSON LineString: [lon, lat] in WGS-84."""

    coordinates: list[list[float]]


class RouteOut(msgspec.Struct, frozen=True):
    """The quickest way; `geometry` is null and times too when it is unreachable by road."""

    eta_s: Seconds | None
    distance_m: Metres | None
    source: Literal["road", "estimate", "unreachable"]
    reasons: list[str]
    off_road_origin_m: Annotated[float, Meta(description=OFF_ROAD)] | None
    off_road_target_m: Annotated[float, Meta(description=OFF_ROAD)] | None
    steps: list[StepOut]
    geometry: LineOut | None
    roads: Roads
    warnings: list[str]


class RouteFeatureOut(msgspec.Struct, frozen=True, tag_field="type", tag="Feature"):
    """The same way as a GeoJSON Feature."""

    geometry: LineOut | None
    properties: RouteOut


class IsochroneIn(QuestionIn, frozen=True, kw_only=True):
    """A place, and the times to draw."""

    origin: PlaceIn
    minutes: Annotated[
        list[Annotated[float, Meta(gt=0, le=600)]],
        Meta(min_length=1, max_length=MAX_LIMITS, description="Minutes of driving.", examples=[[10, 20, 30]]),
    ]


class AreaOut(msgspec.Struct, frozen=True):
    """What an area is: its limit and how much road lies inside."""

    minutes: float
    reached_road_m: Metres


class AreaFeatureOut(msgspec.Struct, frozen=True, tag_field="type", tag="Feature"):
    """GeoJSON Feature: MultiPolygon of [lon, lat] in WGS-84."""

    geometry: dict[str, Any]
    properties: AreaOut


class IsochroneOut(msgspec.Struct, frozen=True, tag_field="type", tag="FeatureCollection"):
    """GeoJSON FeatureCollection, the smallest area first."""

    features: list[AreaFeatureOut]
    roads: Roads
    warnings: list[str]
