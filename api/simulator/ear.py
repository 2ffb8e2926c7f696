"""From the live feed to what simulated people hear. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from dispatch.incidents.states_incidents import IncidentState, LinkKind, Priority
from dispatch.simulation.rules_news import (
    CallSettled,
    CallTaken,
    IncidentOver,
    IncidentTouched,
    News,
    Ordered,
    Returned,
    RunOver,
    StatusSet,
)
from dispatch.units.states_duty import Source, UnitStatus
from geo.points import GeoPoint

_SAID_BY_PERSON: Final = frozenset((Source.VOICE, Source.DISPATCHER))
_TAKES: Final = frozenset(("assignment.made", "recommendation.made"))
_FOLLOWS: Final = frozenset(("incident.viewed", "incident.state_changed", "incident.t0_corrected"))
"""What is told of an incident without anybody having taken it in hand: a look, a crew's arrival, a call's true time."""
_PERSON: Final = "person:"
Fact = Mapping[str, Any]


class Ear:
    """Keeps what names mean (calls, units, incidents), and turns facts and rows into news.

    played: the ids of people who are played; what other people do is a person's.
    """

    def __init__(self, units: Mapping[UUID, str], played: frozenset[UUID]) -> None:
        self.calls: dict[UUID, str] = {}
        self._units, self._played = units, played
        self._incidents: dict[UUID, Mapping[str, Any]] = {}
        self._waiting: list[tuple[Fact, bool]] = []
        self.seq: int | None = None
        self.mark = ""

    def take(self, message: Mapping[str, Any]) -> list[News]:
        """Hear one message of the feed."""
        kind = message.get("kind")
        if kind == "fact":
            self._note(message)
            heard = _HEARD.get(str(message["type"]))
            by_person = self._by_person(str(message["actor"]))
            news = heard(self, message, by_person) if heard is not None else []
            return [*self._touched(message, by_person=by_person), *news]
        if kind in ("snapshot", "rows"):
            self._note(message)
            if message["topic"] == "incidents":
                return self._rows(message)
        if kind == "tick" and message["seq"] is not None:
            self._note(message)
        return []

    def _note(self, message: Mapping[str, Any]) -> None:
        self.seq = max(self.seq or 0, int(message["seq"]))
        self.mark = message.get("mark") or self.mark

    def _by_person(self, actor: str) -> bool:
        return actor.startswith(_PERSON) and UUID(actor.removeprefix(_PERSON)) not in self._played

    def _rows(self, message: Mapping[str, Any]) -> list[News]:
        if message["kind"] == "snapshot":
            self._incidents.clear()
        for row in message["items"]:
            self._incidents[UUID(row["id"])] = row
        for gone in message.get("gone", ()):
            self._incidents.pop(UUID(gone), None)
        waiting, self._waiting = self._waiting, []
        return [one for fact, by_person in waiting for one in self.ordered(fact, by_person)]

    def _touched(self, fact: Fact, *, by_person: bool) -> list[News]:
        kind, payload = str(fact["type"]), fact["payload"]
        if not by_person or "incident_id" not in payload:
            return []
        theirs = kind in _TAKES or (kind.startswith("incident.") and kind not in _FOLLOWS)
        called_off = kind == "assignment.ended" and payload["source"] == Source.DISPATCHER
        return [IncidentTouched(UUID(payload["incident_id"]))] if theirs or called_off else []

    def ordered(self, fact: Fact, by_person: bool) -> list[News]:
        """A unit has a run; told once the incident's place is known."""
        payload = fact["payload"]
        incident_id = UUID(payload["incident_id"])
        row, call_sign = self._incidents.get(incident_id), self._units.get(UUID(payload["unit_id"]))
        if call_sign is None:
            return []
        if row is None or row["lat"] is None:
            self._waiting.append((fact, by_person))
            return []
        return [
            Ordered(
                call_sign, UUID(payload["assignment_id"]), incident_id, row["number"], row["complaint"],
                Priority(row["priority"]), GeoPoint(lat=row["lat"], lon=row["lon"]), by_person,
            )
        ]  # fmt: skip

    def ended(self, fact: Fact, _by_person: bool) -> list[News]:
        """A run is over."""
        payload = fact["payload"]
        over = UUID(payload["assignment_id"])
        self._waiting = [one for one in self._waiting if one[0]["payload"]["assignment_id"] != str(over)]
        call_sign = self._units.get(UUID(payload["unit_id"]))
        return [RunOver(call_sign, over)] if call_sign is not None else []

    def returned(self, fact: Fact, _by_person: bool) -> list[News]:
        """An incident is without a unit again."""
        payload = fact["payload"]
        return [Returned(UUID(payload["incident_id"]))] if payload["waits"] else []

    def signalled(self, fact: Fact, by_person: bool) -> list[News]:
        """A person answered a call."""
        payload = fact["payload"]
        key = self.calls.get(UUID(payload["call_id"]))
        taken = by_person and payload["signal"] == "answered" and key is not None
        return [CallTaken(str(key), by_person=True)] if taken else []

    def linked(self, fact: Fact, by_person: bool) -> list[News]:
        """A person said to which incident a call belongs."""
        payload = fact["payload"]
        key = self.calls.get(UUID(payload["call_id"]))
        if not by_person or key is None:
            return []
        first = payload["kind"] == LinkKind.FIRST
        return [CallSettled(key, UUID(payload["incident_id"]) if first else None)]

    def settled(self, fact: Fact, by_person: bool) -> list[News]:
        """A person said what came of a call."""
        key = self.calls.get(UUID(fact["payload"]["call_id"]))
        return [CallSettled(key)] if by_person and key is not None else []

    def moved(self, fact: Fact, _by_person: bool) -> list[News]:
        """An incident is closed."""
        payload = fact["payload"]
        closed = payload["state"] in (IncidentState.CLOSED, IncidentState.CANCELLED)
        return [IncidentOver(UUID(payload["incident_id"]))] if closed else []

    def cancelled(self, fact: Fact, _by_person: bool) -> list[News]:
        """An incident is cancelled."""
        return [IncidentOver(UUID(fact["payload"]["incident_id"]))]

    def status(self, fact: Fact, by_person: bool) -> list[News]:
        """A person said what a unit does."""
        payload = fact["payload"]
        call_sign = self._units.get(UUID(payload["unit_id"]))
        status = UnitStatus(payload["status"])
        told = by_person and payload["source"] in _SAID_BY_PERSON and status is not UnitStatus.ASSIGNED
        return [StatusSet(call_sign, status)] if told and call_sign is not None else []


_HEARD: Final[Mapping[str, Callable[[Ear, Fact, bool], list[News]]]] = {
    "assignment.made": Ear.ordered,
    "assignment.ended": Ear.ended,
    "assignment.incident_returned": Ear.returned,
    "call.signalled": Ear.signalled,
    "call.outcome_set": Ear.settled,
    "incident.call_linked": Ear.linked,
    "incident.state_changed": Ear.moved,
    "incident.cancelled": Ear.cancelled,
    "unit.status_changed": Ear.status,
}
