"""Who and what a mission needs, what is missing, and who could bring it. Pure. Figures: `missions.toml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from dispatch.clinical.states import AlarmPriority
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import CheckList, EcmoKitKind, KitProblem, TeamRole
from dispatch.ecmo.states_missions import MissionState
from dispatch.kernel.figures import shipped
from dispatch.units.states_duty import UnitStatus

_DATA: Final = shipped("dispatch.ecmo", "missions.toml")
VERSION: Final[str] = _DATA["version"]
CHECKED: Final = timedelta(hours=_DATA["kit"]["checked_h"])
_SOON: Final = {
    kind: timedelta(days=_DATA["kit"]["expires_soon_of"].get(kind, _DATA["kit"]["expires_soon_d"]))
    for kind in EcmoKitKind
}
_THERE: Final = frozenset({UnitStatus.STAGING, UnitStatus.ON_SCENE, UnitStatus.AT_PATIENT})
_LOADED: Final = frozenset({UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL})
_WITH_PATIENT: Final = frozenset({MissionState.AT_PATIENT, MissionState.CANNULATING, MissionState.ON_CIRCUIT})
_ARTERIAL: Final = frozenset({Mode.VA, Mode.ECPR})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of kit as it stands. booked_by: the mission that has it now."""

    id: UUID
    kind: EcmoKitKind
    hospital_id: UUID
    is_ready: bool
    expires_at: datetime | None
    checked_at: datetime | None
    booked_by: UUID | None


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who can be called until `until`, with the roles that he may fill. booked_by: the mission he is on."""

    person_id: UUID
    hospital_id: UUID
    roles: frozenset[TeamRole]
    until: datetime
    booked_by: UUID | None


@dataclass(frozen=True, slots=True)
class Lack:
    """What is still missing: how many, and of whom or of which hospitals it could be had, nearest to the top."""

    what: str
    number: int
    could: tuple[UUID, ...]


def team_needed(*, primary: bool, drivers: int = 1) -> dict[TeamRole, int]:
    """How many of each role."""
    rows: Mapping[str, int] = _DATA["team"]["primary" if primary else "secondary"]
    return {
        role: max(drivers, rows[role]) if role is TeamRole.DRIVER else rows[role] for role in TeamRole if role in rows
    }


def kit_needed(mode: Mode, *, primary: bool) -> dict[EcmoKitKind, int]:
    """How many pieces of each kind."""
    rows: dict[str, Any] = dict(_DATA["kit"]["primary" if primary else "secondary"])
    if mode in _ARTERIAL:
        rows |= _DATA["kit"]["va"]
    return {kind: rows[kind] for kind in EcmoKitKind if kind in rows}


def items_of(which: CheckList, mode: Mode) -> tuple[str, ...]:
    """What a list asks, in the order in which it is read out."""
    rows = _DATA["lists"][which]
    return (*rows["items"], *(rows["va"] if mode in _ARTERIAL else ()))


def warns_of(which: CheckList) -> AlarmPriority:
    """How urgently every desk is warned that a gate was passed with items open."""
    return AlarmPriority(_DATA["lists"][which]["warns"])


def gate_ahead(state: MissionState, status: UnitStatus, *, brought: bool, due: bool) -> CheckList | None:
    """The gate that a mission's vehicle moves through though nobody has put down that it was passed; None: none.

    brought: the patient comes to the cannulator, and no team leaves. due: it should have left by its plan; before
    that a vehicle under way may be fetching the team.
    """
    if state is MissionState.PREPARING and not brought:
        there = status in _THERE or status in _LOADED
        return CheckList.LEAVING_BASE if there or (due and status is UnitStatus.EN_ROUTE) else None
    if state in _WITH_PATIENT and status in _LOADED:
        return CheckList.LEAVING_WITH_PATIENT
    return None


def problems(piece: Piece, now: datetime, mission_id: UUID | None = None) -> tuple[KitProblem, ...]:
    """Why a piece cannot be counted on by a mission; empty: it can."""
    found: list[KitProblem] = []
    if not piece.is_ready:
        found.append(KitProblem.NOT_READY)
    if piece.expires_at is not None and piece.expires_at <= now:
        found.append(KitProblem.EXPIRED)
    if piece.checked_at is None or now - piece.checked_at > CHECKED:
        found.append(KitProblem.UNCHECKED)
    if piece.booked_by is not None and piece.booked_by != mission_id:
        found.append(KitProblem.BOOKED)
    return tuple(found)


def expires_soon(piece: Piece, now: datetime) -> bool:
    """It can be counted on now, and will have expired before long."""
    return piece.expires_at is not None and now < piece.expires_at <= now + _SOON[piece.kind]


def kit_lacking(
    needed: Mapping[EcmoKitKind, int], pieces: Sequence[Piece], mission_id: UUID, now: datetime
) -> tuple[Lack, ...]:
    """What of the kit is missing, and which hospitals have a piece of it that can be counted on."""
    good = [one for one in pieces if not problems(one, now, mission_id)]
    has = Counter(one.kind for one in good if one.booked_by == mission_id)
    return tuple(
        Lack(kind, number - has[kind], _once(one.hospital_id for one in good if one.kind is kind and not one.booked_by))
        for kind, number in needed.items()
        if has[kind] < number
    )


def team_lacking(
    needed: Mapping[TeamRole, int], booked: Iterable[TeamRole], people: Sequence[OnCall], now: datetime, until: datetime
) -> tuple[Lack, ...]:
    """Which roles are missing, and who on call could fill them: those whose duty lasts to the end first."""
    has = Counter(booked)
    free = sorted(
        (one for one in people if one.booked_by is None and one.until > now), key=lambda one: one.until < until
    )
    return tuple(
        Lack(role, number - has[role], _once(one.person_id for one in free if role in one.roles))
        for role, number in needed.items()
        if has[role] < number
    )


def _once(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))
