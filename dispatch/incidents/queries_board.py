"""What the boards of calls and incidents show: one statement each, read on every change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select, true, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import LateralFromClause

from dispatch.incidents.queries_calls import UNDER_WAY, WAITING
from dispatch.incidents.queries_incidents import ACTIVE_STATES
from dispatch.incidents.states_incidents import LinkKind
from dispatch.incidents.states_patients import PatientState, PersonalKind
from dispatch.incidents.tables_calls import Call, CallBack, IncidentCall
from dispatch.incidents.tables_incidents import Incident, Note
from dispatch.incidents.tables_patients import Patient
from dispatch.incidents.tables_personal import PersonalValue

MOST_ON_BOARD: Final = 2_000
"""The newest; nobody reads more."""
_FRESH: Final = {"populate_existing": True}
Wanted = TypeVar("Wanted", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class BoardCall:
    """A call with its number as it is known now, its incident's spoken number, and whether to call back."""

    call: Call
    phone: str | None
    number: str | None
    call_back_id: UUID | None
    due_at: datetime | None
    attempts: int | None


@dataclass(frozen=True, slots=True)
class BoardIncident:
    """An incident with its newest words of a place and what its calls, patients and notes add up to."""

    incident: Incident
    words: str | None
    calls: int
    asked_again: int
    asked_again_at: datetime | None
    patients: int
    patients_open: int
    last_note_at: datetime | None


async def list_board_calls(
    session: AsyncSession,
    region: str,
    ids: Collection[UUID] | None = None,
    *,
    span: tuple[datetime, datetime] | None = None,
) -> list[BoardCall]:
    """Calls in the order of T0: those with these ids, those of a span of T0 (its end left out), or the board's.

    On the board are those under way, without an outcome, or to be called back.
    """
    # One set of ids, so that each half is read by its own small index.
    on_board = Call.id.in_(
        union(
            select(Call.id).where(Call.region == region, or_(Call.state.in_(UNDER_WAY), Call.outcome.is_(None))),
            select(CallBack.call_id).where(CallBack.region == region, CallBack.state == WAITING),
        )
    )
    phone = _newest(PersonalKind.PHONE, Call.id)
    wanted = (
        select(Call, phone.c.value, Incident.number, CallBack.id, CallBack.due_at, CallBack.attempts)
        .select_from(Call)
        .outerjoin(phone, true())
        .outerjoin(Incident, Incident.id == Call.incident_id)
        .outerjoin(CallBack, (CallBack.call_id == Call.id) & (CallBack.state == WAITING))
        .where(Call.region == region)
        .order_by(Call.t0.desc(), Call.id.desc())
    )
    found = await session.execute(_of(wanted, Call.id, Call.t0, on_board, ids, span), execution_options=_FRESH)
    return [BoardCall(*row) for row in found][::-1]


async def list_board_incidents(
    session: AsyncSession,
    region: str,
    ids: Collection[UUID] | None = None,
    *,
    span: tuple[datetime, datetime] | None = None,
) -> list[BoardIncident]:
    """Incidents in the order of T0: those with these ids, those of a span of T0 (its end left out), or the board's.

    On the board are those that are not over.
    """
    words = _newest(PersonalKind.ADDRESS, Incident.id)
    again = IncidentCall.kind == LinkKind.ASKED_AGAIN
    calls = (
        select(
            func.count().label("calls"),
            func.count().filter(again).label("again"),
            func.max(IncidentCall.t0).filter(again).label("again_at"),
        )
        .where(IncidentCall.incident_id == Incident.id, IncidentCall.undone_at.is_(None))
        .lateral()
    )
    patients = (
        select(
            func.count().filter(Patient.state != PatientState.MERGED).label("patients"),
            func.count().filter(Patient.state == PatientState.OPEN).label("still_open"),
        )
        .where(Patient.incident_id == Incident.id)
        .lateral()
    )
    notes = select(func.max(Note.entered_at).label("last")).where(Note.incident_id == Incident.id).lateral()
    wanted = (
        select(
            Incident,
            words.c.value,
            calls.c.calls,
            calls.c.again,
            calls.c.again_at,
            patients.c.patients,
            patients.c.still_open,
            notes.c.last,
        )
        .select_from(Incident)
        .outerjoin(words, true())
        .join(calls, true())
        .join(patients, true())
        .join(notes, true())
        .where(Incident.region == region)
        .order_by(Incident.t0.desc(), Incident.id.desc())
    )
    on_board = Incident.state.in_(ACTIVE_STATES)
    found = await session.execute(_of(wanted, Incident.id, Incident.t0, on_board, ids, span), execution_options=_FRESH)
    return [BoardIncident(*row) for row in found][::-1]


def _newest(kind: PersonalKind, owner_id: SQLColumnExpression[UUID]) -> LateralFromClause:
    """The newest version of a value of each row; its `value` is null where it was erased."""
    return (
        select(PersonalValue.value)
        .where(PersonalValue.owner_id == owner_id, PersonalValue.kind == kind)
        .order_by(PersonalValue.version.desc())
        .limit(1)
        .lateral()
    )


def _of(
    wanted: Wanted,
    key: SQLColumnExpression[UUID],
    t0: SQLColumnExpression[datetime],
    on_board: ColumnElement[bool],
    ids: Collection[UUID] | None,
    span: tuple[datetime, datetime] | None,
) -> Wanted:
    if ids is not None:
        return wanted.where(key.in_(list(ids)))
    if span is not None:
        return wanted.where(t0 >= span[0], t0 < span[1]).limit(MOST_ON_BOARD)
    return wanted.where(on_board).limit(MOST_ON_BOARD)
