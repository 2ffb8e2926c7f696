"""Names of what a record holds and why something is not counted."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

JOURNAL: Final = "journal"
"""The mark of what was derived from this service's own journal; imported records are marked `import:NAME`."""
IMPORTED: Final = "import:"


class Told(StrEnum):
    """How a time came to be known."""

    AUTO = "auto"
    """Movement, geofence, receiver, telephone exchange, or the program in the moment of the act."""
    DEVICE = "device"
    """A button on the crew's own device."""
    MANUAL = "manual"
    """Entered by a person: heard on the radio, copied from paper, or the dispatcher's own word."""
    INFERRED = "inferred"
    """Not observed: the earliest moment that anything else was seen."""
    IMPORTED = "imported"
    """A file said so; how it was known there is not known here."""


class RunKind(StrEnum):
    """What a vehicle was out for."""

    ASSIGNMENT = "assignment"
    STANDBY = "standby"
    TRANSFER = "transfer"


class Ground(StrEnum):
    """Built-up or not, by the zones of the region."""

    URBAN = "urban"
    RURAL = "rural"


class Exclusion(StrEnum):
    """Why an incident is in no response figure; the first that holds."""

    DUPLICATE = "duplicate"
    """Its calls count for the other incident, whose T0 is the earliest of both."""
    ERROR = "entered_in_error"
    DRILL = "drill"
    TRANSFER = "transfer"
    """A planned transfer between hospitals (card K35)."""
    CANCELLED = "cancelled"
    """Cancelled before anybody arrived."""
    FLAG_DOWN = "flag_down"
    """A crew came upon it: T6 lies within seconds of T0."""


class RunExclusion(StrEnum):
    """Why a run is in no unit figure; the first that holds."""

    STANDBY = "standby"
    TRANSFER = "transfer"
    UNDONE = "undone"
    """Taken back within seconds: a slip of the hand. Its T3 still is the incident's first."""


POINTS: Final = ("t3", "t4", "t5", "ts", "t6", "t7", "t8", "t9", "t10", "t11", "t12", "tx")
"""Time points of a run, as its columns name them (after NEMSIS v3.5)."""
ORDER: Final = ("t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11", "t12")
"""Those that must not run backwards; T4 and T5 may come in either order, and TS and TX stand beside the row."""
BOTH_WAYS: Final = ("t5", "t6", "t9")
"""Counted by movement and geofence where these tell; what people told stands beside it."""
