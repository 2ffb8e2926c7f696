"""Whether a mission's patient is on a circuit now, and until when he needs it: kept for whoever watches that circuit.

Limits of a patient on a circuit and what is asked of the console's battery follow from it; oxygen that will not reach
alarms. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.ecmo.queries_missions import get_mission, list_steps
from dispatch.ecmo.service_circuit import patient_of
from dispatch.ecmo.service_gas import expected_of, gas_of
from dispatch.ecmo.service_oxygen import keep_oxygen
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.states_plans import PlanMark
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.incidents.service import Act
from dispatch.telemetry.detection.queries_circuits import find_circuit
from dispatch.telemetry.detection.service_circuits import keep_running

MOVES: Final = timedelta(minutes=1)
"""By less the end is not kept anew: what is asked of a battery is no matter of seconds."""
_CARRIED: Final = frozenset({MissionState.ON_CIRCUIT, MissionState.RETURNING, MissionState.ARRIVED})


async def list_running(session: AsyncSession, region: str) -> Sequence[UUID]:
    """The missions whose patient may be on a circuit now."""
    wanted = select(EcmoMission.id).where(
        EcmoMission.region == region, EcmoMission.state.in_([str(one) for one in _CARRIED | {MissionState.AT_PATIENT}])
    )
    return (await session.scalars(wanted.order_by(EcmoMission.id))).all()


async def keep_up(act: Act, mission_id: UUID) -> None:
    """Keep of a mission what time has changed. Raises NotFound (`ecmo_mission.not_found`)."""
    async with act.together():
        await keep_carried(act, await get_mission(act.session, act.region, mission_id, lock=True))


async def keep_carried(act: Act, mission: EcmoMission) -> None:
    """Keep how circuit and oxygen of a mission stand now."""
    await keep_circuit(act, mission)
    now = act.clock.now()
    expected = await expected_of(act.session, mission, now)
    await keep_oxygen(act, mission, await gas_of(act.session, mission, now, expected))


async def keep_circuit(act: Act, mission: EcmoMission) -> None:
    """Keep whether its patient is on a circuit, and until when he needs it. Who was brought uncannulated is on none."""
    patient_id = await patient_of(act.session, mission)
    if patient_id is None:
        return
    now = act.clock.now()
    runs = await _runs(act.session, mission)
    until = await _bed(act.session, mission, now) if runs else None
    known = await find_circuit(act.session, patient_id)
    if known is not None and known.on_circuit is runs and _as_known(known.needed_until, until):
        return
    await keep_running(act, patient_id, mission.mode, on_circuit=runs, needed_until=until)


async def _runs(session: AsyncSession, mission: EcmoMission) -> bool:
    state = MissionState(mission.state)
    if state in MISSION_OVER:
        return False
    if not mission.is_primary:
        # He was on one before the team came.
        return state in _CARRIED or state is MissionState.AT_PATIENT
    return state in _CARRIED and any(
        one.state == MissionState.ON_CIRCUIT for one in await list_steps(session, mission.id)
    )


async def _bed(session: AsyncSession, mission: EcmoMission, now: datetime) -> datetime | None:
    expected = await expected_of(session, mission, now)
    return next((one.slow for one in expected if one.mark is PlanMark.BED), None)


def _as_known(known: datetime | None, until: datetime | None) -> bool:
    if known is None or until is None:
        return known is until
    return abs(known - until) < MOVES
