"""The named sets of crews, kit and timed runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Skill(StrEnum):
    """As what a person is on board; one at a time."""

    DRIVER = "driver"
    """驾驶员."""
    NURSE = "nurse"
    """护士."""
    PHYSICIAN = "physician"
    """医师."""
    PARAMEDIC = "paramedic"
    """急救员."""
    STRETCHER = "stretcher"
    """担架员."""
    ECMO_SPECIALIST = "ecmo_specialist"
    """ECMO 专科."""
    PERFUSIONIST = "perfusionist"
    """灌注师."""
    NEONATOLOGIST = "neonatologist"
    """新生儿科医师."""
    MIDWIFE = "midwife"
    """助产士."""
    RESCUER = "rescuer"
    """救援员."""
    POLICE = "police"
    """警员."""


SEATS: Final = range(1, 11)
"""Seat 1 is the driver's."""
DRIVER_SEAT: Final = 1


class RunKind(StrEnum):
    """A timed run, planned ahead."""

    STANDBY = "standby"
    """保障: stand-by at an event."""
    TRANSFER = "transfer"
    """计划转运: a planned transfer."""


class RunState(StrEnum):
    """Where a timed run stands."""

    PLANNED = "planned"
    STARTED = "started"
    ENDED = "ended"
    CANCELLED = "cancelled"
