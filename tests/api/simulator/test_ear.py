"""What simulated people make of the live feed's messages, and the clock of a day that goes faster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from factories.simulation import START

from api.simulator.ear import Ear
from api.simulator.timeline import Timeline
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.clock import ManualClock
from dispatch.simulation.rules_news import (
    CallSettled,
    CallTaken,
    IncidentOver,
    IncidentTouched,
    Ordered,
    Returned,
    RunOver,
    StatusSet,
)
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint

UNIT, INCIDENT, RUN, CALL = (UUID(int=number) for number in range(1, 5))
PLAYED, SOMEBODY = UUID(int=8), UUID(int=9)
ROW = {"id": str(INCIDENT), "number": "2026-000001", "complaint": "K03", "priority": "P2", "lat": 41.2, "lon": 80.3}


def an_ear() -> Ear:
    ear = Ear({UNIT: "示例-01"}, frozenset({PLAYED}))
    ear.calls[CALL] = "0-9-001"
    return ear


def fact(type_: str, actor: UUID | None = SOMEBODY, seq: int = 10, **payload: object) -> dict[str, Any]:
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in payload.items()}
    who = f"person:{actor}" if actor is not None else f"device:{UUID(int=5)}"
    return {"kind": "fact", "type": type_, "seq": seq, "mark": "a", "actor": who, "payload": plain}


def board(*rows: dict[str, Any], kind: str = "snapshot", seq: int = 11) -> dict[str, Any]:
    return {"kind": kind, "topic": "incidents", "seq": seq, "items": list(rows), "gone": []}


def test_an_order_is_heard_once_the_place_is_known_and_by_whom() -> None:
    ear = an_ear()
    made = {"unit_id": UNIT, "assignment_id": RUN, "incident_id": INCIDENT}
    assert ear.take(fact("assignment.made", PLAYED, **made)) == []
    assert ear.take(board({**ROW, "lat": None, "lon": None}, kind="rows")) == []
    (heard,) = ear.take(board(ROW, kind="rows"))
    point = GeoPoint(lat=41.2, lon=80.3)
    assert heard == Ordered("示例-01", RUN, INCIDENT, "2026-000001", "K03", Priority.P2, point)
    touched, again = ear.take(fact("assignment.made", **made))
    assert touched == IncidentTouched(INCIDENT)
    assert isinstance(again, Ordered)
    assert again.by_person


def test_an_order_that_is_taken_back_before_its_place_is_known_is_never_heard() -> None:
    ear = an_ear()
    made = {"unit_id": UNIT, "assignment_id": RUN, "incident_id": INCIDENT}
    ear.take(fact("assignment.made", PLAYED, **made))
    assert ear.take(fact("assignment.ended", PLAYED, **made)) == [RunOver("示例-01", RUN)]
    assert ear.take(board(ROW)) == []


@pytest.mark.parametrize(
    ("message", "news"),
    [
        (fact("call.signalled", call_id=CALL, signal="answered"), [CallTaken("0-9-001", by_person=True)]),
        (fact("call.signalled", PLAYED, call_id=CALL, signal="answered"), []),
        (fact("call.signalled", None, call_id=CALL, signal="answered"), []),
        (fact("call.outcome_set", call_id=CALL, outcome="misdial"), [CallSettled("0-9-001")]),
        (fact("call.outcome_set", PLAYED, call_id=CALL, outcome="misdial"), []),
        (
            fact("incident.call_linked", call_id=CALL, incident_id=INCIDENT, kind="first"),
            [IncidentTouched(INCIDENT), CallSettled("0-9-001", INCIDENT)],
        ),
        (fact("incident.viewed", incident_id=INCIDENT, record=False), []),
        (fact("incident.note_written", incident_id=INCIDENT), [IncidentTouched(INCIDENT)]),
        (fact("incident.note_written", PLAYED, incident_id=INCIDENT), []),
        (fact("recommendation.made", incident_id=INCIDENT), [IncidentTouched(INCIDENT)]),
        (
            fact("assignment.ended", incident_id=INCIDENT, unit_id=UNIT, assignment_id=RUN, source="dispatcher"),
            [IncidentTouched(INCIDENT), RunOver("示例-01", RUN)],
        ),
        (
            fact("assignment.ended", incident_id=INCIDENT, unit_id=UNIT, assignment_id=RUN, source="crew"),
            [RunOver("示例-01", RUN)],
        ),
        (fact("assignment.time_told", incident_id=INCIDENT, assignment_id=RUN), []),
        (fact("incident.state_changed", incident_id=INCIDENT, state="on_scene"), []),
        (fact("incident.state_changed", PLAYED, incident_id=INCIDENT, state="closed"), [IncidentOver(INCIDENT)]),
        (fact("incident.state_changed", PLAYED, incident_id=INCIDENT, state="on_scene"), []),
        (fact("incident.cancelled", PLAYED, incident_id=INCIDENT), [IncidentOver(INCIDENT)]),
        (
            fact("assignment.incident_returned", None, incident_id=INCIDENT, waits=True),
            [Returned(INCIDENT)],
        ),
        (fact("assignment.incident_returned", None, incident_id=INCIDENT, waits=False), []),
        (
            fact("unit.status_changed", unit_id=UNIT, status="out_of_service", source="voice"),
            [StatusSet("示例-01", UnitStatus.OUT_OF_SERVICE)],
        ),
        (fact("unit.status_changed", unit_id=UNIT, status="assigned", source="dispatcher"), []),
        (fact("unit.status_changed", None, unit_id=UNIT, status="en_route", source="crew"), []),
        ({"kind": "tick", "seq": 12, "mark": "b", "now": "", "fresh": True}, []),
        ({"kind": "tick", "seq": None, "mark": "", "now": "", "fresh": False}, []),
        ({"kind": "welcome", "seq": 3}, []),
        ({"kind": "pong", "t": 1}, []),
    ],
)
def test_what_a_person_does_is_heard_and_what_is_played_is_not(message: dict[str, Any], news: list[object]) -> None:
    assert an_ear().take(message) == news


def test_the_last_line_is_kept_to_resume_from() -> None:
    ear = an_ear()
    ear.take({"kind": "welcome", "seq": 40})
    assert ear.seq is None, "what the welcome says was not told"
    ear.take(board(ROW, seq=11))
    ear.take(fact("unit.status_changed", None, seq=12, unit_id=UNIT, status="en_route", source="crew"))
    ear.take({"kind": "tick", "seq": 15, "mark": "c", "now": "", "fresh": True})
    assert (ear.seq, ear.mark) == (15, "c")


def test_a_fast_day_and_the_real_clock_begin_together_and_part() -> None:
    clock = ManualClock(START)
    timeline = Timeline(clock, START, 20.0)
    assert timeline.now() == START
    clock.advance(timedelta(seconds=30))
    assert timeline.now() == START + timedelta(minutes=10)
    assert timeline.real() == START + timedelta(seconds=30)
    assert timeline.real(START + timedelta(minutes=20)) == START + timedelta(seconds=60)
    assert timeline.real_s(START + timedelta(minutes=20)) == 30.0
    assert timeline.real_s(START) == 0.0
