"""What goes over the wire of plans: legs, moments, risks, flights, vehicles taken."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.dispatching.cover import StationCoverOut
from dispatch.ecmo.states_plans import (
    FlightAnswer,
    Hindrance,
    Known,
    LegKind,
    NoFlight,
    Phenomenon,
    PlanKind,
    PlanMark,
    Risk,
    RiskLevel,
    Sky,
    Track,
    TurnDown,
)

PlaceKey = Annotated[str, Meta(description="A hospital's `key`, or an airport's code.", examples=["AKU"])]


class TimesOut(msgspec.Struct, frozen=True):
    """Seconds from the moment `at` of the plans. slow: to hold nine times of ten."""

    likely_s: float
    slow_s: float


class PlanLegOut(msgspec.Struct, frozen=True):
    """One thing that is done, by one or several together."""

    kind: LegKind
    tracks: list[Track]
    begins: TimesOut
    ends: TimesOut
    start: PlaceKey
    goal: PlaceKey
    distance_m: float
    known: Annotated[Known | None, Meta(description="How a drive's time was had; null: nothing is driven.")]
    pause_s: Annotated[float, Meta(description="Of it for rest, change of drivers and fuel.")]


class PlanMarkOut(msgspec.Struct, frozen=True):
    """One of the moments that plans are compared by."""

    mark: PlanMark
    times: TimesOut


class RiskOut(msgspec.Struct, frozen=True):
    """What a plan is more dangerous by."""

    risk: Risk
    level: RiskLevel
    value: Annotated[
        float | None, Meta(description="Seconds (night, closure, long drive, uncannulated), metres or a count.")
    ]


class ObjectionOut(msgspec.Struct, frozen=True):
    """What speaks against a flight."""

    why: NoFlight
    place: Annotated[str, Meta(description="An airport's code; empty: of the aircraft itself.")]
    has: Annotated[float | None, Meta(description="Metres, km, m/s, minutes or seats, as `why` says.")]
    needs: float | None


class FlightOut(msgspec.Struct, frozen=True):
    """Whether an aircraft can fly this plan by what is known now."""

    aircraft: str
    operator_zh: str
    operator_en: str
    sky: Annotated[Sky, Meta(description="unknown: something that decides is not known. Unknown is never go.")]
    objections: list[ObjectionOut]


class TakenOut(msgspec.Struct, frozen=True):
    """A vehicle that the plan takes from the 120 network."""

    unit_id: UUID
    call_sign: str
    track: Annotated[
        Track, Meta(description="vehicle: the team's own; team: to its airport and back; patient: near him.")
    ]
    until: Annotated[TimesOut, Meta(description="When it is free again, as far as the plan tells.")]


class PlanOut(msgspec.Struct, frozen=True):
    """A plan."""

    kind: PlanKind
    recommended: bool
    hindrances: Annotated[list[Hindrance], Meta(description="Why it cannot be recommended now; empty: nothing.")]
    moves_uncannulated: Annotated[bool, Meta(description="The patient is moved without a circuit.")]
    via: Annotated[UUID | None, Meta(description="The hospital where team and patient meet.")]
    to_circuit: TimesOut
    to_bed: TimesOut
    distance_m: Annotated[float, Meta(description="Of all that the team travels.")]
    people: Annotated[int, Meta(description="Team, drivers and crews of ambulances.")]
    drivers: int
    marks: Annotated[list[PlanMarkOut], Meta(description="In their order.")]
    legs: Annotated[list[PlanLegOut], Meta(description="Of all tracks; those of one track never overlap.")]
    risks: Annotated[list[RiskOut], Meta(description="The worst first.")]
    flight: Annotated[FlightOut | None, Meta(description="Of plans by air.")]
    takes: list[TakenOut]


class VehicleCoverOut(msgspec.Struct, frozen=True):
    """What a vehicle leaves behind: its own station, then others that wait longer."""

    unit_id: UUID
    stations: list[StationCoverOut]


class PlansOut(msgspec.Struct, frozen=True):
    """All plans for a patient, the recommended one first."""

    at: datetime
    rules_version: Annotated[str, Meta(description="Of the figures, which await a medical director's sign-off.")]
    plans: list[PlanOut]
    cover: Annotated[list[VehicleCoverOut], Meta(description="Of every vehicle that a plan takes.")]


class WeatherIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The weather as somebody tells it. What is left out is not known; an aircraft is then no go."""

    phenomenon: Phenomenon
    visibility_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None
    cloud_m: Annotated[float, Meta(ge=0, le=30_000, description="Base of clouds that cover the sky.")] | None = None
    wind_mps: Annotated[float, Meta(ge=0, le=100, description="With gusts.")] | None = None


