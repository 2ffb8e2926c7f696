"""Which line of a record corrects which."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.dispatching.rules_record import Fact, replaced

NOTE: dict[str, Any] = {"incident_id": "i", "note_id": "n", "digest": "d"}
VALUE: dict[str, Any] = {"owner": "patient", "owner_id": "p", "value_id": "v", "digest": "d"}


def facts(*told: tuple[str, dict[str, Any]]) -> list[Fact]:
    return [Fact(10 + number, name, payload) for number, (name, payload) in enumerate(told)]


@pytest.mark.parametrize(
    ("name", "first", "second", "third"),
    [
        ("incident.note_written", {**NOTE, "version": 1}, {**NOTE, "version": 2}, {**NOTE, "version": 3}),
        (
            "personal.recorded",
            {**VALUE, "kind": "name", "version": 1},
            {**VALUE, "kind": "name", "version": 2},
            {**VALUE, "kind": "name", "version": 3},
        ),
        (
            "incident.placed",
            {"incident_id": "i", "place_version": 1},
            {"incident_id": "i", "place_version": 2},
            {"incident_id": "i", "place_version": 3},
        ),
        (
            "call.outcome_set",
            {"call_id": "c", "outcome": "silent", "before": None},
            {"call_id": "c", "outcome": "linked", "before": "silent"},
            {"call_id": "c", "outcome": "inquiry", "before": "linked"},
        ),
        (
            "assignment.time_told",
            {"time_id": "1", "corrects": None},
            {"time_id": "2", "corrects": "1"},
            {"time_id": "3", "corrects": "2"},
        ),
    ],
)
def test_each_version_corrects_the_one_before(
    name: str, first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    assert replaced(facts((name, first), (name, second), (name, third))) == {11: 10, 12: 11}


def test_a_status_is_corrected_by_its_entry() -> None:
    lines = facts(
        ("unit.status_changed", {"entry_id": "a"}),
        ("unit.status_kept", {"entry_id": "b"}),
        ("unit.status_corrected", {"entry_id": "c", "corrects": "a"}),
        ("unit.status_corrected", {"entry_id": "d", "corrects": "c"}),
        ("unit.status_corrected", {"entry_id": "e", "corrects": "not of this record"}),
    )
    assert replaced(lines) == {12: 10, 13: 12}


def test_reasons_are_statements_of_their_own_and_other_lines_correct_nothing() -> None:
    reason = {**VALUE, "kind": "reason"}
    lines = facts(
        ("personal.recorded", {**reason, "version": 1}),
        ("personal.recorded", {**reason, "version": 2}),
        ("incident.opened", {"incident_id": "i"}),
        ("incident.note_written", {**NOTE, "version": 2}),
    )
    assert replaced(lines) == {}
