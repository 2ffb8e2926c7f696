"""Transfers that left through an open gate, or whose vehicle moves through one: what every desk is warned of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.tables import Assignment
from dispatch.ecmo.queries_missions import list_checks
from dispatch.ecmo.rules_kit import gate_ahead, items_of
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_kit import CheckList, Passage
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.states_plans import PlanKind, PlanMark
from dispatch.ecmo.tables_journey import EcmoPassage
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.incidents.tables_incidents import Incident
from dispatch.units.states_duty import UnitStatus
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitStatusRow

_RUNNING = [str(one) for one in MissionState if one not in MISSION_OVER]


@dataclass(frozen=True, slots=True)
class OpenGate:
    """A gate with items open. id: of its passage, or of the mission whose vehicle moves though nobody put it down.

    how: None for the latter; since: when it was passed, or when the vehicle began to move; actor: who passed it.
    """

    id: UUID
    mission: EcmoMission
    number: str | None
    incident_number: str
    call_sign: str
    checklist: CheckList
    how: Passage | None
    open_items: tuple[str, ...]
    since: datetime
    actor: str | None


async def list_open_gates(session: AsyncSession, region: str, now: datetime) -> list[OpenGate]:
    """Gates of missions under way that were passed with items open and unexplained, or that are being passed so."""
    running = (
        select(EcmoMission, EcmoRequest.number, Incident.number, Unit.call_sign)
        .join(EcmoRequest, EcmoRequest.id == EcmoMission.request_id)
        .outerjoin(Incident, Incident.id == EcmoMission.incident_id)
        .outerjoin(Unit, Unit.id == EcmoMission.unit_id)
        .where(EcmoMission.region == region, EcmoMission.state.in_(_RUNNING))
    )
    passed = await session.execute(
        running.add_columns(EcmoPassage)
        .join(EcmoPassage, EcmoPassage.mission_id == EcmoMission.id)
        .where(EcmoPassage.how != Passage.CLOSED, EcmoPassage.reason.is_(None))
        .order_by(EcmoPassage.at, EcmoPassage.id)
    )
    found = [
        OpenGate(
            one.id, mission, number, incident or "", call_sign or "", CheckList(one.checklist), Passage(one.how),
            tuple(one.open_items), one.at, one.actor,
        )
        for mission, number, incident, call_sign, one in passed
    ]  # fmt: skip
    moving = await session.execute(
        running.add_columns(UnitStatusRow.status, UnitStatusRow.since)
        .join(UnitStatusRow, UnitStatusRow.unit_id == EcmoMission.unit_id)
        .join(
            Assignment,
            (Assignment.id == UnitStatusRow.run_id) & (Assignment.incident_id == EcmoMission.incident_id),
        )
        .order_by(EcmoMission.id)
    )
    for mission, number, incident, call_sign, status, since in moving:
        gate = gate_ahead(
            MissionState(mission.state), UnitStatus(status), brought=mission.plan_kind == PlanKind.BRING,
            due=_due(mission, now),
        )  # fmt: skip
        if gate is None:
            continue
        ticked = {one.item for one in await list_checks(session, mission.id) if one.checklist == gate}
        if opened := tuple(one for one in items_of(gate, Mode(mission.mode)) if one not in ticked):
            found.append(
                OpenGate(mission.id, mission, number, incident or "", call_sign or "", gate, None, opened, since, None)
            )
    return found


def _due(mission: EcmoMission, now: datetime) -> bool:
    """Whether the team should have left by its plan."""
    marks = mission.plan_marks or {}
    if mission.planned_at is None or PlanMark.WHEELS not in marks:
        return False
    return now >= mission.planned_at + timedelta(seconds=marks[PlanMark.WHEELS][0])
