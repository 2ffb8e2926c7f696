"""The board row of an assignment: the same in `GET /api/assignments` and in the live feed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from api.fleet.board import NamesOut
from dispatch.dispatching.queries_board import BoardAssignment, list_board_assignments
from dispatch.dispatching.rules_assignment import may_undo
from dispatch.dispatching.rules_policy import PROPOSED, Figures
from dispatch.dispatching.states import AssignmentState, EndReason, OverrideReason
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.db import Session
from dispatch.units.states_duty import UnitStatus


class DestinationOut(msgspec.Struct, frozen=True):
    """The hospital that a unit goes to."""

    id: UUID
    names: NamesOut


class AssignmentRow(msgspec.Struct, frozen=True):
    """A unit has an incident, or had it."""

    id: UUID
    unit_id: UUID
    call_sign: Annotated[str, Meta(examples=["阿-07"])]
    organisation: str
    incident_id: UUID
    incident_number: Annotated[str, Meta(examples=["2026-000123"])]
    priority: Annotated[Priority, Meta(description="Of the incident, as it is now.")]
    state: AssignmentState
    version: Annotated[int, Meta(description="Give it back with a change.", examples=[2])]
    assigned_at: Annotated[datetime, Meta(description="T3.")]
    acknowledged_at: Annotated[datetime, Meta(description="T4; null while the crew has not said so.")] | None
    status: Annotated[UnitStatus, Meta(description="Of the unit, as it is now.")]
    planned_s: Annotated[float, Meta(description="The ETA when it was ordered, seconds.")] | None
    promised_at: Annotated[datetime, Meta(description="T3 and that ETA: the arrival promised then.")] | None
    escalated_at: Annotated[datetime, Meta(description="The crew did not answer in time: somebody calls them.")] | None
    recommendation_id: UUID | None
    recommended_rank: Annotated[int, Meta(description="1 was the first choice.")] | None
    overridden: Annotated[bool, Meta(description="Another than the first choice was sent.")]
    override_reason: Annotated[OverrideReason, Meta(description="Null while it is owed.")] | None
    clear_at: Annotated[datetime, Meta(description="When it will be free, as somebody projects it.")] | None
    destination: DestinationOut | None
    ended_at: datetime | None
    end_reason: EndReason | None
    undo_until: (
        Annotated[datetime, Meta(description="The order can be taken back until then; null when it cannot.")] | None
    )


async def rows(
    session: Session,
    region: str,
    now: datetime,
    ids: Collection[UUID] | None = None,
    *,
    figures: Figures = PROPOSED,
) -> list[AssignmentRow]:
    """Return the rows of all active assignments, or of `ids` whatever their state; the longest first."""
    return [row_of(one, now, figures) for one in await list_board_assignments(session, region, ids)]


def row_of(one: BoardAssignment, now: datetime, figures: Figures) -> AssignmentRow:
    """Return an assignment's row."""
    made = one.assignment
    undo_until = made.assigned_at + timedelta(seconds=figures.assignment.undo_s)
    undoable = made.state == AssignmentState.ACTIVE and may_undo(made.assigned_at, one.status, now, figures.assignment)
    return AssignmentRow(
        id=made.id,
        unit_id=made.unit_id,
        call_sign=one.call_sign,
        organisation=made.organisation,
        incident_id=made.incident_id,
        incident_number=one.incident_number,
        priority=one.priority,
        state=AssignmentState(made.state),
        version=made.version,
        assigned_at=made.assigned_at,
        acknowledged_at=one.acknowledged_at,
        status=one.status,
        planned_s=made.planned_s,
        promised_at=None if made.planned_s is None else made.assigned_at + timedelta(seconds=made.planned_s),
        escalated_at=made.escalated_at,
        recommendation_id=made.recommendation_id,
        recommended_rank=made.recommended_rank,
        overridden=made.overridden,
        override_reason=OverrideReason(made.override_reason) if made.override_reason else None,
        clear_at=made.clear_at,
        destination=_destination(one),
        ended_at=made.ended_at,
        end_reason=EndReason(made.end_reason) if made.end_reason else None,
        undo_until=undo_until if undoable else None,
    )


def _destination(one: BoardAssignment) -> DestinationOut | None:
    if one.assignment.destination_id is None:
        return None
    return DestinationOut(one.assignment.destination_id, NamesOut(*one.destination))
