"""What the journal keeps of reports that left, and of those that were refused."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.incidents.states_patients import ExportReason
from dispatch.kernel.events import Event, event


@event("report.exported", subject="export_id")
class ReportExported(Event):
    """A report was taken out. reason: why patient data are in it; None where it holds none."""

    export_id: UUID
    view: str
    form: str
    begins: datetime
    until: datetime
    reason: ExportReason | None


@event("report.withheld", subject="export_id")
class ReportWithheld(Event):
    """A report was asked for without the right to it, and not given. patient_data: whether it was these."""

    export_id: UUID
    view: str
    form: str
    patient_data: bool


@event("report.made", subject="report_id")
class ReportMade(Event):
    """A report of a schedule was made, once for its period."""

    report_id: UUID
    region: str
    step: str
    begins: datetime
    until: datetime
    digest: str


@event("report.schedule_set", subject="region")
class ScheduleSet(Event):
    """Reports of a step are made by themselves from now on, or otherwise, or no more."""

    region: str
    step: str
    active: bool
    targets: str
    language: str
