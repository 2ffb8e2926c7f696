"""Who looks after a patient, when an outcome is complete, and when an incident may close. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.incidents.states_patients import Care, PatientOutcome, PatientState, Proof
from dispatch.kernel.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class CareSpan:
    """A unit looked after a patient from one time until another (None: still does)."""

    unit_id: UUID
    care: Care
    begins_at: datetime
    ends_at: datetime | None = None


def overlap(first: CareSpan, second: CareSpan) -> bool:
    """Whether two spans share a moment; the end is not part of a span."""
    return (second.ends_at is None or first.begins_at < second.ends_at) and (
        first.ends_at is None or second.begins_at < first.ends_at
    )


def check_care(present: Sequence[CareSpan], new: CareSpan) -> None:
    """Refuse a span that cannot be.

    Raises:
        Invalid: `care.times`, it ends before it begins.
        Conflict: `care.carried`, another unit carries the patient then; `care.twice`, this unit does so already.
    """
    if new.ends_at is not None and new.ends_at <= new.begins_at:
        raise Invalid("care.times", "The unit would leave the patient before it came.")
    for span in present:
        if not overlap(span, new):
            continue
        if span.unit_id == new.unit_id and span.care is new.care:
            raise Conflict("care.twice", "This unit looks after the patient already at that time.")
        if span.care is Care.CARRIES and new.care is Care.CARRIES:
            raise Conflict(
                "care.carried", "Another unit carries the patient at that time.", "End its part first, or hand over."
            )


@dataclass(frozen=True, slots=True)
class OutcomeGiven:
    """An outcome with what it needs: a destination, a proof of refusal with its witness, or to whom handed on."""

    outcome: PatientOutcome
    destination_id: UUID | None = None
    """The hospital; its existence is the caller's to see to."""
    destination_words: str = ""
    """A destination that is no hospital of ours."""
    proof: Proof | None = None
    witness: str = ""
    handed_to: str = ""
    """A code of the service taken to, such as `119` or `120`."""


def check_outcome(given: OutcomeGiven) -> None:
    """Refuse an incomplete or contradictory outcome.

    Raises Invalid: `outcome.destination`, `outcome.proof`, `outcome.witness`, `outcome.handed_to`.
    """
    has_destination = given.destination_id is not None or bool(given.destination_words.strip())
    outcome = given.outcome
    if (outcome is PatientOutcome.TRANSPORTED) != has_destination:
        text = "A transport needs a destination." if not has_destination else "Only a transport has a destination."
        raise Invalid("outcome.destination", text)
    if (outcome is PatientOutcome.REFUSED) != (given.proof is not None):
        text = "A refusal needs a signature or a witness." if given.proof is None else "Only a refusal has a proof."
        raise Invalid("outcome.proof", text)
    if (given.proof is Proof.WITNESS) != bool(given.witness.strip()):
        raise Invalid("outcome.witness", "A witness is named where, and only where, a witness stands for the refusal.")
    if (outcome is PatientOutcome.HANDED_ON) != bool(given.handed_to):
        raise Invalid("outcome.handed_to", "To whom a patient was handed on is named, and only then.")


def check_close(patients: Iterable[PatientState]) -> None:
    """Refuse to close an incident with an open patient, or with none at all.

    Raises Conflict: `incident.no_patients`, `incident.open_patients`.
    """
    states = list(patients)
    if not states:
        raise Conflict(
            "incident.no_patients",
            "No patient is recorded.",
            'Record one; where nobody was there, its outcome is "not found".',
        )
    still_open = sum(state is PatientState.OPEN for state in states)
    if still_open:
        raise Conflict(
            "incident.open_patients",
            f"{still_open} of {len(states)} patients have no outcome yet.",
            "Record what came of each.",
        )


def placeholder(number: str, ordinal: int) -> str:
    """The name of somebody unknown: 无名氏 with the incident's number and the patient's in it, unique in a region."""
    return f"无名氏{number}-{ordinal}"
