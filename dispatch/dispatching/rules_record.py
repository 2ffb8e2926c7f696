"""Which line of the journal corrects which: the later one counts, the earlier one stays beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dispatch.incidents.states_patients import PersonalKind

Statement = tuple[str, ...]
_APART = frozenset({PersonalKind.REASON, PersonalKind.WITNESS, PersonalKind.DESTINATION})
"""Values of which each is a statement of its own, said once."""
_VERSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "incident.note_written": ("note_id", "version"),
    "incident.placed": ("incident_id", "place_version"),
    "personal.recorded": ("owner_id", "kind", "version"),
    "patient.outcome_set": ("patient_id", "version"),
    "call.outcome_set": ("call_id", "before"),
}
"""What is written anew: the fields that name it, and last the one that tells whether this is a later version."""
_ENTRIES: Final[Mapping[str, tuple[str, str]]] = {
    "unit.status_changed": ("status", "entry_id"),
    "unit.status_kept": ("status", "entry_id"),
    "unit.status_corrected": ("status", "entry_id"),
    "assignment.time_told": ("time", "time_id"),
}
"""What has an id of its own, and may name in `corrects` the one that it corrects."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line, as far as it matters here."""

    seq: int
    type: str
    payload: Mapping[str, Any]


def replaced(facts: Iterable[Fact]) -> dict[int, int]:
    """Return, for each line that corrects another, the number of that one. The lines come in the order of numbers."""
    told: dict[Statement, int] = {}
    found: dict[int, int] = {}
    for fact in facts:
        states, corrects = _statements(fact)
        if corrects is not None and corrects in told:
            found[fact.seq] = told[corrects]
        if states is not None:
            told[states] = fact.seq
    return found


def _statements(fact: Fact) -> tuple[Statement | None, Statement | None]:
    """What a line states, and which statement it corrects."""
    told = fact.payload
    if fact.type in _VERSIONS:
        *names, version = _VERSIONS[fact.type]
        if told.get("kind") in _APART:
            return None, None
        stated: Statement = (fact.type, *(str(told[name]) for name in names))
        return stated, stated if _later(told[version]) else None
    if fact.type in _ENTRIES:
        group, key = _ENTRIES[fact.type]
        corrects = told.get("corrects")
        return (group, str(told[key])), (group, str(corrects)) if corrects else None
    return None, None


def _later(version: object) -> bool:
    """Whether it is not the first: a number above 1, or what was believed before."""
    return version > 1 if isinstance(version, int) else version is not None
