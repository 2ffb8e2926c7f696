"""What an incident was known as at a past moment: whether anybody knew that it was as urgent as that."""

from __future__ import annotations

from factories.fleet import START

from dispatch.incidents.rules_replay import Line, course_of


def provisional(*told: Line) -> tuple[str, bool]:
    opened = {
        "number": "2026-000001", "t0": START.isoformat(), "t0_source": "manual", "priority": "P3", "complaint": "",
        "capabilities": "",
    }  # fmt: skip
    course = course_of([Line("incident.opened", START, opened), *told])
    assert course is not None
    return course.priority, course.provisional


def answered(priority: str, *, provisional: bool) -> Line:
    return Line("incident.answered", START, {"priority": priority, "provisional": provisional})


def changed(priority: str, move: str) -> Line:
    return Line("incident.priority_changed", START, {"priority": priority, "move": move})


def test_a_priority_was_in_doubt_until_it_was_known_or_somebody_said_so() -> None:
    doubt = (answered("P1", provisional=True), changed("P1", "by_card"))
    assert provisional() == ("P3", False)
    assert provisional(*doubt) == ("P1", True)
    assert provisional(*doubt, answered("P1", provisional=False)) == ("P1", False)
    assert provisional(*doubt, changed("P2", "lowered")) == ("P2", False)
    assert provisional(changed("P1", "raised"), answered("P1", provisional=True)) == ("P1", False)
    assert provisional(changed("P2", "raised"), *doubt) == ("P1", True)
