"""Writing down what was measured by hand and what was done, each once, and taking it back. Nothing here commits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.charting.events import ChartWithdrawn, PatientCharted
from dispatch.charting.queries import find_entry, get_entry, is_corrected
from dispatch.charting.rules import Charted, checked
from dispatch.charting.tables import ChartEntry
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written down, under an id of the writer's own. at: true time. corrects: in whose place it stands.

    ordered: it carries out the order of this id.
    """

    id: UUID
    charted: Charted
    at: datetime
    unit_id: UUID | None = None
    corrects: UUID | None = None
    ordered: bool = False


async def chart(act: Act, patient_id: UUID, given: Writing) -> ChartEntry:
    """Keep an entry; the same again gives what is kept. The unit's existence is the caller's to see to.

    Raises:
        NotFound: `patient.not_found`, `chart.not_found` (of `corrects`). Invalid: `chart.*`, `time.*`.
        Conflict: `chart.other`, the id stands for another entry; `chart.corrected`, that was corrected or withdrawn.
    """
    what = checked(given.charted, ordered=given.ordered)
    async with act.together():
        patient = await get_patient(act.session, act.region, patient_id)
        # Who writes for one incident waits for the others: an entry is kept once, and corrected once.
        await get_incident(act.session, act.region, patient.incident_id, lock=True)
        kept = await find_entry(act.session, given.id)
        if kept is not None:
            if (kept.patient_id, kept.actor, _said(kept)) == (patient_id, act.actor, what):
                return kept
            raise Conflict("chart.other", "This id stands for another entry.", "Use a fresh id for each entry.")
        when = act.moment(Told(min(given.at, act.clock.now())))
        if given.corrects is not None:
            await _must_count(act, patient_id, given.corrects)
        row = ChartEntry(
            id=given.id,
            patient_id=patient_id,
            unit_id=given.unit_id,
            at=when.occurred_at,
            entered_at=when.entered_at,
            source=when.source,
            actor=act.actor,
            measured=None if what.measured is None else dict(what.measured),
            treatment=what.treatment,
            amount=what.amount,
            corrects=given.corrects,
        )
        act.session.add(row)
        await act.session.flush()
        act.tell(
            PatientCharted(
                patient_id=patient_id,
                incident_id=patient.incident_id,
                entry_id=row.id,
                unit_id=row.unit_id,
                at=row.at,
                signals=tuple(sorted(row.measured or {})),
                treatment=row.treatment or "",
                corrects=row.corrects,
                digest=act.digester.digest("chart", _digested(row)),
            ),
            when,
        )
        return row


async def withdraw_entry(act: Act, patient_id: UUID, entry_id: UUID) -> ChartEntry:
    """Say that an entry was a mistake; said again it stays so.

    Raises NotFound (`patient.not_found`, `chart.not_found`), Conflict (`chart.corrected`).
    """
    async with act.together():
        patient = await get_patient(act.session, act.region, patient_id)
        await get_incident(act.session, act.region, patient.incident_id, lock=True)
        row = await get_entry(act.session, patient_id, entry_id)
        if row.withdrawn_at is not None:
            return row
        await _must_count(act, patient_id, entry_id)
        row.withdrawn_at, row.withdrawn_by = act.clock.now(), act.actor
        act.tell(ChartWithdrawn(patient_id=patient_id, incident_id=patient.incident_id, entry_id=entry_id))
        await act.session.flush()
        return row


async def _must_count(act: Act, patient_id: UUID, entry_id: UUID) -> None:
    row = await get_entry(act.session, patient_id, entry_id)
    if row.withdrawn_at is not None or await is_corrected(act.session, entry_id):
        raise Conflict("chart.corrected", "This entry counts no more.", "Correct the one that stands in its place.")


def _digested(row: ChartEntry) -> str:
    # With the id: equal values of two entries have different digests.
    return json.dumps([str(row.id), row.measured, row.amount], sort_keys=True)


def _said(row: ChartEntry) -> Charted:
    return Charted(row.measured, row.treatment, row.amount)
