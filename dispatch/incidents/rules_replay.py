"""What an incident was known as at a past moment, by its lines of the journal until then. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import IncidentState, Priority, PriorityMove

TYPES: Final = frozenset(
    {
        "incident.opened",
        "incident.answered",
        "incident.described",
        "incident.people_told",
        "incident.taken",
        "incident.priority_changed",
        "incident.state_changed",
        "incident.cancelled",
        "incident.call_linked",
        "incident.call_unlinked",
        "incident.t0_corrected",
    }
)
"""The lines that tell something that stands on the board."""
_DESCRIBED: Final = ("complaint", "capabilities", "people")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal about an incident. `at`: true time."""

    type: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """How far an incident had come. The fields are those of the incident itself.

    unsure: what only unknown answers made it, where they did. by_hand: the priority that a person said last.
    """

    number: str
    state: IncidentState
    t0: datetime
    t0_source: Source
    priority: Priority
    initial_priority: Priority
    complaint: str
    capabilities: str
    people: int | None = None
    taken_at: datetime | None = None
    dispatched_at: datetime | None = None
    on_scene_at: datetime | None = None
    returned_at: datetime | None = None
    unsure: Priority | None = None
    by_hand: Priority | None = None

    @property
    def provisional(self) -> bool:
        """Only unknown answers made it that urgent."""
        return self.unsure is self.priority and (self.by_hand is None or self.priority.rank < self.by_hand.rank)


def course_of(lines: Iterable[Line]) -> Course | None:
    """What the lines, in the order of the journal, add up to; None: they do not begin with its opening."""
    course: Course | None = None
    for line in lines:
        if line.type == "incident.opened":
            course = _opened(line.payload)
        elif course is not None:
            course = _after(course, line)
    return course


def _opened(told: Mapping[str, Any]) -> Course:
    priority = Priority(told["priority"])
    return Course(
        number=told["number"],
        state=IncidentState.OPEN,
        t0=datetime.fromisoformat(told["t0"]),
        t0_source=Source(told["t0_source"]),
        priority=priority,
        initial_priority=priority,
        complaint=told["complaint"],
        capabilities=told["capabilities"],
    )


def _after(course: Course, line: Line) -> Course:
    told = line.payload
    match line.type:
        case "incident.described" | "incident.people_told":
            return replace(course, **{name: told[name] for name in _DESCRIBED if name in told})
        case "incident.taken":
            return replace(course, taken_at=datetime.fromisoformat(told["taken_at"]))
        case "incident.answered" | "incident.priority_changed":
            return _urged(course, line)
        case "incident.cancelled":
            return replace(course, state=IncidentState.CANCELLED)
        case "incident.state_changed":
            return _moved(course, IncidentState(told["state"]), line.at)
        case _:
            return replace(course, t0=datetime.fromisoformat(told["t0"]), t0_source=Source(told["t0_source"]))


def _urged(course: Course, line: Line) -> Course:
    priority = Priority(line.payload["priority"])
    if line.type == "incident.answered":
        return replace(course, unsure=priority if line.payload["provisional"] else None)
    by_hand = course.by_hand if line.payload["move"] == PriorityMove.BY_CARD else priority
    return replace(course, priority=priority, by_hand=by_hand)


def _moved(course: Course, state: IncidentState, at: datetime) -> Course:
    course = replace(course, state=state)
    match state:
        case IncidentState.DISPATCHED:
            return replace(course, dispatched_at=min(course.dispatched_at or at, at))
        case IncidentState.ON_SCENE:
            return replace(course, on_scene_at=min(course.on_scene_at or at, at))
        case IncidentState.OPEN:
            return replace(course, returned_at=at)
        case _:
            return course
