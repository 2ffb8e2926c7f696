"""How adverse events of a transfer are coded: category, severity, phase and item."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class AdverseCategory(StrEnum):
    """Where it came from."""

    PATIENT = "patient"
    EQUIPMENT = "equipment"
    STAFF = "staff"
    VEHICLE = "vehicle"
    ENVIRONMENT = "environment"


class AdverseItem(StrEnum):
    """What happened."""

    FLOW_LOSS = "flow_loss"
    TIDAL_VOLUME_LOSS = "tidal_volume_loss"
    BLEEDING = "bleeding"
    ARRHYTHMIA = "arrhythmia"
    CANNULA = "cannula"
    AIR = "air"
    CLOT = "clot"
    OXYGENATOR = "oxygenator"
    PUMP = "pump"
    POWER = "power"
    OXYGEN = "oxygen"
    VEHICLE = "vehicle"
    DELAY = "delay"


USUALLY: Final[Mapping[AdverseItem, AdverseCategory]] = {
    AdverseItem.FLOW_LOSS: AdverseCategory.PATIENT,
    AdverseItem.TIDAL_VOLUME_LOSS: AdverseCategory.PATIENT,
    AdverseItem.BLEEDING: AdverseCategory.PATIENT,
    AdverseItem.ARRHYTHMIA: AdverseCategory.PATIENT,
    AdverseItem.CANNULA: AdverseCategory.EQUIPMENT,
    AdverseItem.AIR: AdverseCategory.EQUIPMENT,
    AdverseItem.CLOT: AdverseCategory.EQUIPMENT,
    AdverseItem.OXYGENATOR: AdverseCategory.EQUIPMENT,
    AdverseItem.PUMP: AdverseCategory.EQUIPMENT,
    AdverseItem.POWER: AdverseCategory.EQUIPMENT,
    AdverseItem.OXYGEN: AdverseCategory.EQUIPMENT,
    AdverseItem.VEHICLE: AdverseCategory.VEHICLE,
    AdverseItem.DELAY: AdverseCategory.ENVIRONMENT,
}
"""The category that two taps give; it can be corrected. Our own rule."""
GRAVEST: Final = 1
"""Life-threatening."""
LIGHTEST: Final = 4


def code_of(category: str, severity: int, item: str) -> str:
    """The code of an event, as `patient.2.bleeding`."""
    return f"{category}.{severity}.{item}"
