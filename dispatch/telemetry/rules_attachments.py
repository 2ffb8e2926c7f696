"""Whose a place's data are: marks in time, of which the last before a moment counts. Pure.

A late mark, of a crew that had no link, finds its place among the others; nothing that was measured is ever rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """From `at` on the place's data are this patient's; None: nobody's (未归属)."""

    at: datetime
    patient_id: UUID | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A period in which a place's data are a patient's. ends_at None: still."""

    patient_id: UUID
    begins_at: datetime
    ends_at: datetime | None


def owner_at(marks: Iterable[Mark], at: datetime) -> UUID | None:
    """Return whose the data of a moment are."""
    before = [mark for mark in marks if mark.at <= at]
    return max(before, key=lambda mark: mark.at).patient_id if before else None


def attachments(marks: Iterable[Mark]) -> list[Attachment]:
    """Return the periods in their order; two marks of one patient after another make one."""
    made: list[Attachment] = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        last = made[-1] if made else None
        if last is not None and last.ends_at is None:
            if last.patient_id == mark.patient_id:
                continue
            made[-1] = Attachment(last.patient_id, last.begins_at, mark.at)
        if mark.patient_id is not None:
            made.append(Attachment(mark.patient_id, mark.at, None))
    return made
