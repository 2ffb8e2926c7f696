"""What the journal keeps of hospitals: imports, limits on services, beds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, BedMove, BedSide, LimitKind, LimitReason
from dispatch.kernel.events import Event, event


@event("region.hospitals_imported", subject="region")
class HospitalsImported(Event):
    """The region's hospitals were brought to what a file says."""

    region: str
    data_version: int
    rows: int
    added: int
    updated: int
    removed: int


@event("hospital.limited", subject="hospital_id")
class HospitalLimited(Event):
    """A hospital diverts a service, or cannot give it. doctor_id: who answers for it."""

    hospital_id: UUID
    limit_id: UUID
    service: HospitalCapability
    kind: LimitKind
    reason: LimitReason
    doctor_id: UUID
    begins_at: datetime
    until_at: datetime


@event("hospital.limit_ended", subject="hospital_id")
class HospitalLimitEnded(Event):
    """A limit was ended before its time."""

    hospital_id: UUID
    limit_id: UUID
    service: HospitalCapability
    ended_at: datetime


@event("hospital.beds_moved", subject="hospital_id")
class HospitalBedsMoved(Event):
    """A count of beds changed. number: of the move; free and total: after it."""

    hospital_id: UUID
    bed_kind: BedKind
    move: BedMove
    side: BedSide
    number: int
    free: int
    total: int
