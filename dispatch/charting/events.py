"""What the journal tells of what is charted: of values which were measured, never how high."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.kernel.events import Event, event


@event("patient.charted", subject="patient_id")
class PatientCharted(Event):
    """Values were measured by hand at `at`, or a treatment was given. digest: of the values or the amount.

    signals: which were measured; treatment: its code, or empty. corrects: the entry that this one stands for.
    """

    patient_id: UUID
    incident_id: UUID
    entry_id: UUID
    unit_id: UUID | None
    at: datetime
    signals: tuple[str, ...]
    treatment: str
    corrects: UUID | None
    digest: str


@event("patient.chart_withdrawn", subject="patient_id")
class ChartWithdrawn(Event):
    """An entry was a mistake; it is kept, and counts no more."""

    patient_id: UUID
    incident_id: UUID
    entry_id: UUID
