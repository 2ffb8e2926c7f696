"""Whether a hospital can take patients now, service by service, and which of its beds are free."""

from __future__ import annotations

from enum import StrEnum


class LimitKind(StrEnum):
    """What a hospital says of one of its services."""

    DIVERTED = "diverted"
    """Please go elsewhere if that is safe (分流). It lapses by itself, and hides the hospital from nobody."""
    CLOSED = "closed"
    """Cannot be done here now: the scanner is broken, the theatre has no power."""


class ServiceState(StrEnum):
    """What holds for a service now."""

    OPEN = "open"
    DIVERTED = "diverted"
    CLOSED = "closed"


class LimitReason(StrEnum):
    """Why a service is limited."""

    CROWDED = "crowded"
    STAFF = "staff"
    BEDS = "beds"
    EQUIPMENT = "equipment"
    UTILITIES = "utilities"
    """Power, water, oxygen, network."""
    INFECTION = "infection"
    DISASTER = "disaster"


class BedKind(StrEnum):
    """Beds that are counted apart."""

    RESUSCITATION = "resuscitation"
    """抢救床."""
    OBSERVATION = "observation"
    """急诊留观床."""
    ICU = "icu"
    NICU = "nicu"
    BURNS = "burns"
    ISOLATION = "isolation"
    WARD = "ward"


class BedSide(StrEnum):
    """Who moved a count."""

    HOSPITAL = "hospital"
    CENTRE = "centre"
    """The dispatch centre, told by telephone or because a patient is on the way."""


class BedMove(StrEnum):
    """What moved a count."""

    COUNTED = "counted"
    """Somebody went and counted: the number stands as told."""
    HELD = "held"
    """For a patient on the way."""
    RELEASED = "released"
    """What was held is not needed."""
    ADMITTED = "admitted"
    DISCHARGED = "discharged"


DIRECTION = {BedMove.HELD: -1, BedMove.ADMITTED: -1, BedMove.RELEASED: 1, BedMove.DISCHARGED: 1}
"""By how much each move changes the free beds, times the number that is told."""
