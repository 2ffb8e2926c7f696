"""The life of an ECMO mission."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.incidents.states import step


class MissionState(StrEnum):
    """Where a mission stands."""

    PREPARING = "preparing"
    OUTBOUND = "outbound"
    AT_PATIENT = "at_patient"
    CANNULATING = "cannulating"
    ON_CIRCUIT = "on_circuit"
    RETURNING = "returning"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    STOOD_DOWN = "stood_down"
    DIED = "died"


_STOP: Final = frozenset({MissionState.STOOD_DOWN, MissionState.DIED})
MISSION_TRANSITIONS: Final[Mapping[MissionState, frozenset[MissionState]]] = {
    # A patient brought to the cannulator is there without anybody having gone out.
    MissionState.PREPARING: _STOP | {MissionState.OUTBOUND, MissionState.AT_PATIENT},
    MissionState.OUTBOUND: _STOP | {MissionState.AT_PATIENT},
    # Secondary: a circuit runs already. Uncannulated: brought, by a named "fit to move".
    MissionState.AT_PATIENT: _STOP | {MissionState.CANNULATING, MissionState.ON_CIRCUIT, MissionState.RETURNING},
    MissionState.CANNULATING: _STOP | {MissionState.ON_CIRCUIT},
    MissionState.ON_CIRCUIT: _STOP | {MissionState.RETURNING, MissionState.HANDED_OVER},
    MissionState.RETURNING: frozenset({MissionState.ARRIVED, MissionState.DIED}),
    MissionState.ARRIVED: frozenset({MissionState.HANDED_OVER, MissionState.CANNULATING, MissionState.DIED}),
    MissionState.HANDED_OVER: frozenset(),
    MissionState.STOOD_DOWN: frozenset(),
    MissionState.DIED: frozenset(),
}
MISSION_OVER: Final = frozenset({MissionState.HANDED_OVER, MissionState.STOOD_DOWN, MissionState.DIED})


def advance_mission(old: MissionState, new: MissionState) -> MissionState:
    """Return the new state. Raises IllegalTransition (`ecmo_mission.transition`)."""
    return step("ecmo-mission", MISSION_TRANSITIONS, old, new)
