"""The words of team, kit, gates and what is promised."""

from __future__ import annotations

from enum import StrEnum


class EcmoKitKind(StrEnum):
    """What a mission takes along."""

    CONSOLE = "console"
    BACKUP_DRIVE = "backup_drive"
    CIRCUIT = "circuit"
    CANNULA = "cannula"
    BLOOD = "blood"
    CYLINDER = "cylinder"
    BATTERY = "battery"
    VENTILATOR = "ventilator"
    MONITOR = "monitor"
    PUMP = "pump"
    HEATER = "heater"
    BLOOD_GAS = "blood_gas"
    ULTRASOUND = "ultrasound"


class TeamRole(StrEnum):
    """What somebody does in a mission."""

    LEAD = "lead"
    """主任 / 置管: cannulates and leads."""
    SECOND_PHYSICIAN = "second_physician"
    PERFUSIONIST = "perfusionist"
    NURSE = "nurse"
    DRIVER = "driver"


class KitProblem(StrEnum):
    """Why a piece of kit cannot be counted on."""

    NOT_READY = "not_ready"
    EXPIRED = "expired"
    UNCHECKED = "unchecked"
    """Never looked at, or too long ago."""
    BOOKED = "booked"


class CheckList(StrEnum):
    """The lists of a mission; the first two are gates."""

    LEAVING_BASE = "leaving_base"
    LEAVING_WITH_PATIENT = "leaving_with_patient"
    ARRIVAL = "arrival"
    TIME_OUT = "time_out"
    LOADING = "loading"
    HANDOVER = "handover"


class Passage(StrEnum):
    """How a gate was passed."""

    CLOSED = "closed"
    """Every item was ticked."""
    OVERRIDDEN = "overridden"
    """Open items, by the lead's word."""
    OPEN = "open"
    """Open items, and nobody overrode: every desk is warned."""


class GateReason(StrEnum):
    """Why a gate was overridden; it may follow."""

    WORSENS = "worsens"
    DONE_UNTICKED = "done_unticked"
    NOT_NEEDED = "not_needed"
    ON_THE_WAY = "on_the_way"
    OTHER = "other"


class Promise(StrEnum):
    """What is reserved, or told, before the patient arrives."""

    BED = "bed"
    CATH_LAB = "cath_lab"
    THEATRE = "theatre"
    RECEIVING_TEAM = "receiving_team"
    CONSENT = "consent"
    RELATIVES = "relatives"


class Consent(StrEnum):
    """Who consented, or why nobody could."""

    PATIENT = "patient"
    RELATIVES = "relatives"
    EMERGENCY = "emergency"
    """Nobody could be asked in time; the law lets the hospital's head decide."""
    REFUSED = "refused"
