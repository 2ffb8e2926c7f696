"""What the journal keeps of a mission under way. concerned: the organisations of both sides, which see it told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dispatch.ecmo.states_diversion import DivertReason
from dispatch.ecmo.states_kit import CheckList, GateReason, Passage
from dispatch.ecmo.states_missions import MissionState
from dispatch.kernel.events import Event, event


class Noted(StrEnum):
    """What a row of the mission is about."""

    PLAN = "plan"
    FIT_TO_MOVE = "fit_to_move"
    VEHICLE = "vehicle"
    BOOKED = "booked"
    GIVEN_BACK = "given_back"
    TICKED = "ticked"
    UNTICKED = "unticked"
    PROMISE_ASKED = "promise_asked"
    PROMISE_ACKNOWLEDGED = "promise_acknowledged"
    PROMISE_ENDED = "promise_ended"
    PRESSURE = "pressure"
    DEMAND = "demand"
    BATTERY = "battery"
    CIRCUIT = "circuit"
    UNPLUGGED = "unplugged"
    RETIMED = "retimed"
    NO_WAY = "no_way"
    BROKEN_DOWN = "broken_down"
    ADVERSE = "adverse"
    ADVERSE_CORRECTED = "adverse_corrected"


@event("ecmo.mission_advanced", subject="mission_id")
class MissionAdvanced(Event):
    """A mission went over into another state."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    state: MissionState
    at: datetime


@event("ecmo.gate_passed", subject="mission_id")
class GatePassed(Event):
    """A gate was passed; open_items were not ticked."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    passage_id: UUID
    checklist: CheckList
    how: Passage
    open_items: tuple[str, ...]


@event("ecmo.gate_explained", subject="mission_id")
class GateExplained(Event):
    """Why a gate was passed with items open."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    passage_id: UUID
    reason: GateReason


@event("ecmo.mission_noted", subject="mission_id")
class MissionNoted(Event):
    """Something was put down in a mission; record_id: its row."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    what: Noted
    record_id: UUID


@event("ecmo.mission_diverted", subject="mission_id")
class MissionDiverted(Event):
    """The patient is taken to another hospital from now on; concerned: the former one too."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    diversion_id: UUID
    was_to_id: UUID
    to_hospital_id: UUID
    reason: DivertReason


@event("ecmo.kit_changed", subject="kit_id")
class KitChanged(Event):
    """A piece of kit was added, or looked at."""

    kit_id: UUID
    region: str
    is_ready: bool
    at: datetime


@event("ecmo.kit_retired", subject="kit_id")
class KitRetired(Event):
    """A piece of kit was taken off the list."""

    kit_id: UUID
    region: str
    at: datetime


@event("ecmo.duty_entered", subject="duty_id")
class DutyEntered(Event):
    """Somebody is on call for missions."""

    duty_id: UUID
    region: str
    hospital_id: UUID
    person_id: UUID
    from_at: datetime
    until_at: datetime


@event("ecmo.duty_withdrawn", subject="duty_id")
class DutyWithdrawn(Event):
    """A duty was taken back: it does not hold any more."""

    duty_id: UUID
    region: str
    person_id: UUID
    at: datetime
