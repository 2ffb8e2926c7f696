"""Events read back as they were, and cannot hold what the journal may not."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime
from uuid import UUID

import pytest
from factories.journal import START, UnitSent, context, unit_sent

from dispatch.kernel.actor import Actor, ActorKind, system
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.events import Event, Late, event, known_types, read_event


def test_an_event_tells_type_subject_and_plain_values() -> None:
    told = unit_sent(7)
    assert (told.type, told.subject) == ("drill.unit_sent", str(UUID(int=7)))
    assert told.payload() == {
        "unit_id": str(UUID(int=7)),
        "incident_id": str(UUID(int=1007)),
        "eta_s": 312.5,
        "sent_at": "2026-11-22T04:00:00Z",
        "reasons": ("nearest", "capable"),
        "organisation": None,
    }


def test_a_payload_reads_back_as_the_same_event() -> None:
    told = unit_sent(7, organisation="xpcc-1")
    assert read_event(told.type, {**told.payload(), "late_source": "paper"}) == told
    assert known_types()["drill.unit_sent"] is UnitSent


def test_an_event_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        unit_sent().eta_s = 1.0


def test_an_unknown_type_and_a_payload_of_another_shape_are_refused() -> None:
    with pytest.raises(Invalid, match="knows no event of the type"):
        read_event("drill.nothing", {})
    with pytest.raises(Invalid, match="does not read back"):
        read_event("drill.unit_sent", {"unit_id": "here"})


@pytest.mark.parametrize("name", ["unit", "Unit.assigned", "unit.", "unit assigned.x", "a." + "x" * 100])
def test_a_bad_type_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="is no type of an event"):

        @event(name, subject="unit_id")
        class Bad(Event):
            unit_id: UUID


def test_a_taken_type_a_missing_subject_and_personal_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="is taken by factories"):

        @event("drill.unit_sent", subject="unit_id")
        class Second(Event):
            unit_id: UUID

    with pytest.raises(TypeError, match="no field unit_id"):

        @event("drill.other", subject="unit_id")
        class Other(Event):
            incident_id: UUID

    with pytest.raises(TypeError, match="may not hold name, phone"):

        @event("drill.caller", subject="name")
        class Caller(Event):
            name: str
            phone: str

    assert "drill.other" not in known_types()


def test_a_late_entry_needs_a_zone_and_a_source() -> None:
    with pytest.raises(Invalid, match="no time zone"):
        Late(unit_sent(), datetime(2026, 11, 22, 4, 0), "paper")  # noqa: DTZ001 - the zone is what is missing
    with pytest.raises(Invalid, match="no code of a source"):
        Late(unit_sent(), START, "said so on the phone")


def test_actors_are_told_by_kind_and_id_and_never_by_name() -> None:
    assert str(Actor(ActorKind.DEVICE, "tablet-7")) == "device:tablet-7"
    assert str(system("deadlines")) == "system:deadlines"
    for bad in ("", "Ali Tursun", "x\n", "阿里", "a" * 101):
        with pytest.raises(Invalid, match="no id"):
            Actor(ActorKind.PERSON, bad)


def test_what_follows_names_the_context_that_led_to_it() -> None:
    clock = ManualClock(START)
    begun = context(clock)
    after = begun.follow(clock, system("reactions"))
    assert begun.parent_id is None
    assert (after.parent_id, str(after.actor)) == (begun.id, "system:reactions")
    assert begun.follow(clock).actor == begun.actor