class WeatherOut(msgspec.Struct, frozen=True):
    """The newest report of a place."""

    place: Annotated[str, Meta(description="An airport's code, or `roads`.")]
    at: datetime
    old: Annotated[bool, Meta(description="Told too long ago: it counts no more.")]
    phenomenon: Phenomenon
    visibility_m: float | None
    cloud_m: float | None
    wind_mps: float | None


class FlightAnswerIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an operator said."""

    answer: FlightAnswer
    reason: Annotated[TurnDown | None, Meta(description="Of a turn-down only.")] = None
    mission_id: UUID | None = None


class FlightAnswerOut(msgspec.Struct, frozen=True):
    """The newest answer for an aircraft that still counts."""

    aircraft: str
    answer: FlightAnswer
    reason: TurnDown | None
    mission_id: UUID | None
    at: datetime
    until: datetime
    actor: str


class AirportHoldIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether it is kept open at night by arrangement."""

    held: bool
    mission_id: Annotated[UUID | None, Meta(description="For which it was arranged; it counts for every flight.")] = (
        None
    )


class AirportHoldOut(msgspec.Struct, frozen=True):
    """An arrangement that counts."""

    mission_id: UUID | None
    at: datetime
    until: datetime
    actor: str
    name: Annotated[str | None, Meta(description="Who arranged it; null: erased.")]


class AirportOut(msgspec.Struct, frozen=True):
    """An airport."""

    code: str
    name_zh: str
    name_en: str
    lat: float
    lon: float
    elevation_m: float
    runway_m: float
    night: Annotated[bool, Meta(description="Open at night by itself.")]
    hold: Annotated[AirportHoldOut | None, Meta(description="Kept open at night by arrangement; null: it is not.")]


class AircraftOut(msgspec.Struct, frozen=True):
    """An aircraft that can be asked for."""

    code: str
    wing: Annotated[str, Meta(description="`fixed` or `rotary`.")]
    base: str
    operator_zh: str
    operator_en: str
    range_km: float
    runway_m: float
    seats: int


class SkyOut(msgspec.Struct, frozen=True):
    """All that flights are judged by."""

    at: datetime
    airports: list[AirportOut]
    aircraft: list[AircraftOut]
    weather: list[WeatherOut]
    answers: list[FlightAnswerOut]


PLANS_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-27T11:34:10Z",
    "rules_version": "1",
    "plans": [
        {
            "kind": "road",
            "recommended": True,
            "hindrances": [],
            "moves_uncannulated": False,
            "via": None,
            "to_circuit": {"likely_s": 15900.0, "slow_s": 18600.0},
            "to_bed": {"likely_s": 32100.0, "slow_s": 37800.0},
            "distance_m": 520000.0,
            "people": 6,
            "drivers": 2,
            "marks": [{"mark": "wheels", "times": {"likely_s": 1800.0, "slow_s": 2700.0}}],
            "legs": [
                {
                    "kind": "drive", "tracks": ["team", "vehicle"], "begins": {"likely_s": 1800.0, "slow_s": 2700.0},
                    "ends": {"likely_s": 12300.0, "slow_s": 14775.0}, "start": "0198c0de-0000-7000-8000-000000000101",
                    "goal": "0198c0de-0000-7000-8000-000000000102", "distance_m": 260000.0, "known": "road",
                    "pause_s": 0.0,
                }
            ],
            "risks": [{"risk": "night", "level": "medium", "value": 21000.0}],
            "flight": None,
            "takes": [
                {
                    "unit_id": "0198c0de-0000-7000-8000-000000000201", "call_sign": "阿-01", "track": "vehicle",
                    "until": {"likely_s": 32100.0, "slow_s": 37800.0},
                }
            ],
        }
    ],
    "cover": [],
}  # fmt: skip
