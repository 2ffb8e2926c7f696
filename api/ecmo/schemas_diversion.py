"""What goes over the wire of diversions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.ecmo.states_diversion import Demand, DiversionRemark, DivertReason


class DiversionOut(msgspec.Struct, frozen=True):
    """The patient was taken elsewhere from then on."""

    id: UUID
    was_to_id: UUID
    to_hospital_id: UUID
    reason: DivertReason
    at: datetime
    actor: str


class HavenOut(msgspec.Struct, frozen=True):
    """A hospital that he could be taken to."""

    hospital_id: UUID
    is_current: bool
    seconds: Annotated[float | None, Meta(description="Of road from where he is; null: nobody knows.")]
    arrives_at: Annotated[datetime | None, Meta(description="When the road was begun at the position's time.")]
    counted_s: Annotated[float | None, Meta(description="What it was ranked by; null: it cannot take him.")]
    free_beds: Annotated[int | None, Meta(description="In intensive care; null: it does not count them.")]
    remarks: list[DiversionRemark]


class HavensOut(msgspec.Struct, frozen=True):
    """Hospitals, the best first. A person decides."""

    at: datetime
    rules_version: str
    source: str
    needs_sign_off: bool
    demands: Annotated[list[Demand], Meta(description="Why another hospital is looked for; empty: nothing demands it.")]
    proposed_id: Annotated[UUID | None, Meta(description="Null: nothing demands it, or none is sooner by enough.")]
    position_at: Annotated[datetime | None, Meta(description="By when it is known where he is; null: nobody knows.")]
    is_old: Annotated[bool, Meta(description="The position is too old: the road times are of then.")]
    hospitals: list[HavenOut]


class DivertIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where to, and why."""

    to_hospital_id: UUID
    reason: DivertReason
    version: Annotated[int | None, Meta(description="Of the mission as it was seen.")] = None


HAVENS_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-27T11:34:10Z", "rules_version": "1", "source": "Proposed here", "needs_sign_off": True,
    "demands": ["alarm"], "proposed_id": "0198c0de-0000-7000-8000-000000000103",
    "position_at": "2026-11-27T11:34:02Z", "is_old": False,
    "hospitals": [
        {
            "hospital_id": "0198c0de-0000-7000-8000-000000000103", "is_current": False, "seconds": 780.0,
            "arrives_at": "2026-11-27T11:47:02Z", "counted_s": 2580.0, "free_beds": 2, "remarks": ["no_ecmo"],
        }
    ],
}  # fmt: skip
