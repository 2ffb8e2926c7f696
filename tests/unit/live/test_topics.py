"""Every event of the journal has its place in the feed's table, and names what it changes."""

from __future__ import annotations

from dataclasses import fields as fields_of
from uuid import UUID

import pytest

import dispatch.accounts.events
import dispatch.dispatching.events
import dispatch.hospitals.events
import dispatch.incidents.events_calls
import dispatch.incidents.events_incidents
import dispatch.incidents.events_patients
import dispatch.roads.events
import dispatch.units.events_duty
import dispatch.units.events_imports  # noqa: F401 - importing registers the types
from api.live.topics import (
    CONCERNED,
    ENDS,
    FLEET_ANEW,
    NOT_TOLD,
    SIGNING,
    TOLD,
    Topic,
    id_of,
    is_for_all,
    topic_of,
    touched,
)
from dispatch.kernel.events import known_types

TYPES = {name: kind for name, kind in known_types().items() if kind.__module__.startswith("dispatch.")}
ID = "0198c0de-0000-7000-8000-000000000201"


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_event_is_told_or_said_not_to_be(name: str) -> None:
    """A new kind of event belongs into `TOLD` or `NOT_TOLD` of api/live/topics.py."""
    word = name.partition(".")[0]
    assert (word in TOLD) != (word in NOT_TOLD)


@pytest.mark.parametrize("name", sorted(name for name in TYPES if topic_of(name)))
def test_what_is_told_names_a_row_or_more(name: str) -> None:
    fields = dict.fromkeys((one.name for one in fields_of(TYPES[name])), ID)
    if is_for_all(name) or CONCERNED in fields:
        assert "region" in fields
        return
    assert UUID(ID) in {row_id for _, row_id in touched(fields)}, f"{name} names nothing that a board shows"


@pytest.mark.parametrize(("name", "field"), sorted([*ENDS.items(), *dict.fromkeys(SIGNING, "person_id").items()]))
def test_events_that_change_what_one_may_see_have_the_field_named(name: str, field: str) -> None:
    assert field in TYPES[name].__annotations__


def test_imports_of_the_fleet_are_events() -> None:
    assert set(TYPES) >= FLEET_ANEW


def test_a_personal_value_changes_the_row_of_its_owner() -> None:
    assert list(touched({"owner": "call", "owner_id": ID})) == [(Topic.CALLS, UUID(ID))]
    assert list(touched({"owner": "note", "owner_id": ID})) == []


@pytest.mark.parametrize("value", [None, 7, "", "no id", ["x"], "示例"])
def test_what_is_no_id_is_passed_over(value: object) -> None:
    assert id_of({"unit_id": value}, "unit_id") is None
