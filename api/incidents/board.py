"""The board of incidents: one row each, read on every change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.incidents.queries_board import BoardIncident, list_board_incidents
from dispatch.incidents.rules_texts import masked
from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import ACTIVE, CancelReason, IncidentState, Priority
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.db import Session


class IncidentRow(msgspec.Struct, frozen=True):
    """An incident on the board."""

    id: UUID
    number: Annotated[str, Meta(description="The spoken number.", examples=["2026-000123"])]
    state: IncidentState
    priority: Priority
    initial_priority: Priority
    provisional: Annotated[bool, Meta(description="Only unknown answers make it that urgent: `P1?`, ask again.")]
    complaint: Annotated[str, Meta(description="Complaint card; empty: not known yet.", examples=["K03"])]
    capabilities: Annotated[str, Meta(description="Letters of what is needed.", examples=["BA"])]
    people: Annotated[int | None, Meta(description="How many are concerned, as told; null: nobody said.", examples=[3])]
    t0: Annotated[datetime, Meta(description="T0, the earliest ringing of its calls.")]
    t0_source: Source
    taken_at: Annotated[datetime | None, Meta(description="T2: place, complaint and priority are fixed.")]
    dispatched_at: Annotated[datetime | None, Meta(description="The first order to a unit.")]
    on_scene_at: Annotated[datetime | None, Meta(description="The first arrival.")]
    returned_at: Annotated[datetime | None, Meta(description="It lost its last unit, and waits again since.")]
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: CancelReason | None
    lat: Annotated[float | None, Meta(description="Degrees north, WGS-84.", examples=[40.5475])]
    lon: Annotated[float | None, Meta(description="Degrees east, WGS-84.", examples=[81.2807])]
    direction: Annotated[str, Meta(description="Carriageway of a divided road.", examples=["往库车"])]
    words: Annotated[str, Meta(description="The place in words; once it is over, to the street.")]
    calls: int
    asked_again: Annotated[int, Meta(description="How often somebody asked where the vehicle is (催车).")]
    asked_again_at: Annotated[datetime | None, Meta(description="The last time that somebody did.")]
    patients: Annotated[int, Meta(description="Without records that are merged into another.")]
    patients_open: Annotated[int, Meta(description="Those without an outcome.")]
    last_note_at: Annotated[datetime | None, Meta(description="When the newest note was entered.")]
    active: Annotated[bool, Meta(description="On the board: neither closed nor cancelled.")]
    version: Annotated[int, Meta(description="To be sent with a change of the incident.")]
    place_version: int


INCIDENT_ROW_EXAMPLE = {
    "id": "0198c0de-0000-7000-8000-000000000201",
    "number": "2026-000123",
    "state": "open",
    "priority": "P1",
    "initial_priority": "P2",
    "provisional": False,
    "complaint": "K03",
    "capabilities": "BA",
    "people": 3,
    "t0": "2026-11-22T04:00:00Z",
    "t0_source": "exchange",
    "taken_at": "2026-11-22T04:00:41Z",
    "dispatched_at": None,
    "on_scene_at": None,
    "returned_at": None,
    "closed_at": None,
    "cancelled_at": None,
    "cancel_reason": None,
    "lat": 40.5475,
    "lon": 81.2807,
    "direction": "",
    "words": "示例路12号2单元301",
    "calls": 2,
    "asked_again": 1,
    "asked_again_at": "2026-11-22T04:06:00Z",
    "patients": 1,
    "patients_open": 1,
    "last_note_at": "2026-11-22T04:01:10Z",
    "active": True,
    "version": 2,
    "place_version": 1,
}


async def rows(session: Session, region: str, now: datetime, ids: Collection[UUID] | None = None) -> list[IncidentRow]:
    """All active incidents in the order of T0, or those with these ids whatever their state (`active` tells).

    For those who may read every incident of the region.
    """
    del now  # of all boards' signature: nothing here depends on it
    return [incident_row(one) for one in await list_board_incidents(session, region, ids)]


def incident_row(one: BoardIncident) -> IncidentRow:
    """Tell an incident."""
    incident = one.incident
    active = incident.state in ACTIVE
    words = (one.words or "") if active else masked(PersonalKind.ADDRESS, one.words)
    return IncidentRow(
        id=incident.id,
        number=incident.number,
        state=IncidentState(incident.state),
        priority=Priority(incident.priority),
        initial_priority=Priority(incident.initial_priority),
        provisional=incident.provisional,
        complaint=incident.complaint,
        capabilities=incident.capabilities,
        people=incident.people,
        t0=incident.t0,
        t0_source=Source(incident.t0_source),
        taken_at=incident.taken_at,
        dispatched_at=incident.dispatched_at,
        on_scene_at=incident.on_scene_at,
        returned_at=incident.returned_at,
        closed_at=incident.closed_at,
        cancelled_at=incident.cancelled_at,
        cancel_reason=CancelReason(incident.cancel_reason) if incident.cancel_reason else None,
        lat=incident.lat,
        lon=incident.lon,
        direction=incident.direction,
        words=words,
        calls=one.calls,
        asked_again=one.asked_again,
        asked_again_at=one.asked_again_at,
        patients=one.patients,
        patients_open=one.patients_open,
        last_note_at=one.last_note_at,
        active=active,
        version=incident.version,
        place_version=incident.place_version,
    )
