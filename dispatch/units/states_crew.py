"""The named sets of crews, kit and timed runs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.kernel.texts import Words


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


SKILL_WORDS: Final[Mapping[Skill, Words]] = {
    Skill.DRIVER: Words("驾驶员", "driver"),
    Skill.NURSE: Words("护士", "nurse"),
    Skill.PHYSICIAN: Words("医师", "physician"),
    Skill.PARAMEDIC: Words("急救员", "paramedic"),
    Skill.STRETCHER: Words("担架员", "stretcher bearer"),
    Skill.ECMO_SPECIALIST: Words("ECMO专科", "ECMO specialist"),
    Skill.PERFUSIONIST: Words("灌注师", "perfusionist"),
    Skill.NEONATOLOGIST: Words("新生儿科医师", "neonatologist"),
    Skill.MIDWIFE: Words("助产士", "midwife"),
    Skill.RESCUER: Words("救援员", "rescuer"),
    Skill.POLICE: Words("警员", "police officer"),
}

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
