"""What a hospital does for a patient before and after it is there."""

from __future__ import annotations

from enum import StrEnum


class Withdrawal(StrEnum):
    """Why a pre-alert holds no longer."""

    ELSEWHERE = "elsewhere"
    """The patient is brought to another hospital."""
    OVER = "over"
    """The patient is brought to none any more: delivered, settled, or not to be brought."""


class Centre(StrEnum):
    """The centre whose team is activated."""

    CHEST = "chest"
    STROKE = "stroke"
    TRAUMA = "trauma"
    MATERNAL = "maternal"
    NEONATAL = "neonatal"


class Ending(StrEnum):
    """How the activation of a team ended."""

    STOOD_DOWN = "stood_down"
    """The team is done."""
    CANCELLED = "cancelled"
    """It was not needed; it stays in the record, and its clocks count for nothing."""


class Begins(StrEnum):
    """What a clock runs from."""

    CONTACT = "contact"
    """First medical contact: T7, the crew at the patient."""
    DOOR = "door"
    """T9: the vehicle at the hospital."""
    ACTIVATION = "activation"
    """Of the team."""


class Unsigned(StrEnum):
    """Why a handover was closed without a signature of the hospital."""

    NOBODY_CAME = "nobody_came"
    REFUSED = "refused"
    OTHER = "other"
