"""What the journal's lines are about: under which topic each is told, and which rows of the boards it changes. Data.

A line names what it touches by the names of its payload's fields; the boards then read those rows as they are now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from dispatch.incidents.tables_personal import Owner


class Topic(StrEnum):
    """What one can subscribe to: a board, and the facts that are told beside it."""

    CALLS = "calls"
    INCIDENTS = "incidents"
    UNITS = "units"
    ASSIGNMENTS = "assignments"
    ECMO = "ecmo"


PERMISSIONS: Final[Mapping[Topic, str]] = {
    Topic.CALLS: "calls.read",
    Topic.INCIDENTS: "incidents.read",
    Topic.UNITS: "fleet.read",
    Topic.ASSIGNMENTS: "assignments.read",
    Topic.ECMO: "ecmo.read",
}
TOLD: Final[Mapping[str, Topic]] = {
    "call": Topic.CALLS,
    "call_back": Topic.CALLS,
    "incident": Topic.INCIDENTS,
    "patient": Topic.INCIDENTS,
    "detection": Topic.INCIDENTS,
    "message": Topic.INCIDENTS,
    "order": Topic.INCIDENTS,
    "outcome": Topic.INCIDENTS,
    "destination": Topic.INCIDENTS,
    "prealert": Topic.INCIDENTS,
    "team": Topic.INCIDENTS,
    "reception": Topic.INCIDENTS,
    "registration": Topic.INCIDENTS,
    "preparation": Topic.INCIDENTS,
    "recommendation": Topic.INCIDENTS,
    "queue": Topic.INCIDENTS,
    "unit": Topic.UNITS,
    "crew": Topic.UNITS,
    "run": Topic.UNITS,
    "assignment": Topic.ASSIGNMENTS,
    "ecmo": Topic.ECMO,
    # A closed road is news for whoever follows vehicles: their ways and times change with it.
    "closure": Topic.UNITS,
}
"""By the first word of an event's type."""
NOT_TOLD: Final = frozenset(
    {
        "organisation",
        "person",
        "session",
        "device",
        "region",
        "personal",
        "policy",
        "handover",
        "hospital",
        "duty",
        "erasure",
        "records",
        "report",
        "gateway",
    }
)
"""Accounts, duties, regions, policies, sheets, hospitals, gateways: no board shows them.

Personal values change rows only.
"""
_FOR_ALL: Final = frozenset(
    {
        *("closure", "ecmo.airport_held", "ecmo.duty_entered", "ecmo.duty_withdrawn", "ecmo.flight_answered"),
        *("ecmo.kit_changed", "ecmo.kit_retired", "ecmo.weather_reported"),
    }
)
CONCERNED: Final = "concerned"
"""Lines with this field name the organisations that see them; their field `region` says where."""
LOOKS: Final = (".viewed", ".exported")
"""That somebody looked, or took a copy, changes nothing, and is for those who read the journal."""
OF_PATIENTS: Final = frozenset(
    {
        *("patient", "destination", "prealert", "team", "reception", "preparation", "detection", "message", "order"),
        *("outcome", "registration"),
    }
)
"""These take `patients.read` besides."""
FLEET_ANEW: Final = frozenset({"region.units_imported", "region.stations_imported"})
"""After these any unit may be another one: the whole board is read anew."""
SIGNING: Final = frozenset({"crew.signed_on", "crew.signed_off", "crew.duty_corrected"})
"""After these another unit may be a person's own."""
ENDS: Final[Mapping[str, str]] = {
    "person.role_granted": "person_id",
    "person.role_withdrawn": "person_id",
    "person.locked": "person_id",
    "person.revoked": "person_id",
    "session.ended": "session_id",
    "device.revoked": "device_id",
}
"""After these somebody may see more or less than before: whose sockets are closed, by the payload's field."""
_IDS: Final[Mapping[str, Topic]] = {
    "call_id": Topic.CALLS,
    "incident_id": Topic.INCIDENTS,
    "duplicate_of": Topic.INCIDENTS,
    "unit_id": Topic.UNITS,
    "nearer_unit_id": Topic.UNITS,
    "assignment_id": Topic.ASSIGNMENTS,
    "request_id": Topic.ECMO,
}
_OWNERS: Final[Mapping[str, Topic]] = {Owner.CALL: Topic.CALLS, Owner.INCIDENT: Topic.INCIDENTS}


def is_for_all(event: str) -> bool:
    """Whether lines of a type concern whoever follows the topic, whatever else he may see; `region` says where."""
    return not _FOR_ALL.isdisjoint({event, event.partition(".")[0]})


def topic_of(event: str) -> Topic | None:
    """The topic under which lines of a type are told; None: under none."""
    return None if event.endswith(LOOKS) else TOLD.get(event.partition(".")[0])


def touched(payload: Mapping[str, Any]) -> Iterator[tuple[Topic, UUID]]:
    """What a line names: calls, incidents, units and assignments. What is no id is passed over."""
    for name, topic in _IDS.items():
        found = id_of(payload, name)
        if found is not None:
            yield topic, found
    owner = _OWNERS.get(str(payload.get("owner")))
    owned = id_of(payload, "owner_id")
    if owner is not None and owned is not None:
        yield owner, owned


def id_of(payload: Mapping[str, Any], name: str) -> UUID | None:
    """An id among the fields of a payload; None when it is not there."""
    value = payload.get(name)
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
