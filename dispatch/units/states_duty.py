"""The status of a unit as data: what there is, what may follow what, and who may say so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.kernel.errors import Refused


class UnitStatus(StrEnum):
    """What a unit is doing. The order of the run, from ASSIGNED to AT_HOSPITAL, is that of T3 to T9."""

    UNKNOWN = "unknown"
    """不明: nobody has said. Never available."""
    AT_STATION = "at_station"
    """站内待命."""
    RETURNING_AVAILABLE = "returning_available"
    """返站可派."""
    ASSIGNED = "assigned"
    """已派."""
    EN_ROUTE = "en_route"
    """赶赴."""
    STAGING = "staging"
    """集结待命: waits near an unsafe scene."""
    ON_SCENE = "on_scene"
    """现场."""
    AT_PATIENT = "at_patient"
    """接诊."""
    TRANSPORTING = "transporting"
    """转运."""
    AT_HOSPITAL = "at_hospital"
    """到院交接."""
    RETURNING = "returning"
    """返站, not to be sent: must be cleaned, restocked or repaired first."""
    RELIEF = "relief"
    """换班."""
    STANDBY = "standby"
    """保障: stands by at an event."""
    TRANSFER = "transfer"
    """计划转运: a planned transfer."""
    OUT_OF_SERVICE = "out_of_service"
    """停用: see `OutReason`; always with an expected end."""


class OutReason(StrEnum):
    """Why a unit is out of service."""

    DECONTAMINATION = "decontamination"
    """洗消."""
    FUEL = "fuel"
    """加油."""
    RESTOCK = "restock"
    """补给."""
    FAULT = "fault"
    """故障."""
    MEAL = "meal"
    """用餐."""


class Source(StrEnum):
    """Where a status, a position or a time comes from."""

    CREW = "crew"
    """The crew's own device."""
    AUTO = "auto"
    """The vehicle's receiver, a geofence, a rule."""
    VOICE = "voice"
    """Heard on the radio or telephone and entered by a dispatcher."""
    PAPER = "paper"
    """Copied by a dispatcher from what was written down while the computers stood still."""
    DISPATCHER = "dispatcher"
    """The dispatcher's own decision."""


BY_PERSON: Final = frozenset((Source.VOICE, Source.PAPER, Source.DISPATCHER))
"""Entered by somebody who can be told that it cannot be; what devices send is kept whatever it is."""


class Effect(StrEnum):
    """What became of an entry."""

    APPLIED = "applied"
    LATE = "late"
    """Kept with its true time; the status had moved on before."""
    OTHER_RUN = "other_run"
    """Kept with its true time; it tells of a run that is not the present one."""
    REFUSED = "refused"
    """Kept, but nothing of that kind can follow the present status."""
    REPEATED = "repeated"
    """Told already; nothing was written."""
    CORRECTION = "correction"
    """Replaces the time or status of an earlier entry, which stays."""


RUN_ORDER: Final = (
    UnitStatus.ASSIGNED,
    UnitStatus.EN_ROUTE,
    UnitStatus.STAGING,
    UnitStatus.ON_SCENE,
    UnitStatus.AT_PATIENT,
    UnitStatus.TRANSPORTING,
    UnitStatus.AT_HOSPITAL,
)
FREE: Final = frozenset((UnitStatus.AT_STATION, UnitStatus.RETURNING_AVAILABLE))
"""May be sent, as far as the status goes."""
ON_RUN: Final = frozenset(RUN_ORDER)
TIMED_RUN: Final = frozenset((UnitStatus.STANDBY, UnitStatus.TRANSFER))
BUSY: Final = ON_RUN | TIMED_RUN
"""On a run of some kind; these, and only these, carry the id of a run."""
TRAVELLING: Final = frozenset(
    (
        UnitStatus.RETURNING_AVAILABLE,
        UnitStatus.EN_ROUTE,
        UnitStatus.TRANSPORTING,
        UnitStatus.RETURNING,
        UnitStatus.TRANSFER,
    )
)
"""The vehicle moves, so that its position grows old quickly."""
WITH_PATIENT: Final = frozenset((UnitStatus.AT_PATIENT, UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL))
"""Bound to a patient: never diverted."""
ENDS_BY_ITSELF: Final = frozenset((UnitStatus.OUT_OF_SERVICE, UnitStatus.RELIEF)) | TIMED_RUN
"""Has an expected end."""

_CLEAR: Final = frozenset((UnitStatus.AT_STATION, UnitStatus.RETURNING_AVAILABLE, UnitStatus.RETURNING))
# A breakdown, and the loss of all knowledge, can come at any moment.
_ALWAYS: Final = frozenset((UnitStatus.OUT_OF_SERVICE, UnitStatus.UNKNOWN))
_NEW_RUN: Final = frozenset((UnitStatus.ASSIGNED, UnitStatus.STANDBY, UnitStatus.TRANSFER))


