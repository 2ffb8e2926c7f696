"""What goes over the wire of a transfer once it is over: its course, its times, what it used, what became of him."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.ecmo.examples import HOSPITAL
from api.ecmo.schemas_case import HospitalNameOut
from api.roads.schemas import Aware
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_after import EcmoMark, EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_kit import EcmoKitKind, TeamRole
from dispatch.ecmo.states_missions import MissionState


class EcmoKpiOut(msgspec.Struct, frozen=True):
    """A time of this transfer between two marks."""

    id: str
    zh: str
    en: str
    ug: str
    begins: EcmoMark
    ends: EcmoMark
    begins_at: datetime | None
    ends_at: datetime | None
    minutes: Annotated[float | None, Meta(description="Null: not both marks are known, or they did not follow.")]
    target_min: Annotated[float | None, Meta(description="At most; null: there is no target.")]
    met: bool | None


class EcmoCourseOut(msgspec.Struct, frozen=True):
    """Something that happened."""

    at: datetime
    what: Annotated[str, Meta(description="begun, asked, seen, decision, bound, plan, state, gate, promise, adverse …")]
    code: Annotated[str, Meta(description="Which: the decision, the state, the list; empty where `what` says all.")]
    detail: Annotated[str, Meta(description="How: closed or open, a severity; empty without.")]
    name: Annotated[str | None, Meta(description="Who; null: nobody, or erased.")]
    hospital: Annotated[
        HospitalNameOut | None, Meta(description="The centre that saw it, decided or was bound; null: none.")
    ]


class UsedKitOut(msgspec.Struct, frozen=True):
    """A piece of kit that the mission had."""

    code: str
    kind: EcmoKitKind
    size: str
    from_at: datetime
    until_at: datetime | None
    oxygen_l: Annotated[float | None, Meta(description="Drawn from a cylinder, by its first and last reading.")]


class UsedPersonOut(msgspec.Struct, frozen=True):
    """Somebody of the team."""

    name: str | None
    role: TeamRole
    from_at: datetime
    until_at: datetime | None


class EcmoOutcomeOut(msgspec.Struct, frozen=True):
    """What became of the patient, as somebody told it."""

    id: UUID
    moment: OutcomeAt
    outcome: EcmoOutcomeKind
    at: datetime
    entered_at: datetime
    name: str | None
    counts: Annotated[bool, Meta(description="The newest of its moment.")]


class AfterOut(msgspec.Struct, frozen=True):
    """A transfer as it was."""

    at: datetime
    request_id: UUID
    number: str | None
    mode: Mode | None
    mission_id: UUID | None
    state: MissionState | None
    vehicle: str | None
    kpis: list[EcmoKpiOut]
    course: list[EcmoCourseOut]
    team: list[UsedPersonOut]
    kit: list[UsedKitOut]
    outcomes: list[EcmoOutcomeOut]
    may_enter: Annotated[bool, Meta(description="The actor may enter what became of the patient now.")]
    rules_version: str
    rules_source: str
    needs_sign_off: bool


class EcmoOutcomeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of the patient."""

    moment: OutcomeAt
    outcome: EcmoOutcomeKind
    at: Annotated[Aware | None, Meta(description="When it was so; now if left out.")] = None


AFTER: Final[dict[str, Any]] = {
    "at": "2026-11-27T18:04:00Z", "request_id": "0198c0de-0000-7000-8000-000000000402", "number": "E-261127-03",
    "mode": "vv", "mission_id": "0198c0de-0000-7000-8000-000000000401", "state": "handed_over", "vehicle": "阿-01",
    "kpis": [
        {
            "id": "to_decision", "zh": "申请→决定", "en": "Request to decision", "ug": "", "begins": "asked",
            "ends": "decided", "begins_at": "2026-11-27T10:54:00Z", "ends_at": "2026-11-27T11:12:00Z",
            "minutes": 18.0, "target_min": 30.0, "met": True,
        }
    ],
    "course": [
        {"at": "2026-11-27T10:54:00Z", "what": "asked", "code": "", "detail": "", "name": "示例医师", "hospital": None},
        {
            "at": "2026-11-27T11:12:00Z", "what": "decision", "code": "accept", "detail": "", "name": "示例医师",
            "hospital": HOSPITAL,
        },
    ],
    "team": [
        {
            "name": "示例医师", "role": "lead", "from_at": "2026-11-27T11:20:00Z",
            "until_at": "2026-11-27T17:40:00Z",
        }
    ],
    "kit": [
        {
            "code": "O2-1", "kind": "cylinder", "size": "10 L", "from_at": "2026-11-27T11:22:00Z",
            "until_at": "2026-11-27T17:40:00Z", "oxygen_l": 870.0,
        }
    ],
    "outcomes": [], "may_enter": True, "rules_version": "1", "rules_source": "Targets proposed here",
    "needs_sign_off": True,
}  # fmt: skip
