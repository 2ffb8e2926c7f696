"""What ranks and names clinical findings."""

from __future__ import annotations

from enum import StrEnum


class AlarmPriority(StrEnum):
    """As IEC 60601-1-8 ranks alarms."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class NoAdult(StrEnum):
    """Why figures for adults are not put to a patient."""

    UNDER_16 = "under_16"
    PREGNANT = "pregnant"
    AGE_UNKNOWN = "age_unknown"