def _later(status: UnitStatus) -> frozenset[UnitStatus]:
    # Crews forget buttons: a step may be left out, and its time stays missing.
    return frozenset(RUN_ORDER[RUN_ORDER.index(status) + 1 :])


TRANSITIONS: Final[Mapping[UnitStatus, frozenset[UnitStatus]]] = {
    UnitStatus.UNKNOWN: frozenset(UnitStatus) - {UnitStatus.UNKNOWN},
    UnitStatus.AT_STATION: _NEW_RUN
    | {UnitStatus.RETURNING_AVAILABLE, UnitStatus.RETURNING, UnitStatus.RELIEF}
    | _ALWAYS,
    UnitStatus.RETURNING_AVAILABLE: _NEW_RUN
    | {UnitStatus.AT_STATION, UnitStatus.RETURNING, UnitStatus.RELIEF}
    | _ALWAYS,
    # Diverted before it left, on its way, and when stood down: ASSIGNED again, to another run.
    UnitStatus.ASSIGNED: _later(UnitStatus.ASSIGNED) | {UnitStatus.ASSIGNED} | _CLEAR | _ALWAYS,
    UnitStatus.EN_ROUTE: _later(UnitStatus.EN_ROUTE) | {UnitStatus.ASSIGNED} | _CLEAR | _ALWAYS,
    UnitStatus.STAGING: _later(UnitStatus.STAGING) | {UnitStatus.ASSIGNED} | _CLEAR | _ALWAYS,
    # A scene that turns unsafe is left for the staging place.
    UnitStatus.ON_SCENE: _later(UnitStatus.ON_SCENE) | {UnitStatus.ASSIGNED, UnitStatus.STAGING} | _CLEAR | _ALWAYS,
    UnitStatus.AT_PATIENT: _later(UnitStatus.AT_PATIENT) | _CLEAR | _ALWAYS,
    # Clear straight from the road: the patient went over to another unit.
    UnitStatus.TRANSPORTING: _later(UnitStatus.TRANSPORTING) | _CLEAR | _ALWAYS,
    UnitStatus.AT_HOSPITAL: _CLEAR | {UnitStatus.RELIEF} | _ALWAYS,
    UnitStatus.RETURNING: frozenset((UnitStatus.AT_STATION, UnitStatus.RETURNING_AVAILABLE, UnitStatus.RELIEF))
    | _ALWAYS,
    UnitStatus.RELIEF: frozenset((UnitStatus.RELIEF, UnitStatus.AT_STATION, UnitStatus.RETURNING_AVAILABLE)) | _ALWAYS,
    UnitStatus.STANDBY: _CLEAR | {UnitStatus.ASSIGNED} | _ALWAYS,
    UnitStatus.TRANSFER: _CLEAR | {UnitStatus.AT_HOSPITAL} | _ALWAYS,
    # Out of service again: another reason, or another expected end.
    UnitStatus.OUT_OF_SERVICE: _CLEAR | {UnitStatus.RELIEF} | _ALWAYS,
}
"""What may follow what. A status on itself (ASSIGNED, RELIEF, OUT_OF_SERVICE) changes its run, reason or end."""

_BY_CREW: Final = frozenset(UnitStatus) - _NEW_RUN - {UnitStatus.UNKNOWN}
SAID_BY: Final[Mapping[Source, frozenset[UnitStatus]]] = {
    Source.CREW: _BY_CREW,
    Source.AUTO: _BY_CREW - {UnitStatus.AT_PATIENT, UnitStatus.RELIEF, UnitStatus.OUT_OF_SERVICE},
} | dict.fromkeys(BY_PERSON, frozenset(UnitStatus))
"""Who may say what: a crew cannot assign itself, and a receiver cannot know that a patient was reached."""


class IllegalTransition(Refused):
    """This status cannot follow that one, or not from this source: `unit.illegal_transition`, `unit.not_theirs`."""


def advance(current: UnitStatus, to: UnitStatus, source: Source) -> UnitStatus:
    """Return `to` where it may follow `current` and `source` may say so.

    Raises IllegalTransition: `unit.not_theirs` (this source cannot say that), `unit.illegal_transition`.
    """
    if to not in SAID_BY[source]:
        raise IllegalTransition("unit.not_theirs", f"The status {to} cannot be set by {source}.")
    if to not in TRANSITIONS[current]:
        raise IllegalTransition(
            "unit.illegal_transition",
            f"A unit that is {current} cannot become {to}.",
            f"From there it can become: {', '.join(sorted(TRANSITIONS[current]))}.",
        )
    return to
