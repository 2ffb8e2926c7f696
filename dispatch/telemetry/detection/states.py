"""What a detection is called, whom it is for, and what upper features want watched."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DetectionKind(StrEnum):
    """What is done with a detection."""

    ALARM = "alarm"
    """Latched until it is over and somebody of each side has acknowledged it."""
    OFFER = "offer"
    """A status that the crew may take; nothing is set by itself."""


class Side(StrEnum):
    """For whom somebody acknowledges: that one side has seen an alarm silences no other."""

    CREW = "crew"
    DISPATCH = "dispatch"
    HOSPITAL = "hospital"
    """Each hospital for itself."""


class Goal(StrEnum):
    """Where a watched vehicle is to come."""

    SCENE = "scene"
    HOSPITAL = "hospital"


ASYSTOLE: Final = "ecg.asystole"
LEAD_OFF: Final = "ecg.lead_off"
NO_LEADS: Final = "ecg.no_leads"
STOPPED: Final = "vehicle.stopped"
OFF_ROUTE: Final = "vehicle.off_route"
DEPARTED: Final = "vehicle.departed"
AT_SCENE: Final = "vehicle.at_scene"
AT_HOSPITAL: Final = "vehicle.at_hospital"
LIMIT: Final = "limit."
"""Then the name of a limit in `limits.toml`."""
TYPED: Final = "typed."
"""The same of a value that a person typed."""
CHANGE: Final = "change."
"""Then the name of a change there."""
CIRCUIT: Final = "circuit."
"""Then what was found at a circuit; see `rules_circuit`."""
NEWS2: Final = "news2."
"""Then `urgent` or `emergency`."""
DEVICE: Final = "device."
"""Then the code that the device's maker gives to its alarm."""
CREW: Final = "crew."
"""Then what the crew calls for by a button."""
OFFERED: Final = {DEPARTED: "en_route", AT_SCENE: "on_scene", AT_HOSPITAL: "at_hospital"}
"""The unit status that an offer is for."""
