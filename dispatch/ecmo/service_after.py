"""What became of a patient, entered by name and corrected by a further entry. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.ecmo.events_after import OutcomeEntered
from dispatch.ecmo.queries_after import list_outcomes
from dispatch.ecmo.queries_missions import concerned_by, get_mission
from dispatch.ecmo.states_after import OUTCOMES_AT, EcmoOutcomeKind, OutcomeAt
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_after import EcmoOutcome
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, Invalid

KNOWN_IN: Final = frozenset({MissionState.ARRIVED, MissionState.HANDED_OVER, MissionState.DIED})
"""Where a mission stands once the patient has been brought, or will not be."""


async def enter_outcome(
    act: Act, mission_id: UUID, moment: OutcomeAt, outcome: EcmoOutcomeKind, at: datetime | None = None
) -> EcmoOutcome:
    """Put down what became of the patient; an earlier entry of the moment stays and counts no more.

    at: when it was so; None: now. Raises NotFound (`ecmo_mission.not_found`), Conflict (`ecmo_outcome.early`: the
    patient has not been brought), Invalid (`ecmo_outcome.kind`: none of that moment, `ecmo_outcome.time`: to come, or
    before the mission began).
    """
    if outcome not in OUTCOMES_AT[moment]:
        raise Invalid("ecmo_outcome.kind", "That is no outcome of this moment.")
    async with act.together():
        mission = await get_mission(act.session, act.region, mission_id, lock=True)
        if MissionState(mission.state) not in KNOWN_IN:
            raise Conflict("ecmo_outcome.early", "The patient has not been brought yet.", "Enter it after the journey.")
        now = act.clock.now()
        when = now if at is None else at
        if not mission.began_at <= when <= now:
            raise Invalid("ecmo_outcome.time", "It was so after the mission began, and not in the time to come.")
        before = await list_outcomes(act.session, [mission_id])
        row = EcmoOutcome(
            id=act.new_id(), mission_id=mission_id, moment=moment, outcome=outcome, at=when, entered_at=now,
            actor=act.actor,
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            OutcomeEntered(
                mission_id=mission_id, request_id=mission.request_id, region=act.region,
                concerned=await concerned_by(act.session, mission), moment=moment, outcome=outcome, at=when,
                corrects=any(one.moment == moment for one in before),
            )
        )  # fmt: skip
        return row
