"""The words of a mission that goes to another hospital."""

from __future__ import annotations

from enum import StrEnum


class DivertReason(StrEnum):
    """Why somebody takes the patient elsewhere."""

    WORSENS = "worsens"
    CIRCUIT = "circuit"
    OXYGEN = "oxygen"
    POWER = "power"
    VEHICLE = "vehicle"
    ROAD = "road"
    BED_TAKEN = "bed_taken"
    OTHER = "other"


class Demand(StrEnum):
    """What demands that a nearer hospital is looked for."""

    ALARM = "alarm"
    """A high alarm of patient or circuit goes on."""
    ADVERSE = "adverse"
    """A grave adverse event on the way."""
    OXYGEN = "oxygen"
    """Oxygen does not reach."""
    VEHICLE = "vehicle"
    """The vehicle stands."""
    ROAD = "road"
    """No road that is open leads to where he is brought."""
    BED = "bed"
    """The bed that was asked for is gone."""


class DiversionRemark(StrEnum):
    """What was seen of a hospital."""

    ECMO = "ecmo"
    """It runs circuits."""
    NO_ECMO = "no_ecmo"
    NO_ICU = "no_icu"
    DIVERTED = "diverted"
    CLOSED = "closed"
    NO_BED = "no_bed"
    BED_UNKNOWN = "bed_unknown"
    UNREACHABLE = "unreachable"
    """No road leads there, or nobody knows where the vehicle is."""
