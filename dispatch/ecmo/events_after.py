"""What the journal keeps of transfers that are over: what became of patients, and what was taken out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.ecmo.states_after import EcmoOutcomeKind, OutcomeAt
from dispatch.incidents.states_patients import ExportReason
from dispatch.kernel.events import Event, event


@event("ecmo.outcome_entered", subject="mission_id")
class OutcomeEntered(Event):
    """Somebody told what became of the patient; at: when it was so. corrects: the moment had an entry already."""

    mission_id: UUID
    request_id: UUID
    region: str
    concerned: tuple[str, ...]
    moment: OutcomeAt
    outcome: EcmoOutcomeKind
    at: datetime
    corrects: bool


@event("report.ecmo_exported", subject="export_id")
class EcmoExported(Event):
    """A report of a mission, or the registry of a period, was taken out. reason: for which patient data are in it."""

    export_id: UUID
    region: str
    form: str
    mission_id: UUID | None
    begins: datetime | None
    until: datetime | None
    reason: ExportReason | None


@event("report.ecmo_withheld", subject="export_id")
class EcmoWithheld(Event):
    """It was asked for with patient data, without the right to them, and not given."""

    export_id: UUID
    region: str
    form: str
    mission_id: UUID | None
