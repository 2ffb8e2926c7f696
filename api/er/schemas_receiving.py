"""What goes over the wire of how a hospital receives patients."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.receiving.states_emergency import Withdrawal
from dispatch.receiving.tables_prealerts import Prealert


class PrealertOut(msgspec.Struct, frozen=True):
    """A hospital was told that a patient is brought to it."""

    id: UUID
    patient_id: UUID
    hospital_id: UUID
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: Annotated[str | None, Meta(description="That person's name; null once it is erased.")]
    escalates_at: Annotated[datetime, Meta(description="When the dispatch centre is told if nobody has acknowledged.")]
    escalated_at: Annotated[datetime | None, Meta(description="When it was.")]
    withdrawn_at: Annotated[datetime | None, Meta(description="The patient is not brought here any more.")]
    withdrawal: Withdrawal | None


class ReceivingOut(msgspec.Struct, frozen=True):
    """What the asker's hospitals do for patients."""

    now: Annotated[datetime, Meta(description="The service's time.")]
    prealerts: Annotated[list[PrealertOut], Meta(description="The oldest first.")]


PREALERT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000701",
    "patient_id": "0198c0de-0000-7000-8000-000000000601",
    "hospital_id": "0198c0de-0000-7000-8000-000000000101",
    "raised_at": "2026-11-27T02:58:11Z",
    "acknowledged_at": "2026-11-27T02:58:40Z",
    "acknowledged_by": "示例急诊医生",
    "escalates_at": "2026-11-27T03:00:11Z",
    "escalated_at": None,
    "withdrawn_at": None,
    "withdrawal": None,
}


def prealert_out(row: Prealert, names: Mapping[str, str], escalate_s: float) -> PrealertOut:
    """Tell a pre-alert."""
    return PrealertOut(
        row.id, row.patient_id, row.hospital_id, row.raised_at, row.acknowledged_at,
        names.get(row.acknowledged_by or ""), row.raised_at + timedelta(seconds=escalate_s), row.escalated_at,
        row.withdrawn_at, Withdrawal(row.withdrawal) if row.withdrawal else None,
    )  # fmt: skip
