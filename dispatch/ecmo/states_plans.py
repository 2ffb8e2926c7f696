"""The words of plans: who travels how, what an hour holds, what speaks against it."""

from __future__ import annotations

from enum import StrEnum


class PlanKind(StrEnum):
    """How team and patient come together, and to the bed."""

    ROAD = "road"
    """The team drives to the patient, cannulates there, and drives back with him."""
    RENDEZVOUS = "rendezvous"
    """Both drive to a hospital between them."""
    BRING = "bring"
    """The patient is driven to the bed and cannulated there."""
    HELICOPTER = "helicopter"
    FIXED_WING = "fixed_wing"


class Track(StrEnum):
    """Who does a leg."""

    TEAM = "team"
    PATIENT = "patient"
    VEHICLE = "vehicle"
    AIRCRAFT = "aircraft"


class LegKind(StrEnum):
    """What is done in a leg."""

    PREPARE = "prepare"
    WAIT = "wait"
    DRIVE = "drive"
    CARRY = "carry"
    """Drives with the patient on the circuit."""
    MOVE = "move"
    """The patient is driven without a circuit."""
    CANNULATE = "cannulate"
    TAKE_OVER = "take_over"
    """The patient is on a circuit already, and goes over to the team's."""
    STABILISE = "stabilise"
    LOAD = "load"
    UNLOAD = "unload"
    FERRY = "ferry"
    """The aircraft flies empty."""
    FLY = "fly"
    """The team flies out."""
    FLY_CARRYING = "fly_carrying"
    HANDOVER = "handover"


class PlanMark(StrEnum):
    """The moments that plans are compared by, and missions judged by."""

    WHEELS = "wheels"
    AT_PATIENT = "at_patient"
    ON_CIRCUIT = "on_circuit"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    BED = "bed"


class Known(StrEnum):
    """How the time of a drive was had."""

    ROAD = "road"
    GUESS = "guess"
    """No road of the network leads there: a straight line, a detour and a speed."""
    NONE = "none"


class Risk(StrEnum):
    """What a plan is more dangerous by."""

    NIGHT = "night"
    WEATHER = "weather"
    WEATHER_UNKNOWN = "weather_unknown"
    CLOSURE = "closure"
    MOUNTAIN = "mountain"
    UNCANNULATED = "uncannulated"
    NO_ICU = "no_icu"
    HANDLINGS = "handlings"
    LONG_DRIVE = "long_drive"
    GUESSED = "guessed"
    FLIGHT_LATE = "flight_late"
    """It can fly at the usual times; if all goes slowly, night or duty hours ground it."""


class RiskLevel(StrEnum):
    """How much."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Hindrance(StrEnum):
    """Why a plan cannot be recommended now."""

    NOT_FIT_TO_MOVE = "not_fit_to_move"
    """Nobody has said by name that the patient may be moved without a circuit."""
    NO_ROAD = "no_road"
    NO_VEHICLE = "no_vehicle"
    FLIGHT = "flight"
    """The aircraft is no go, or that is not known; its judgement says why."""


class Sky(StrEnum):
    """Whether an aircraft can do a flight."""

    GO = "go"
    NO_GO = "no_go"
    UNKNOWN = "unknown"
    """Something that decides is not known, or was told too long ago."""


class NoFlight(StrEnum):
    """Why an aircraft is no go, or why that is not known."""

    TURNED_DOWN = "turned_down"
    RANGE = "range"
    RUNWAY = "runway"
    ALTITUDE = "altitude"
    VISIBILITY = "visibility"
    CLOUD = "cloud"
    WIND = "wind"
    STORM = "storm"
    NIGHT_TYPE = "night_type"
    NIGHT_AIRPORT = "night_airport"
    DUTY = "duty"
    SEATS = "seats"
    WEATHER_UNKNOWN = "weather_unknown"


class Phenomenon(StrEnum):
    """What the weather does."""

    NONE = "none"
    RAIN = "rain"
    SNOW = "snow"
    ICE = "ice"
    FOG = "fog"
    DUST = "dust"
    SANDSTORM = "sandstorm"
    THUNDERSTORM = "thunderstorm"


class FlightAnswer(StrEnum):
    """What the operator of an aircraft said."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    TURNED_DOWN = "turned_down"


class TurnDown(StrEnum):
    """Why an operator said no. Another operator is told it: nobody asks around unknowingly."""

    WEATHER = "weather"
    CREW = "crew"
    TECHNICAL = "technical"
    BUSY = "busy"
    NIGHT = "night"
    PERMISSION = "permission"
    OTHER = "other"


ROADS: str = "roads"
"""The place under which the weather of the roads is reported."""
